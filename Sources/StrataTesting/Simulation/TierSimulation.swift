public import StrataTiering

/// A run of several tiered hashes over one store, with faults, that a seed determines: processes, network and time are simulated.
///
/// ```swift
/// let report = TierSimulation(seed: 42).run()
/// #expect(report.violations.isEmpty, "\(report)")
/// ```
public struct TierSimulation: Sendable {
    /// How large a run is.
    public struct Configuration: Sendable {
        /// How many processes there are.
        public var nodeCount = 3
        /// How many clients each has.
        public var clientsPerNode = 2
        /// How many operations each client does.
        public var operationsPerClient = 40
        /// How long the run is on its clock.
        public var duration = Duration.seconds(40)
        /// How many faults happen.
        public var faultCount = 5
        /// Whether there may be faults after which the store has forgotten writes.
        public var losesWrites = true
        /// How many shards the store has.
        public var shardCount = 2
        /// Changes how the hashes behave.
        public var change: @Sendable (inout TieredHash.Configuration) -> Void = { _ in }

        /// The defaults.
        public init() {}
    }

    /// How a run went.
    public struct Report: Sendable, CustomStringConvertible {
        /// The seed that gives the same run again.
        public var seed: UInt64
        /// What went wrong on purpose.
        public var plan: FaultPlan
        /// What went wrong.
        public var violations: [HistoryChecker.Violation]
        /// How many operations were done.
        public var operationCount: Int
        /// All that was done, in a form that two runs can be compared by.
        public var operations: [History.Operation]

        /// The seed, the plan, and what was broken.
        public var description: String {
            let broken = violations.map { "\($0.promise): \($0.description)" }.joined(separator: "\n")
            return "seed \(seed), \(operationCount) operations\n\(plan)\n\(broken)"
        }
    }

    private let seed: UInt64
    private let configuration: Configuration

    /// A run that hasn't begun.
    public init(seed: UInt64, configuration: Configuration = .init()) {
        self.seed = seed
        self.configuration = configuration
    }

    /// Runs it on the calling thread.
    public func run() -> Report {
        let executor = DeterministicExecutor(seed: seed)
        let clock = executor.clock.tieringClock
        var layout = InMemoryRemoteStore.Configuration()
        layout.shardCount = configuration.shardCount
        layout.latency = .milliseconds(2)
        layout.reportLatency = .milliseconds(1)
        layout.canaryInterval = .milliseconds(500)
        let store = InMemoryRemoteStore(configuration: layout, clock: clock)
        let plan = FaultPlan.random(
            seed: seed, duration: configuration.duration, eventCount: configuration.faultCount,
            losesWrites: configuration.losesWrites)
        let faulty = FaultInjectingStore(store, plan: plan, seed: seed, clock: clock)
        var settings = TieredHash.Configuration()
        settings.callBudget = .milliseconds(800)
        settings.remoteTimeout = .milliseconds(200)
        settings.breaker.openDuration = .seconds(1)
        settings.suspectBound = .seconds(3)
        settings.maximumSilence = .seconds(2)
        settings.loaderTimeout = .milliseconds(400)
        settings.leaseLifetime = .seconds(1)
        settings.local.shardCount = 1
        settings.local.hashSeed = seed
        settings.maintenanceInterval = .milliseconds(500)
        settings.metricsInterval = .seconds(3600)
        configuration.change(&settings)
        let world = SimulatedWorld(
            seed: seed, configuration: configuration, settings: settings, executor: executor, store: store,
            faulty: faulty)
        let history = world.history
        let isComplete = executor.run(for: configuration.duration * 10) { await world.run() } != nil
        var violations: [HistoryChecker.Violation] = []
        if !isComplete { violations.append(.init(promise: "progress", description: "the run never ended")) }
        violations += HistoryChecker(world.promises(plan)).check(history) { store.contents(of: $0) }
        return Report(
            seed: seed, plan: plan, violations: violations + world.disagreements,
            operationCount: history.operations.count,
            operations: history.operations)
    }
}
