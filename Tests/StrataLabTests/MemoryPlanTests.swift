import Glibc
import Strata
import StrataLab
import Testing

/// What is planned beside what is measured, as the map and the store count it themselves.
///
/// The hash keys are fixed: where the tables of half the shards are about to grow, chance alone is worth a few percent.
@Suite struct MemoryPlanTests {
    private func expectClose(_ planned: Double, _ measured: Int, _ what: String) {
        let ratio = planned / Double(measured)
        #expect((0.95...1.05).contains(ratio), "\(what): planned \(planned), measured \(measured)")
    }

    @Test(arguments: [1_000, 3_000, 10_000, 50_000, 123_456, 300_000, 1_000_000])
    func inlineMapIsAsPlanned(count: Int) {
        let map = ConcurrentMap<UInt64, UInt64>(shardCount: 32, hashKey: HashKey(seed: 1))
        for key in 0..<UInt64(count) { map.updateValue(key, forKey: key) }
        Self.reclaimAll(map)
        let plan = MapMemoryPlan(entryCount: count, keyByteCount: 8, valueByteCount: 8, shardCount: 32)
        let statistics = map.statistics
        expectClose(plan.byteCount, statistics.byteCount, "\(count) entries, \(statistics.buriedByteCount) B buried")
    }

    @Test(arguments: [2_000, 30_000, 200_000])
    func mapOfLargeValuesIsAsPlanned(count: Int) {
        let map = ConcurrentMap<UInt64, FourWords>(shardCount: 32, hashKey: HashKey(seed: 1))
        for key in 0..<UInt64(count) { map.updateValue(FourWords(bits: key), forKey: key) }
        Self.reclaimAll(map)
        let plan = MapMemoryPlan(entryCount: count, keyByteCount: 8, valueByteCount: 32, shardCount: 32)
        expectClose(plan.byteCount, map.statistics.byteCount, "\(count) entries")
    }

    @Test(arguments: [(1_000, 24, 100), (20_000, 12, 32), (150_000, 24, 100), (60_000, 40, 600), (200_000, 8, 8)])
    func storeOfStringsIsAsPlanned(count: Int, keyByteCount: Int, valueByteCount: Int) throws {
        var configuration = HashStore.Configuration()
        configuration.hashSeed = 1
        let store = HashStore(configuration: configuration)
        let value = [UInt8](repeating: 65, count: valueByteCount)
        for number in 0..<count { try store.setString(Self.key(number, keyByteCount), to: value) }
        Self.reclaimAll(store)
        let plan = StoreMemoryPlan(
            keyCount: count, keyByteCount: keyByteCount, content: .string(byteCount: valueByteCount))
        expectClose(plan.byteCount, store.statistics.byteCount, "\(count) strings")
    }

    @Test(arguments: [(30_000, 5, 6, 12), (5_000, 40, 10, 30), (100_000, 1, 1, 60)])
    func storeOfHashesIsAsPlanned(count: Int, fieldCount: Int, nameByteCount: Int, valueByteCount: Int) throws {
        var configuration = HashStore.Configuration()
        configuration.hashSeed = 1
        let store = HashStore(configuration: configuration)
        let value = [UInt8](repeating: 65, count: valueByteCount)
        let names = (0..<fieldCount).map { Self.key($0, nameByteCount) }
        for number in 0..<count {
            for name in names { try store.setField(Self.key(number, 16), name, to: value) }
        }
        Self.reclaimAll(store)
        let content = StoreMemoryPlan.Content.hash(
            fieldCount: fieldCount, nameByteCount: nameByteCount, valueByteCount: valueByteCount)
        let plan = StoreMemoryPlan(keyCount: count, keyByteCount: 16, content: content)
        #expect(plan.isCompact)
        expectClose(plan.byteCount, store.statistics.byteCount, "\(count) hashes")
    }

    @Test func largeHashesAreNotPlanned() {
        let content = StoreMemoryPlan.Content.hash(fieldCount: 1_000, nameByteCount: 8, valueByteCount: 8)
        #expect(!StoreMemoryPlan(keyCount: 1, keyByteCount: 8, content: content).isCompact)
    }

    @Test func tableNamesMapAndStore() {
        let rows = MemoryPlanReport(entryCount: 10_000_000, keyByteCount: 24, valueByteCount: 100).table.rows
        #expect(rows.count == 4)
        #expect(rows.allSatisfy { $0.count == 4 })
    }

    /// Other tests read meanwhile: what a reader may still see is given back when it has gone on.
    private static func reclaimAll<Key, Value>(_ map: ConcurrentMap<Key, Value>) {
        for _ in 0..<10_000 {
            for _ in 0..<20 { map.reclaim() }
            let statistics = map.statistics
            if statistics.retiredCount == 0, statistics.buriedByteCount == 0 { return }
            sched_yield()
        }
    }

    private static func reclaimAll(_ store: HashStore) {
        var before = Int.max
        var unchanged = 0
        while unchanged < 100 {
            _ = store.performMaintenance(limit: 1_000_000)
            let now = store.statistics.byteCount
            unchanged = now < before ? 0 : unchanged + 1
            before = now
            sched_yield()
        }
    }

    /// A key of some length that ends with a number.
    private static func key(_ number: Int, _ byteCount: Int) -> [UInt8] {
        let digits = Array(String(number).utf8)
        return Array(([UInt8](repeating: 48, count: max(byteCount - digits.count, 0)) + digits).suffix(byteCount))
    }
}
