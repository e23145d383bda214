public import StrataTiering

/// A ``RemoteStore`` that does what a ``FaultPlan`` says to another one.
///
/// Faults of calls and reports are injected before any store. Those that change what is stored (``FaultPlan/Fault/flushAll``,
/// ``FaultPlan/Fault/failover``) need an ``InMemoryRemoteStore`` and ``run(on:)``.
///
/// **Concurrency:** callable from any task. With one clock and one executor the same seed does the same.
public final class FaultInjectingStore: RemoteStore {
    private let base: any RemoteStore
    private let plan: FaultPlan
    private let clock: TieringClock
    private let start: Instant
    private let random: Guarded<SeededRandom>

    /// A store in front of another one; the plan begins now.
    ///
    /// - Parameters:
    ///   - base: Does what isn't disturbed.
    ///   - plan: What goes wrong.
    ///   - seed: Decides which calls it befalls.
    ///   - clock: What the plan's time passes by.
    public init(_ base: any RemoteStore, plan: FaultPlan, seed: UInt64, clock: TieringClock) {
        self.base = base
        self.plan = plan
        self.clock = clock
        start = clock.now()
        random = Guarded(SeededRandom(seed: seed))
    }

    /// As of the store behind it.
    public var capabilities: RemoteCapabilities { base.capabilities }
    /// As of the store behind it.
    public var shards: [ShardID] { base.shards }
    /// As of the store behind it.
    public func shard(of key: [UInt8]) -> ShardID { base.shard(of: key) }

    /// Reads, if nothing prevents it.
    public func read(
        _ key: [UInt8], _ fields: FieldSelection, deadline: Instant
    ) async throws(RemoteStoreError) -> RemoteHash {
        try await disturbed(deadline, isWrite: false) { () throws(RemoteStoreError) in
            try await self.base.read(key, fields, deadline: deadline)
        }
    }

    /// Writes, if nothing prevents it.
    public func write(
        _ key: [UInt8], _ write: HashWrite, deadline: Instant
    ) async throws(RemoteStoreError) -> WriteOutcome {
        try await disturbed(deadline, isWrite: true) { () throws(RemoteStoreError) in
            try await self.base.write(key, write, deadline: deadline)
        }
    }

    /// Adds, if nothing prevents it.
    public func increment(
        _ key: [UInt8], _ field: [UInt8], by amount: Int64, keyLifetime: Duration?, deadline: Instant
    ) async throws(RemoteStoreError) -> Int64 {
        try await disturbed(deadline, isWrite: true) { () throws(RemoteStoreError) in
            try await self.base.increment(key, field, by: amount, keyLifetime: keyLifetime, deadline: deadline)
        }
    }

    /// Takes a lease, if nothing prevents it.
    public func acquireLease(
        on key: [UInt8], lifetime: Duration, deadline: Instant
    ) async throws(RemoteStoreError) -> LeaseAnswer {
        try await disturbed(deadline, isWrite: true) { () throws(RemoteStoreError) in
            try await self.base.acquireLease(on: key, lifetime: lifetime, deadline: deadline)
        }
    }

    /// Gives a lease back, if nothing prevents it.
    public func release(_ lease: RemoteLease, deadline: Instant) async throws(RemoteStoreError) {
        try await disturbed(deadline, isWrite: true) { () throws(RemoteStoreError) in
            try await self.base.release(lease, deadline: deadline)
        }
    }

    // MARK: Faults of calls

    private enum Fate {
        case normal
        case lostOnTheWay
        case lostOnTheWayBack
        case refused
    }

    private func activeFaults() -> [FaultPlan.Fault] {
        let time = start.duration(to: clock.now())
        return plan.events.filter { $0.start <= time && time < $0.end }.map(\.fault)
    }

    private func fate() -> (Fate, delay: Duration) {
        let faults = activeFaults()
        return random.withLock { random in
            var fate = Fate.normal
            var delay = Duration.zero
            for fault in faults {
                switch fault {
                case .delay(let limit): delay += random.duration(in: .zero...limit)
                case .dropRequests(let part): if random.chance(part) { fate = .lostOnTheWay }
                case .dropAnswers(let part): if random.chance(part) { fate = .lostOnTheWayBack }
                case .refuse(let part): if random.chance(part) { fate = .refused }
                case .halfOpen: fate = random.chance(0.5) ? .lostOnTheWay : .lostOnTheWayBack
                case .reorderReports, .duplicateReports, .breakReports, .flushAll, .failover: break
                }
            }
            return (fate, delay)
        }
    }

    private func disturbed<Result>(
        _ deadline: Instant, isWrite: Bool, _ call: () async throws(RemoteStoreError) -> Result
    ) async throws(RemoteStoreError) -> Result {
        let (fate, delay) = fate()
        let late: RemoteStoreError.Code = isWrite ? .unknownOutcome : .timeout
        if delay > .zero { try await sleep(until: clock.now().advanced(by: delay), deadline, late) }
        switch fate {
        case .normal: return try await call()
        case .refused: throw RemoteStoreError(.unavailable, "the plan refuses this call")
        case .lostOnTheWay: break
        case .lostOnTheWayBack: _ = try await call()
        }
        try await sleep(until: .distantFuture, deadline, late)
        throw RemoteStoreError(late, "the plan loses this call")
    }

    /// Sleeps until a moment, or fails at the deadline.
    private func sleep(
        until moment: Instant, _ deadline: Instant, _ code: RemoteStoreError.Code
    ) async throws(RemoteStoreError) {
        do { try await clock.sleep(min(moment, deadline)) } catch {
            throw RemoteStoreError(code == .timeout ? .cancelled : code, "the caller was cancelled")
        }
        if moment >= deadline { throw RemoteStoreError(code, "the deadline has passed") }
    }

    // MARK: Faults of reports

    /// Reports changes, as far as the plan lets them through.
    public func observeInvalidations(
        prefixes: [[UInt8]], _ receive: @escaping @Sendable (InvalidationEvent) -> Void
    ) async throws(RemoteStoreError) {
        let filter = ReportFilter(
            plan: plan, start: start, clock: clock, shards: shards, random: random, receive: receive)
        let base = base
        let plan = plan
        let result = await withTaskGroup(of: RemoteStoreError?.self) { group in
            group.addTask { () async -> RemoteStoreError? in
                do throws(RemoteStoreError) {
                    try await base.observeInvalidations(prefixes: prefixes) { filter.take($0) }
                    return nil
                } catch {
                    return error
                }
            }
            group.addTask { () async -> RemoteStoreError? in
                await filter.breakAndMend()
                // Whatever happens then is for the other task to say.
                try? await self.clock.sleep(.distantFuture)
                return nil
            }
            if plan.events.contains(where: { if case .reorderReports = $0.fault { true } else { false } }) {
                group.addTask { () async -> RemoteStoreError? in
                    await filter.release()
                    return nil
                }
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if let result { throw result }
    }

    /// Does to a store what the plan says of its contents, until everything has ended.
    public func run(on store: InMemoryRemoteStore) async {
        var snapshots: [Int: InMemoryRemoteStore.Snapshot] = [:]
        var steps: [(time: Duration, index: Int, isEnd: Bool)] = []
        for (index, event) in plan.events.enumerated() {
            steps.append((event.start, index, false))
            steps.append((event.end, index, true))
        }
        for step in steps.sorted(by: { ($0.time, $0.index, $0.isEnd ? 1 : 0) < ($1.time, $1.index, $1.isEnd ? 1 : 0) })
        {
            guard (try? await clock.sleep(start.advanced(by: step.time))) != nil else { return }
            switch (plan.events[step.index].fault, step.isEnd) {
            case (.flushAll, false): for shard in store.shards { store.removeAll(of: shard) }
            case (.failover, false): snapshots[step.index] = store.snapshot()
            case (.failover, true): if let snapshot = snapshots[step.index] { store.restore(snapshot) }
            default: break
            }
        }
    }
}
