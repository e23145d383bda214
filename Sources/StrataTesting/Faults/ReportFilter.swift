import StrataTiering

/// Does to a stream of reports what a plan says.
///
/// Keeps the promise that reports come with: what isn't let through is lost between a disconnection and the next connection.
final class ReportFilter: Sendable {
    private struct Shard {
        /// What the store said last: the epoch, while it is connected.
        var epoch: UInt64?
        /// Reports of keys that are being held back, to be let through in another order.
        var held: [InvalidationEvent] = []
    }

    private let plan: FaultPlan
    private let start: Instant
    private let clock: TieringClock
    private let shards: [ShardID]
    private let random: Guarded<SeededRandom>
    private let receive: @Sendable (InvalidationEvent) -> Void
    private let state = Guarded<[Int: Shard]>([:])
    private let lastEpoch = Guarded<UInt64>(1 << 32)

    init(
        plan: FaultPlan, start: Instant, clock: TieringClock, shards: [ShardID], random: Guarded<SeededRandom>,
        receive: @escaping @Sendable (InvalidationEvent) -> Void
    ) {
        self.plan = plan
        self.start = start
        self.clock = clock
        self.shards = shards
        self.random = random
        self.receive = receive
    }

    private func isActive(_ isWanted: (FaultPlan.Fault) -> Bool) -> Bool {
        let time = start.duration(to: clock.now())
        return plan.events.contains { $0.start <= time && time < $0.end && isWanted($0.fault) }
    }

    /// Whether a fault that concerns a part of the reports concerns this one.
    private func isBefallen(_ part: (FaultPlan.Fault) -> Double?) -> Bool {
        let time = start.duration(to: clock.now())
        let parts = plan.events.filter { $0.start <= time && time < $0.end }.compactMap { part($0.fault) }
        return random.withLock { random in parts.contains { random.chance($0) } }
    }

    /// Takes a report of the store, and lets it through or not.
    func take(_ event: InvalidationEvent) {
        var copies = 1
        let isHalfOpen = isActive { $0 == .halfOpen }
        let isBroken = isHalfOpen || isActive { $0 == .breakReports }
        switch event {
        case .connected(let shard, let epoch):
            state.withLock { $0[shard.index, default: Shard()].epoch = epoch }
            if isBroken { return }
        case .disconnected(let shard, _):
            state.withLock { $0[shard.index, default: Shard()].epoch = nil }
        case .keys, .leases, .everything, .canary:
            if isBroken { return }
            if isBefallen({ if case .duplicateReports(let part) = $0 { part } else { nil } }) { copies = 2 }
        }
        if let shard = event.shardOfKeys,
            isBefallen({ if case .reorderReports(let part, _) = $0 { part } else { nil } })
        {
            state.withLock { $0[shard.index, default: Shard()].held += Array(repeating: event, count: copies) }
            return
        }
        // Reports of keys may overtake one another, but nothing else overtakes them.
        letHeldThrough()
        for _ in 0..<copies { receive(event) }
    }

    private func letHeldThrough() {
        let held = state.withLock { state in
            state.keys.sorted().flatMap { index -> [InvalidationEvent] in
                defer { state[index]?.held = [] }
                return state[index]?.held ?? []
            }
        }
        if held.isEmpty { return }
        let shuffled = random.withLock { random in held.shuffled(using: &random) }
        for event in shuffled { receive(event) }
    }

    /// Lets reports through that were held back long enough.
    func release() async {
        var pause = Duration.milliseconds(50)
        for case .reorderReports(_, let delay) in plan.events.map(\.fault) { pause = min(pause, delay) }
        while (try? await clock.sleep(clock.now().advanced(by: max(pause, .milliseconds(1))))) != nil {
            letHeldThrough()
        }
    }

    /// Breaks the streams when the plan says so, and mends them.
    func breakAndMend() async {
        var steps: [(time: Duration, isBreak: Bool, isHalfOpen: Bool)] = []
        for event in plan.events {
            switch event.fault {
            case .breakReports:
                steps.append((event.start, true, false))
                steps.append((event.end, false, false))
            case .halfOpen:
                steps.append((event.end, true, true))
                steps.append((event.end, false, true))
            default: break
            }
        }
        for step in steps.sorted(by: { ($0.time, $0.isBreak ? 0 : 1) < ($1.time, $1.isBreak ? 0 : 1) }) {
            let moment = start.advanced(by: step.time)
            if moment > clock.now() { guard (try? await clock.sleep(moment)) != nil else { return } }
            for shard in shards { if step.isBreak { cut(shard) } else { mend(shard) } }
        }
    }

    private func cut(_ shard: ShardID) { receive(.disconnected(shard, reason: "the plan breaks it")) }

    private func mend(_ shard: ShardID) {
        // Another fault may still be going on, and its end will mend the stream.
        if isActive({ $0 == .halfOpen || $0 == .breakReports }) { return }
        guard state.withLock({ $0[shard.index]?.epoch }) != nil else { return }
        let epoch = lastEpoch.withLock { epoch in
            epoch += 1
            return epoch
        }
        receive(.connected(shard, epoch: epoch))
    }
}

extension InvalidationEvent {
    /// The shard of a report of keys; `nil` for what tells of the stream or of all keys.
    fileprivate var shardOfKeys: ShardID? {
        switch self {
        case .keys(let shard, _), .leases(let shard, _): shard
        case .connected, .everything, .canary, .disconnected: nil
        }
    }
}
