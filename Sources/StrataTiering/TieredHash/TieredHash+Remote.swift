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
        let plan = reads.join(key, names) { local.generation(of: key) }
        // Nearly always nobody else wants it.
        if plan.joined.isEmpty, let flight = plan.led {
            return try await read(key, flight, doubtful: doubtful, until: deadline)
        }
        var answers = RemoteAnswers(fields: [:], names: [], exists: false)
        if let flight = plan.led { answers.add(try await read(key, flight, doubtful: doubtful, until: deadline)) }
        var retries: [[UInt8]]? = []
        for flight in plan.joined {
            counters.add(.coalescedReads)
            switch await flight.landing.wait(until: deadline, clock: clock, tasks: tasks) {
            case .outcome(.success(let part)):
                answers.add(part)
            case .outcome(.failure(let error)):
                let error = error as? TieredError ?? TieredError(.unavailable, "\(error)")
                // Its leader had less time than this call has, or was cancelled.
                guard error.code == .timeout || error.code == .cancelled, clock.now() < deadline else { throw error }
                retries = names.map { (retries ?? []) + $0.filter(flight.covers) }
            case .timeout:
                throw TieredError(.timeout, "the second tier took longer than the call may")
            case .cancelled:
                throw TieredError(.cancelled, "the caller was cancelled")
            }
        }
        if let retries, retries.isEmpty { return answers }
        answers.add(try await readRemote(key, retries, doubtful: [], until: deadline))
        return answers
    }

    /// Reads what a flight is for, in the calling task: who joined and is left without an answer because that is cancelled asks anew.
    private nonisolated(nonsending) func read(
        _ key: [UInt8], _ flight: FlightTable<RemoteAnswers>.Flight, doubtful: [[UInt8]], until deadline: Instant
    ) async throws(TieredError) -> RemoteAnswers {
        let deadline = remoteDeadline(within: deadline)
        let names =
            doubtful.isEmpty ? flight.fields : flight.fields.map { $0 + doubtful.filter { !flight.covers($0) } }
        do throws(RemoteStoreError) {
            let answers = try await fetchRemote(key, names, until: deadline)
            reads.land(flight, key, .success(answers))
            return answers
        } catch {
            let error = TieredError(error)
            reads.land(flight, key, .failure(error))
            throw error
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
            hash = try await traced(spanNames.read) { () async throws(RemoteStoreError) in
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
        _ name: String, _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let span = startSpan(name, ofKind: .client)
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
