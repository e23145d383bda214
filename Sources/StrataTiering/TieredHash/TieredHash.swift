public import Logging
import Strata

/// A hash cache in two tiers: in this process, and in a store that it shares with others.
///
/// ```swift
/// let cache = TieredHash(remote: store, logger: logger)
/// // with the other services of the process: cache.run()
/// let name = try await cache.load("user:1", "name") { key, fields in
///     ["name": .value(try await database.name(of: key))]
/// }
/// cache.peek("user:1", "name")        // no waiting, no allocation beyond the result
/// ```
///
/// A read goes down until something answers, and what it finds goes up again, once: fields that the first tier doesn't know are
/// asked of the second in one round trip, those that are missing there of the loader in one call. The first tier is told of
/// changes that others make, and knows what it may have missed; see `docs/tiers.md` for what is guaranteed, and what isn't.
///
/// **Concurrency:** callable from any task. ``peek(_:_:)`` never waits.
public final class TieredHash: Sendable {
    /// How it behaves.
    public let configuration: Configuration
    /// What spans are called.
    let spanNames: (read: String, write: String, load: String)

    let remote: any RemoteStore
    let clock: TieringClock
    let logger: Logger
    let epochs: ShardEpochs
    let local: LocalTier
    let gates: ShardGates
    let tasks: TaskStarter
    let waiters = KeyWaiters()
    /// Reads of the second tier that are under way.
    let reads = FlightTable<RemoteAnswers>(areSerial: false)
    /// Loads that are under way: of each field one at a time.
    let loads = FlightTable<LoadAnswers>(areSerial: true)
    let loadBulkhead: Bulkhead
    let counters = TieredCounters()
    let revalidations: Guarded<TokenBucket>
    /// Keys that are being fetched again, so that each is once.
    let refreshing = Guarded<Set<[UInt8]>>([])
    /// Keys whose refresh brought nothing.
    let refreshPauses: Guarded<RefreshPauses>
    let jitter: @Sendable () -> Double
    let coherence = Guarded(CoherenceReport())
    /// Shards whose stream is back.
    let revalidationRequests = AsyncStream.makeStream(of: ShardID.self, bufferingPolicy: .bufferingNewest(1024))
    let queue: WriteBehindQueue

    /// A hash cache over a store; does nothing until it is used, and hears of others' changes once ``run()`` runs.
    ///
    /// - Parameters:
    ///   - remote: The second tier.
    ///   - configuration: How it behaves.
    ///   - clock: What tells the time.
    ///   - executor: Where its tasks run; `nil` for where tasks run by default.
    ///   - randomNumber: Gives even random numbers from 0 to 1, for jitter.
    ///   - logger: Told of what an operator should know.
    public init(
        remote: any RemoteStore, configuration: Configuration = .init(), clock: TieringClock = .system,
        executor: (any TaskExecutor)? = nil,
        randomNumber: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        logger: Logger = Logger(label: "strata.tiers")
    ) {
        self.configuration = configuration
        let name = configuration.name
        spanNames = ("\(name) read", "\(name) write", "\(name) load")
        self.remote = remote
        self.clock = clock
        self.logger = logger
        jitter = randomNumber
        let tasks = TaskStarter(executor: executor)
        let epochs = ShardEpochs()
        let local = LocalTier(configuration, clock: clock, epochs: epochs)
        let gates = ShardGates { ShardGate(configuration, clock: clock, tasks: tasks) }
        self.tasks = tasks
        self.epochs = epochs
        self.local = local
        self.gates = gates
        loadBulkhead = Bulkhead(capacity: configuration.concurrentLoads, waiterCapacity: configuration.waitingLoads)
        revalidations = Guarded(
            TokenBucket(
                ratePerSecond: configuration.revalidationsPerSecond, capacity: configuration.revalidationsPerSecond))
        refreshPauses = Guarded(RefreshPauses(delay: configuration.refreshRetryDelay))
        let writer = BehindWriter(
            remote: remote, configuration: configuration, clock: clock, local: local, gates: gates, logger: logger)
        queue = WriteBehindQueue(
            WriteBehindStateMachine(
                capacity: configuration.writeBehindCapacity, concurrency: configuration.writeBehindConcurrency,
                retryDelay: configuration.writeBehindRetryDelay),
            clock: clock, tasks: tasks
        ) { key, change in await writer.write(key, change) }
    }

    /// When a call that begins now has to be over.
    func deadline(of budget: Duration?) -> Instant { clock.now().advanced(by: budget ?? configuration.callBudget) }

    /// When a call of the second tier has to be over that is part of a call with a deadline.
    func remoteDeadline(within deadline: Instant) -> Instant {
        min(deadline, clock.now().advanced(by: configuration.remoteTimeout))
    }

    /// Runs something in a task of its own, which goes on when the caller is cancelled.
    nonisolated(nonsending) func owned<Value: Sendable>(
        until deadline: Instant, _ operation: @escaping @Sendable () async throws(TieredError) -> Value
    ) async throws(TieredError) -> Value {
        let signal = Signal<Result<Value, TieredError>>()
        tasks.start {
            do throws(TieredError) {
                signal.send(.success(try await operation()))
            } catch {
                signal.send(.failure(error))
            }
        }
        switch await signal.wait() {
        case .outcome(let result): return try result.get()
        case .timeout: throw TieredError(.timeout, "the budget is used up")
        case .cancelled: throw TieredError(.cancelled, "the caller was cancelled; what it began goes on")
        }
    }
}

/// What a read of the second tier brought.
struct RemoteAnswers: Sendable {
    /// What it said of each field.
    var fields: [[UInt8]: RemoteField]
    /// Names in the order in which it said so.
    var names: [[UInt8]]
    /// Whether the key exists.
    var exists: Bool

    /// Adds what another read brought; what is there already stays.
    mutating func add(_ other: RemoteAnswers) {
        exists = exists || other.exists
        for name in other.names where fields[name] == nil {
            fields[name] = other[name]
            names.append(name)
        }
    }

    subscript(name: [UInt8]) -> RemoteField { fields[name] ?? RemoteField(name: name, content: .missing) }
}

/// What a load brought.
struct LoadAnswers: Sendable {
    /// The values, and `nil` for what the source doesn't have.
    var values: [[UInt8]: [UInt8]?]
    /// The tier that had them.
    var tier: Tier
}
