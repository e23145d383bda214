import Foundation
import Testing

@testable import StrataLab

@Suite struct CacheSimulationTests {
    /// A trace with popular keys, a scan and a loop, the same every time.
    private static let mixed: CacheSimulation = {
        var state: UInt64 = 7
        var keys: [UInt64] = []
        for number in 0..<30_000 as Range<UInt64> {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let draw = state >> 40
            switch number / 5000 % 3 {
            case 0: keys.append(draw % (1 + state >> 33 % 500))
            case 1: keys.append(10_000 + number)
            default: keys.append(5000 + number % 130)
            }
        }
        return CacheSimulation(trace: Trace(keys: keys))
    }()

    @Test(arguments: SimulatedPolicy.allCases)
    func hitsNothing_whenNoKeyRepeats(policy: SimulatedPolicy) {
        let simulation = CacheSimulation(trace: Trace(keys: Array(0..<1000)))
        #expect(simulation.run(policy, capacity: 10).hitCount == 0)
    }

    @Test(arguments: SimulatedPolicy.allCases)
    func missesEachKeyOnce_whenAllFit(policy: SimulatedPolicy) {
        // S3-FIFO and ARC keep room for what they have lost, so there is more than enough.
        let keys = (0..<1000).map { UInt64($0 * 7 % 50) }
        let simulation = CacheSimulation(trace: Trace(keys: keys))
        #expect(simulation.run(policy, capacity: 100).hitCount == 950)
    }

    @Test(arguments: [1, 2, 10, 100, 400])
    func nothingBeatsTheOptimum(capacity: Int) {
        let best = Self.mixed.run(.belady, capacity: capacity).hitCount
        for policy in SimulatedPolicy.allCases {
            #expect(Self.mixed.run(policy, capacity: capacity).hitCount <= best, "\(policy)")
        }
    }

    @Test func countsAsByHand() {
        // a b c a b d a, two places
        let simulation = CacheSimulation(trace: Trace(keys: [1, 2, 3, 1, 2, 4, 1]))
        #expect(simulation.run(.lru, capacity: 2).hitCount == 0)
        #expect(simulation.run(.fifo, capacity: 3).hitCount == 2)
        // c and d are let go at once.
        #expect(simulation.run(.belady, capacity: 2).hitCount == 3)
    }

    @Test func loopsDefeatRecencyOnly() {
        let simulation = CacheSimulation(trace: Trace(keys: (0..<30_000).map { UInt64($0 % 150) }))
        #expect(simulation.run(.lru, capacity: 100).hitCount == 0)
        #expect(simulation.run(.strata, capacity: 100).hitRatio > 0.5)
    }

    @Test func shardsCostLittle() {
        let whole = Self.mixed.run(.strata, capacity: 400).hitRatio
        #expect(Self.mixed.run(.strata, capacity: 400, shardCount: 4).hitRatio > whole - 0.03)
    }
}

/// The published hit ratios, where the folder with the traces is at hand: `STRATA_TRACES`.
@Suite struct ReferenceTraceTests {
    private static let folder = ProcessInfo.processInfo.environment["STRATA_TRACES"]

    @Test(
        .enabled(if: ReferenceTraceTests.folder != nil, "STRATA_TRACES names no folder with traces"),
        arguments: ["sprite", "web12", "multi3", "cp_w92", "mix_sprite_loop"])
    func staysNearTheBestPolicyOfEachCell(name: String) throws {
        let folder = try #require(Self.folder)
        let simulation = CacheSimulation(trace: try Trace(path: "\(folder)/\(name).u64.gz"))
        let table = try String(contentsOfFile: "\(folder)/reference.csv", encoding: .utf8)
        var best: [Int: Double] = [:]
        for line in table.split(whereSeparator: \.isNewline) {
            let columns = line.split(separator: ",")
            guard columns.count == 5, columns[0] == name, columns[3] != "Belady" else { continue }
            guard let capacity = Int(columns[2]), let ratio = Double(columns[4]) else { continue }
            best[capacity] = max(best[capacity] ?? 0, ratio)
        }
        #expect(!best.isEmpty)
        var distance = 0.0
        for (capacity, ratio) in best {
            let behind = ratio - simulation.run(.strata, capacity: capacity).hitRatio
            #expect(behind < 0.055, "\(name) with \(capacity) entries")
            distance += max(0, behind)
        }
        #expect(distance / Double(best.count) < 0.025, "\(name)")
    }
}
