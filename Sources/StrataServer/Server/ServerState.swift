import Logging
import NIOCore
import Strata
import Synchronization

/// What all event loops of a server share.
///
/// **Concurrency:** from any thread.
final class ServerState: @unchecked Sendable {
    // Reason for `@unchecked`: `onShutdownRequest` and `databaseFigures` are set before any client is served; everything else is `Sendable` by itself.

    /// The bits of ``gate``: why the dispatcher has to look closer at every request.
    static let pauseGate = 1
    static let memoryGate = 2

    let configuration: ServerConfiguration
    let logger: Logger
    let commands = CommandTable.shared
    let clients: ClientRegistry
    let keyWatcher: KeyWatcher
    let databases: Databases
    let settings: Settings
    let passwords: Passwords
    let channels = ChannelRegistry()
    let pause = Pause()
    let slowLog = SlowLog()
    let latency = LatencyMonitor()
    let errors = ErrorStatistics()
    let rates = RateMeter()
    let lifetime: Lifetime
    let recorders = DatabaseRecorders()
    let encodings = MemoryEncodings()
    /// The databases as the monitor sees them; empty for a moment at the beginning.
    private(set) var databaseFigures: [DatabaseFigures] = []

    /// Bits that are set while something special holds for all clients.
    ///
    /// Writers: whoever changes what they stand for. Readers: the dispatchers, for
    /// which a moment's delay doesn't matter.
    let gate = Atomic<Int>(0)
    /// Whether what has expired is removed without being asked for: 1 or 0.
    ///
    /// Tests switch it off.
    let isActiveExpireEnabled = RelaxedInteger(1)
    private let timesEverything = RelaxedInteger()
    private let workers = Locked<[Worker]>([])
    /// What `SHUTDOWN` does.
    var onShutdownRequest: @Sendable () -> Void = {}

    /// Creates the state of a server that holds nothing.
    init(configuration: ServerConfiguration, logger: Logger, now: Int64) {
        self.configuration = configuration
        self.logger = logger
        clients = ClientRegistry()
        keyWatcher = KeyWatcher(clients: clients)
        let budget = MemoryBudget(
            maximumBytes: configuration.maximumMemory, policy: configuration.effectiveEvictionPolicy)
        databases = Databases(budget: budget, encoding: EncodingLimits(), observer: keyWatcher, now: now)
        keyWatcher.attach(to: databases)
        settings = Settings(configuration)
        passwords = Passwords(configuration.password)
        lifetime = Lifetime(now: now)
        databaseFigures = (0..<Databases.count).map { DatabaseFigures(index: $0, state: self) }
        settings.attach(to: self)
        updateMemoryGate()
    }

    /// The keys that clients have read and want to hear of.
    var tracking: TrackingTable { keyWatcher.tracking }

    /// Whether every command is timed, not only slow ones and samples.
    @inline(__always)
    var isTimingEverything: Bool { timesEverything.current != 0 }

    /// Follows a change of the thresholds of the slow log or the latency monitor: below a millisecond, samples don't find what is looked for.
    func updateTiming() {
        let threshold = slowLog.thresholdMicroseconds.current
        let isFine = (threshold >= 0 && threshold < 1000) || latency.thresholdMilliseconds.current > 0
        timesEverything.set(isFine ? 1 : 0)
    }

    /// Follows a change of the memory limit.
    func updateMemoryGate() {
        setGate(Self.memoryGate, databases.budget.maximumBytes > 0)
    }

    private func setGate(_ bit: Int, _ isSet: Bool) {
        // relaxed: see `gate`.
        if isSet {
            gate.bitwiseOr(bit, ordering: .relaxed)
        } else {
            gate.bitwiseAnd(~bit, ordering: .relaxed)
        }
    }

    /// Evicts until the data fits the budget.
    ///
    /// - Returns: `false` if it doesn't and nothing can be evicted.
    func makeRoom(now: Int64) -> Bool {
        guard databases.budget.usedBytes > databases.budget.maximumBytes else { return true }
        return databases.stores[0].evictIfNeeded(now: now)
    }

    // MARK: Pausing

    /// Suspends all clients, or those that write.
    func beginPause(until end: Int64, holdsReads: Bool) {
        pause.begin(until: end, holdsReads: holdsReads)
        setGate(Self.pauseGate, true)
    }

    /// Lets all suspended clients go on.
    func endPause() {
        setGate(Self.pauseGate, false)
        for client in pause.end() {
            client.worker.eventLoop.execute { client.resume() }
        }
    }

    /// Ends the pause if its time has come.
    func endPauseIfOver(now: Int64) {
        if pause.endTime <= now { endPause() }
    }

    // MARK: Event loops

    /// Enters the event loops' shares of the server.
    func attach(_ newWorkers: [Worker]) {
        workers.withLock { $0 = newWorkers }
    }

    /// All event loops' shares of the server.
    var allWorkers: [Worker] { workers.withLock { $0 } }

    /// The sum of a figure over all event loops.
    func sum(_ figure: (WorkerStatistics) -> Int) -> Int {
        allWorkers.reduce(0) { $0 + figure($1.statistics) }
    }
}
