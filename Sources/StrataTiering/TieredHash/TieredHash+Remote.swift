import Tracing

extension TieredHash {
    /// Reads fields of the second tier, together with others who want some of them.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - names: The fields; `nil` for all.
    ///   - doubtful: Fields worth reading again in the same round trip.
    ///   - deadline: When to give up.
    /// - Returns: What it said, of more fields than were asked for perhaps.
    /// - Throws: Why the second tier couldn't be asked.
    nonisolated(nonsending) func readRemote(
        _ key: [UInt8], _ names: [[UInt8]]?, doubtful: [[UInt8]], until deadline: Instant
    ) async throws(TieredError) -> RemoteAnswers {
        var answers = RemoteAnswers(fields: [:], names: [], exists: false)
        var left = names
        while true {
            let plan = reads.join(key, left) { local.generation(of: key) }
            if let flight = plan.led { startRead(key, flight, doubtful: doubtful, until: deadline) }
            var retries: [[UInt8]] = []
            var retriesAll = false
            for flight in plan.joined + (plan.led.map { [$0] } ?? []) {
                let isOwn = flight === plan.led
                if !isOwn { counters.add(.coalescedReads) }
                let wait =
                    isOwn
                    ? await flight.landing.wait()
                    : await flight.landing.wait(until: deadline, clock: clock, tasks: tasks)
                switch wait {
                case .outcome(.success(let part)):
                    answers.exists = answers.exists || part.exists
                    for name in part.names where answers.fields.updateValue(part[name], forKey: name) == nil {
                        answers.names.append(name)
                    }
                case .outcome(.failure(let error)):
                    let error = error as? TieredError ?? TieredError(.unavailable, "\(error)")
                    // Its leader had less time than this call has.
                    guard !isOwn, error.code == .timeout, clock.now() < deadline else { throw error }
                    if let left { retries += left.filter(flight.covers) } else { retriesAll = true }
                case .timeout:
                    throw TieredError(.timeout, "the second tier took longer than the call may")
                case .cancelled:
                    throw TieredError(.cancelled, "the caller was cancelled")
                }
            }
            if retries.isEmpty, !retriesAll { return answers }
            left = retriesAll ? nil : retries
        }
    }

    private func startRead(
        _ key: [UInt8], _ flight: FlightTable<RemoteAnswers>.Flight, doubtful: [[UInt8]], until deadline: Instant
    ) {
        let deadline = remoteDeadline(within: deadline)
        tasks.start {
            let names = flight.fields.map { names in names + doubtful.filter { !names.contains($0) } }
            do throws(RemoteStoreError) {
                let answers = try await self.fetchRemote(key, names, until: deadline)
                self.reads.land(flight, key, .success(answers))
            } catch {
                self.reads.land(flight, key, .failure(TieredError(error)))
            }
        }
    }

    /// Reads fields of the second tier and stores them in the first.
    func fetchRemote(
        _ key: [UInt8], _ names: [[UInt8]]?, until deadline: Instant
    ) async throws(RemoteStoreError) -> RemoteAnswers {
        let shard = remote.shard(of: key)
        let origin = local.origin(of: key, on: shard)
        let remote = remote
        counters.add(.remoteReads)
        let hash: RemoteHash
        do throws(RemoteStoreError) {
            hash = try await traced("read") { () async throws(RemoteStoreError) in
                try await self.gates[shard].call(shard, until: deadline) { () throws(RemoteStoreError) in
                    try await remote.read(key, names.map { .fields($0) } ?? .all, deadline: deadline)
                }
            }
        } catch {
            counters.add(.remoteFailures)
            throw error
        }
        store(hash, key, isWhole: names == nil, origin)
        return RemoteAnswers(
            fields: Dictionary(hash.fields.map { ($0.name, $0) }) { first, _ in first }, names: hash.fields.map(\.name),
            exists: hash.exists)
    }

    private func store(_ hash: RemoteHash, _ key: [UInt8], isWhole: Bool, _ origin: LocalTier.Origin) {
        let now = clock.now()
        let pending = queue.pending(key)
        let cap = min(now.advanced(by: configuration.local.maximumLifetime), hash.deadline ?? .distantFuture)
        let missing = now.advanced(by: configuration.local.missingLifetime)
        var fills: [LocalFill] = []
        for field in hash.fields {
            // What waits to be written is younger.
            if pending?.content(of: field.name, now: now) != nil { continue }
            let deadline = field.content == .missing ? missing : min(cap, field.deadline ?? .distantFuture)
            fills.append(LocalFill(name: field.name, content: field.content, deadline: deadline))
        }
        guard isWhole else {
            local.publish(fills, key, origin)
            return
        }
        let complete = fills.map(\.deadline).min() ?? (hash.exists ? cap : missing)
        local.publish(fills, key, origin, completeUntil: pending == nil ? complete : nil)
    }

    /// Runs something inside a span, if spans are recorded.
    func traced<Value, Failure: Error>(
        _ operation: String, _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let span = startSpan("\(configuration.name) \(operation)", ofKind: .client)
        defer { span.end() }
        do throws(Failure) {
            return try await body()
        } catch {
            span.recordError(error)
            span.setStatus(SpanStatus(code: .error))
            throw error
        }
    }
}
