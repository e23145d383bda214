extension TieredHash {
    /// Loads fields from the source, together with others who want some of them.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - names: The fields.
    ///   - loader: Gets them.
    ///   - deadline: When the caller gives up; the load goes on.
    ///   - hasReserve: Whether the caller has something old to go on with.
    /// - Returns: The values, of more fields than were asked for perhaps.
    /// - Throws: What the loader throws; ``TieredError``.
    nonisolated(nonsending) func load(
        _ key: [UInt8], _ names: [[UInt8]], _ loader: @escaping FieldLoader, until deadline: Instant, hasReserve: Bool
    ) async throws -> LoadAnswers {
        var limit = deadline
        if hasReserve, let soft = configuration.softLoaderTimeout { limit = min(limit, clock.now().advanced(by: soft)) }
        let plan = loads.join(key, names) { local.generation(of: key) }
        startLoad(key, plan) { names in try await loader(key, names ?? []) }
        return try await land(plan, names, until: limit)
    }

    /// Loads a whole hash from the source, together with others who want it.
    nonisolated(nonsending) func loadWhole(
        _ key: [UInt8], _ loader: @escaping HashLoader, until deadline: Instant
    ) async throws -> LoadAnswers {
        let plan = loads.join(key, nil) { local.generation(of: key) }
        startLoad(key, plan) { _ in try await loader(key) }
        return try await land(plan, nil, until: deadline)
    }

    private nonisolated(nonsending) func land(
        _ plan: FlightTable<LoadAnswers>.Plan, _ names: [[UInt8]]?, until deadline: Instant
    ) async throws -> LoadAnswers {
        var answers = LoadAnswers(values: [:], tier: .source)
        for flight in plan.joined + (plan.led.map { [$0] } ?? []) {
            if flight !== plan.led { counters.add(.coalescedLoads) }
            switch await flight.landing.wait(until: deadline, clock: clock, tasks: tasks) {
            case .outcome(.success(let part)):
                answers.values.merge(part.values) { _, new in new }
                answers.tier = part.tier
            case .outcome(.failure(let error)): throw error
            case .timeout: throw TieredError(.timeout, "the loader took longer than the call may; it goes on")
            case .cancelled: throw TieredError(.cancelled, "the caller was cancelled; the load goes on")
            }
        }
        return answers
    }

    /// Loads fields again whose values are known, unless another process has done so.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - known: The fields, and when what is known of them ends.
    ///   - loader: Gets them.
    /// - Returns: Whether they were loaded, by this call or another.
    func reload(_ key: [UInt8], _ known: [[UInt8]: Instant], _ loader: @escaping FieldLoader) async -> Bool {
        let names = known.keys.sorted { $0.lexicographicallyPrecedes($1) }
        let plan = loads.join(key, names) { local.generation(of: key) }
        startLoad(key, plan, known) { names in try await loader(key, names ?? []) }
        for flight in plan.joined + (plan.led.map { [$0] } ?? []) {
            guard case .success = await flight.landing.outcomeDespiteCancellation() else { return false }
        }
        return true
    }

    /// Starts the load that a plan leads, if it does, once the loads before it have ended.
    ///
    /// They end within the time that leases and loaders may take, whoever waits for them.
    private func startLoad(
        _ key: [UInt8], _ plan: FlightTable<LoadAnswers>.Plan, _ known: [[UInt8]: Instant] = [:],
        _ loader: @escaping @Sendable ([[UInt8]]?) async throws -> [[UInt8]: LoadedField]
    ) {
        guard let flight = plan.led else { return }
        let predecessors = plan.predecessors
        tasks.start {
            if !predecessors.isEmpty {
                for predecessor in predecessors { _ = await predecessor.landing.outcomeDespiteCancellation() }
                self.loads.begin(flight, key) { self.local.generation(of: key) }
            }
            do {
                let answers = try await self.performLoad(key, flight.fields, newerThan: known, loader)
                self.loads.land(flight, key, .success(answers))
            } catch {
                self.counters.add(.loadFailures)
                self.loads.land(flight, key, .failure(error))
            }
        }
    }

    private func performLoad(
        _ key: [UInt8], _ names: [[UInt8]]?, newerThan known: [[UInt8]: Instant],
        _ loader: @escaping @Sendable ([[UInt8]]?) async throws -> [[UInt8]: LoadedField]
    ) async throws -> LoadAnswers {
        let lease: RemoteLease?
        switch await obtainLease(key, names, newerThan: known) {
        case .answered(let answers): return answers
        case .granted(let granted): lease = granted
        case .unleased: lease = nil
        case .timeout: throw TieredError(.timeout, "another process loads this, and has taken too long")
        }
        var isOver = false
        do {
            let deadline = clock.now().advanced(by: configuration.loaderTimeout)
            guard await loadBulkhead.enter(until: deadline, clock: clock, tasks: tasks) else {
                throw TieredError(.overloaded, "too many loads are under way")
            }
            let origin = local.origin(of: key, on: remote.shard(of: key))
            let loaded: [[UInt8]: LoadedField]
            do {
                defer { loadBulkhead.leave() }
                counters.add(.loads)
                loaded = try await runLoader(until: deadline) { try await loader(names) }
            }
            isOver = await keep(loaded, key, names, origin, lease)
            if !isOver, let lease { await release(lease) }
            return answers(loaded, names)
        } catch {
            if !isOver, let lease { await release(lease) }
            throw error
        }
    }

    /// Runs a loader in a task of its own, which is given up at the deadline.
    ///
    /// A loader that doesn't heed its cancellation goes on by itself; nobody waits for it, and what it returns is dropped.
    private func runLoader(
        until deadline: Instant, _ loader: @escaping @Sendable () async throws -> [[UInt8]: LoadedField]
    ) async throws -> [[UInt8]: LoadedField] {
        let signal = Signal<Result<[[UInt8]: LoadedField], any Error>>()
        let task = tasks.start {
            do {
                let loaded = try await self.traced(self.spanNames.load) { try await loader() }
                signal.send(.success(loaded))
            } catch {
                signal.send(.failure(error))
            }
        }
        if case .outcome(let result) = await signal.wait(until: deadline, clock: clock, tasks: tasks) {
            return try result.get()
        }
        task.cancel()
        throw TieredError(.loaderTimeout, "the loader took longer than \(configuration.loaderTimeout)")
    }

    private func answers(_ loaded: [[UInt8]: LoadedField], _ names: [[UInt8]]?) -> LoadAnswers {
        var answers = LoadAnswers(values: [:], tier: .source)
        for name in names ?? Array(loaded.keys) {
            switch loaded[name] {
            case .value(let value, _): answers.values[name] = .some(value)
            case .doNotCache(let value): answers.values[name] = .some(value)
            case .absent, nil: answers.values[name] = .some(nil)
            }
        }
        return answers
    }

    /// Writes to both tiers what was loaded.
    ///
    /// - Returns: Whether the lease has ended with that.
    private func keep(
        _ loaded: [[UInt8]: LoadedField], _ key: [UInt8], _ names: [[UInt8]]?, _ origin: LocalTier.Origin,
        _ lease: RemoteLease?
    ) async -> Bool {
        var loaded = loaded
        for name in names ?? [] where loaded[name] == nil { loaded[name] = .absent() }
        let now = clock.now()
        var fields: [RemoteField] = []
        var longest = Duration.zero
        for (name, field) in loaded.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let content: RemoteField.Content
            let lifetime: Duration
            switch field {
            case .value(let value, let given):
                content = .value(value)
                lifetime = given ?? configuration.defaultLifetime
            case .absent(let given):
                content = .absent
                lifetime = given ?? configuration.local.missingLifetime
            case .doNotCache: continue
            }
            guard lifetime > .zero else { continue }
            longest = max(longest, lifetime)
            fields.append(RemoteField(name: name, content: content, deadline: now.advanced(by: jittered(lifetime))))
        }
        let isWhole = names == nil && fields.count == loaded.count
        guard !fields.isEmpty else { return false }
        let write = HashWrite(
            setting: fields, keyLifetime: .atLeast(keyLifetime(longest)), condition: lease.map { .lease($0) } ?? .always
        )
        do throws(RemoteStoreError) {
            guard try await writeRemote(key, write) == .done else {
                counters.add(.leasesLost)
                return true
            }
            keepLocally(fields, key, origin, isWhole: isWhole, isLocalOnly: false)
            return true
        } catch {
            // The first tier helps while the second one is away.
            keepLocally(fields, key, origin, isWhole: false, isLocalOnly: true)
            return false
        }
    }

    private func keepLocally(
        _ fields: [RemoteField], _ key: [UInt8], _ origin: LocalTier.Origin, isWhole: Bool, isLocalOnly: Bool
    ) {
        let now = clock.now()
        let cap = now.advanced(
            by: isLocalOnly
                ? min(configuration.suspectBound, configuration.local.maximumLifetime)
                : configuration.local.maximumLifetime)
        let fills = fields.map { field in
            LocalFill(
                name: field.name, content: field.content, deadline: min(cap, field.deadline ?? cap),
                isLocalOnly: isLocalOnly)
        }
        local.publish(fills, key, origin, completeUntil: isWhole ? fills.map(\.deadline).min() : nil)
    }

    /// Writes to the second tier, outside of any caller's budget.
    func writeRemote(_ key: [UInt8], _ write: HashWrite) async throws(RemoteStoreError) -> WriteOutcome {
        let shard = remote.shard(of: key)
        let deadline = clock.now().advanced(by: configuration.remoteTimeout)
        let remote = remote
        return try await gates[shard].call(shard, until: deadline) { () throws(RemoteStoreError) in
            try await remote.write(key, write, deadline: deadline)
        }
    }

    /// A lifetime shortened at random, so that what was written together doesn't end together.
    func jittered(_ lifetime: Duration) -> Duration { lifetime * (1 - configuration.lifetimeJitter * jitter()) }

    /// How long a key lives whose fields live at most so long.
    func keyLifetime(_ longest: Duration) -> Duration { longest * configuration.keyLifetimeFactor }
}
