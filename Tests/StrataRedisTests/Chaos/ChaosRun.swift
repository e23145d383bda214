import Foundation
import Logging
import StrataRedis
import StrataTesting
import StrataTiering
import Testing

/// Two tiered hashes, as of two processes, over one real second tier, with clients that work on them while something breaks it.
///
/// All that clients do is recorded and checked afterwards. The faults and what clients do follow from a seed; how they fall together
/// doesn't, for servers and network are real.
///
/// - `STRATA_CHAOS_SEED` gives the seed of a run that failed, or another one; 1 by default.
/// - `STRATA_CHAOS_SECONDS` says how long each run breaks things; 4 by default.
final class ChaosRun: Sendable {
    /// What is different from run to run.
    struct Options: Sendable {
        /// Distinguishes the keys of several runs over one second tier.
        var name = "chaos"
        /// Whether the second tier keeps what it acknowledged.
        var keepsWrites = true
        /// Whether some writes are queued.
        var writesBehind = true
        /// Whether loaders of both nodes may never overlap.
        var loadsOnceOverall = false
        /// How long a value may be seen that was replaced; `nil` for what the configuration promises whatever breaks.
        var staleness: Duration?
        /// Whether a breaker must have opened.
        var opensBreakers = false
        /// The number of the first node in the history.
        var firstNode = 0
        /// Whether another process checks what this one has done.
        var isPart = false
        /// How long it lasts.
        var duration = ChaosRun.duration
    }

    static let seed = setting("STRATA_CHAOS_SEED").flatMap { UInt64($0) } ?? 1
    static let duration = Duration.seconds(setting("STRATA_CHAOS_SECONDS").flatMap { Double($0) } ?? 4)

    private static func setting(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

    static let clientsPerNode = 3
    static let fields = ["x", "y"].map { Array($0.utf8) }

    let options: Options
    let configuration: TieredHash.Configuration
    let clock = TieringClock.system
    let history = History()
    let stores: [RedisStore]
    let nodes: [TieredHash]
    /// A way to the second tier that nothing disturbs.
    let witness: RedisStore
    let start: Instant
    /// What was broken, and when.
    let log = Collected<String>()
    let isOver = Guarded(false)
    let found = Collected<HistoryChecker.Violation>()
    let increments = Guarded<[[UInt8]: (done: Int64, unknown: Int64)]>([:])
    /// The longest time by which somebody who only sleeps was woken too late: what the machine is to blame for.
    let oversleep = Guarded(Duration.zero)

    // `links` tells how each node reaches the second tier, `witness` how the test does.
    init(links: [RedisConfiguration], witness: RedisConfiguration, options: Options) throws {
        self.options = options
        var configuration = TieredHash.Configuration()
        configuration.name = options.name
        configuration.local.maximumBytes = 1 << 20
        configuration.local.shardCount = 4
        configuration.callBudget = .milliseconds(500)
        configuration.remoteTimeout = .milliseconds(400)
        configuration.suspectBound = .milliseconds(500)
        configuration.maximumSilence = .milliseconds(700)
        configuration.breaker.openDuration = .milliseconds(300)
        configuration.breaker.maximumHalfOpenDuration = .seconds(1)
        configuration.breaker.slowCallDuration = .milliseconds(250)
        configuration.loaderTimeout = .seconds(1)
        configuration.leaseLifetime = .seconds(2)
        configuration.leasePollInterval = .milliseconds(100)
        configuration.writeBehindRetryDelay = .milliseconds(50)
        self.configuration = configuration
        stores = try links.map { link in
            var link = link
            link.connectTimeout = .milliseconds(700)
            link.heartbeatInterval = .milliseconds(300)
            link.heartbeatTimeout = .milliseconds(400)
            return try RedisStore(link)
        }
        nodes = stores.map { store in
            TieredHash(
                remote: store, configuration: configuration,
                logger: Logger(label: "strata.chaos") { _ in SwiftLogNoOpLogHandler() })
        }
        self.witness = try RedisStore(witness)
        start = clock.now()
    }

    // Lets clients work while `breaking` breaks things one after the other, then checks. It ends at the moment given, or a little
    // later, with everything mended.
    func run(_ breaking: @escaping @Sendable (ChaosRun, Instant) async throws -> Void) async throws {
        for store in stores + [witness] { try await store.connect(deadline: clock.now().advanced(by: .seconds(5))) }
        let services = nodes.map { node in Task { try? await node.run() } }
        let watching = [Task { await self.measureOversleep() }, Task { await self.watchMemory() }]
        await eventually("all shards report") {
            nodes.allSatisfy { node in
                node.statistics.shards.count { $0.isConnected } == witness.shards.count
            }
        }
        let end = clock.now().advanced(by: options.duration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in nodes.indices {
                for client in 0..<Self.clientsPerNode {
                    group.addTask { await self.act(index, client) }
                }
            }
            do { try await breaking(self, end) } catch { Issue.record("breaking failed: \(error)") }
            isOver.withLock { $0 = true }
            try await group.waitForAll()
        }
        if !options.isPart { await recover() }
        for task in watching { task.cancel() }
        if !options.isPart { await check() }
        for service in services {
            service.cancel()
            await service.value
        }
        for store in stores + [witness] { await store.shutdown() }
    }

    /// Notes what is being broken.
    func note(_ text: String) {
        log.append("\((start.duration(to: clock.now())) / .milliseconds(1)) ms: \(text)")
    }

    func sleep(_ time: Duration) async { try? await clock.sleep(clock.now().advanced(by: time)) }

    private func measureOversleep() async {
        while !Task.isCancelled {
            let due = clock.now().advanced(by: .milliseconds(5))
            guard (try? await clock.sleep(due)) != nil else { return }
            let late = due.duration(to: clock.now())
            oversleep.withLock { $0 = max($0, late) }
        }
    }

    private func watchMemory() async {
        while (try? await clock.sleep(clock.now().advanced(by: .milliseconds(20)))) != nil {
            for (index, node) in nodes.enumerated() {
                let statistics = node.statistics
                // A shard of the store may hold what is being written beyond its share.
                if statistics.localByteCount > configuration.local.maximumBytes * 11 / 10 {
                    violate("memory", "node \(index) holds \(statistics.localByteCount) bytes")
                }
                if statistics.taskCount > 2000 { violate("memory", "node \(index) runs \(statistics.taskCount) tasks") }
            }
        }
    }

    func violate(_ promise: String, _ description: String) {
        if found.all.count < 50 { found.append(.init(promise: promise, description: description)) }
    }
}
