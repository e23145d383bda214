import Foundation
import Logging
import StrataTesting
import StrataTiering
import Testing

/// Tiered hashes used by many tasks on real threads at once: what the sanitizers look at, and the checker of histories too.
///
/// `STRATA_TIER_STRESS` multiplies the operations.
@Suite struct TieredStressTests {
    private static let factor =
        ProcessInfo.processInfo.environment["STRATA_TIER_STRESS"].flatMap { Int($0) } ?? 1

    @Test(arguments: [1, 2] as [UInt64])
    func keepsItsPromises_onManyThreads(seed: UInt64) async throws {
        let clock = TieringClock.system
        var layout = InMemoryRemoteStore.Configuration()
        layout.shardCount = 2
        layout.canaryInterval = .milliseconds(20)
        let store = InMemoryRemoteStore(configuration: layout, clock: clock)
        var configuration = TieredHash.Configuration()
        configuration.local.maximumBytes = 1 << 20
        configuration.local.shardCount = 2
        configuration.metricsInterval = .milliseconds(20)
        configuration.maintenanceInterval = .milliseconds(5)
        let settings = configuration
        let nodes = (0..<2).map { _ in
            TieredHash(
                remote: store, configuration: settings,
                logger: Logger(label: "strata.tests") { _ in SwiftLogNoOpLogHandler() })
        }
        let history = History()
        let services = nodes.map { node in Task { try? await node.run() } }
        while !nodes.allSatisfy({ $0.statistics.shards.count { $0.isConnected } == 2 }) { await Task.yield() }
        await withTaskGroup(of: Void.self) { group in
            for (index, node) in nodes.enumerated() {
                for client in 0..<4 {
                    group.addTask {
                        let work = StressClient(
                            node: node, index: index, client: client, clock: clock, history: history)
                        await work.run(seed: seed, count: 300 * Self.factor)
                    }
                }
            }
        }
        let limit = clock.now().advanced(by: .seconds(10))
        while nodes.contains(where: { $0.statistics.queueDepth > 0 || $0.statistics.taskCount > 0 }),
            clock.now() < limit
        {
            await Task.yield()
        }
        #expect(nodes.map(\.statistics.queueDepth) == [0, 0])
        #expect(nodes.map(\.statistics.taskCount) == [0, 0])
        for service in services {
            service.cancel()
            await service.value
        }
        let violations = HistoryChecker(.init(staleness: .seconds(5))).check(history) { store.contents(of: $0) }
        #expect(violations.isEmpty, "seed \(seed)")
        #expect(nodes.allSatisfy { $0.statistics.localByteCount < 2 << 20 })
    }
}

/// One client of a stress test.
private struct StressClient {
    let node: TieredHash
    let index: Int
    let client: Int
    let clock: TieringClock
    let history: History

    func run(seed: UInt64, count: Int) async {
        var random = SeededRandom(seed: seed &* 1_000_003 &+ UInt64(index * 100 + client))
        for number in 0..<count {
            let key = bytes("k\(random.next() % 6)")
            let field = bytes("f\(random.next() % 2)")
            let value = bytes("\(index).\(client).\(number)")
            switch random.next() % 12 {
            case 0..<4: await read(key, field)
            case 4..<6: await write(key, field, value) { try await node.set(key, field, to: value) }
            case 6: await write(key, field, nil) { try await node.remove(key, field) }
            case 7:
                let own = bytes("q\(index).\(client)")
                await write(own, field, value) {
                    try await node.set(own, field, to: value, options: .init(policy: .writeBehind))
                }
                await read(own, field)
            case 8: _ = try? await node.increment("counters", "n", by: 1)
            case 9: try? await node.invalidate(key, scope: .local)
            case 10: _ = node.statistics
            default:
                _ = try? await node.load("l\(random.next() % 3)", field) { key, fields in
                    let start = clock.now()
                    await Task.yield()
                    for field in fields { add(key, field, .load, start) }
                    return [fields[0]: .value(bytes("loaded"), lifetime: .milliseconds(20))]
                }
            }
        }
    }

    private func read(_ key: [UInt8], _ field: [UInt8]) async {
        let start = clock.now()
        if let value = node.peek(key, field) { add(key, field, .read(value), start) }
        guard let value = try? await node.get(key, field) else { return }
        add(key, field, .read(value), start)
    }

    private func write(
        _ key: [UInt8], _ field: [UInt8], _ value: [UInt8]?, _ body: () async throws -> TieredWriteOutcome
    ) async {
        let start = clock.now()
        let isDone = (try? await body()) != nil
        add(key, field, .write(value), start, isDone ? .done : .unknown)
    }

    private func add(
        _ key: [UInt8], _ field: [UInt8], _ kind: History.Operation.Kind, _ start: Instant,
        _ ending: History.Operation.Ending = .done
    ) {
        history.add(
            .init(
                node: index, client: client, key: key, field: field, kind: kind, start: start, end: clock.now(),
                ending: ending))
    }
}
