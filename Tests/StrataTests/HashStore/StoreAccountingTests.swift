import CStrata
import Testing

@testable import Strata

/// What the store says it holds against what the allocator says.
///
/// In a process of its own, because the allocator counts everything.
@Suite struct StoreAccountingTests {
    /// What the allocator has handed out, and the tables, which come from the kernel directly when they are large.
    private static func measuredBytes(_ stores: [HashStore]) -> Int {
        var mapped = 0
        for store in stores {
            for index in 0..<store.shardCount {
                let newest = store.shards[index].table.newest
                for region in [newest, newest.previous].compactMap({ $0 }) where region.isMapped {
                    mapped += region.byteCount
                }
            }
        }
        return Int(strata_allocator_bytes_in_use()) + mapped
    }

    private static func expectWithinTenPercent(_ stores: [HashStore], _ baseline: Int, _ what: String) {
        let counted = stores.reduce(0) { $0 + $1.byteCount }
        let measured = measuredBytes(stores) - baseline
        #expect(
            abs(counted - measured) * 10 <= measured + 1_000_000,
            "\(what): counted \(counted), the allocator has \(measured)")
    }

    /// Whether the allocator counts at all: that of the address sanitizer doesn't.
    private static var allocatorCounts: Bool {
        let before = strata_allocator_bytes_in_use()
        let block = strata_allocate(8 << 20)
        defer { strata_deallocate(block) }
        return strata_allocator_bytes_in_use() >= before + (4 << 20)
    }

    @Test(.enabled(if: StoreAccountingTests.allocatorCounts))
    func agreesWithTheAllocator() async {
        await #expect(processExitsWith: .success) {
            let baseline = Int(strata_allocator_bytes_in_use())
            let store = HashStore(now: 0)
            for index in 0..<100_000 {
                store.put("key:\(index)", String(repeating: "v", count: index % 100))
            }
            StoreAccountingTests.expectWithinTenPercent([store], baseline, "strings")
            for index in 0..<50_000 {
                store.putFields("hash:\(index)", (0..<5).map { ("field\($0)", "value\(index)") })
            }
            StoreAccountingTests.expectWithinTenPercent([store], baseline, "compact hashes")
            for index in 0..<200 {
                store.putFields("table:\(index)", (0..<300).map { ("field\($0)", "value\(index)") })
            }
            StoreAccountingTests.expectWithinTenPercent([store], baseline, "table hashes")
            for index in 0..<100_000 { store.setKeyDeadline("key:\(index)", 1_000_000) }
            StoreAccountingTests.expectWithinTenPercent([store], baseline, "deadlines")
            for index in 0..<80_000 { store.drop("key:\(index)") }
            for index in 0..<40_000 { store.drop("hash:\(index)") }
            for index in 0..<150 { store.drop("table:\(index)") }
            store.settle()
            StoreAccountingTests.expectWithinTenPercent([store], baseline, "after removal")
            store.withExclusiveAccessToAll(now: 0) { $0.removeAll() }
            store.settle()
            StoreAccountingTests.expectWithinTenPercent([store], baseline, "empty")
            #expect(store.byteCount < 200_000)
        }
    }

    @Test func returnsToWhereItBegan_whenEverythingIsRemoved() {
        var configuration = HashStore.Configuration()
        configuration.encoding = EncodingLimits(maximumCompactFieldCount: 8, maximumCompactValueLength: 64)
        let store = HashStore(configuration: configuration, now: 0)
        let empty = store.byteCount
        var random = SeededGenerator(seed: 3)
        for round in 0..<3 {
            for index in 0..<3_000 {
                switch random.number(0..<4) {
                case 0: store.put("k\(index)", "value", .set(Int64(random.number(10..<1_000))))
                case 1:
                    store.putFields(
                        "k\(index)", (0..<4).map { ("f\($0)", "v") }, .set(Int64(random.number(10..<1_000))))
                case 2: store.putFields("k\(index)", (0..<30).map { ("f\($0)", "v") })
                default: store.put("k\(index)", String(repeating: "v", count: random.number(0..<2_000)))
                }
            }
            if round == 1 {
                store.withExclusiveAccessToAll(now: 0) { $0.removeAll() }
            } else {
                for index in 0..<3_000 { store.drop("k\(index)") }
            }
            store.settle()
            #expect(store.keyCount == 0)
            // The retire lists keep their rings: a few KiB per shard.
            let rings = (0..<store.shardCount).reduce(0) { $0 + store.shards[$1].retired.ringByteCount }
            #expect(store.byteCount - rings <= empty, "round \(round)")
        }
    }

    @Test func reportsEntrySizes() {
        let store = HashStore(now: 0)
        store.put("k", String(repeating: "v", count: 1_000))
        let size = store.withEntry("k") { $0?.byteCount ?? 0 }
        #expect((1_000...1_100).contains(size))
        store.putFields("h", (0..<1_000).map { ("field\($0)", "value") })
        let table = store.withEntry("h") { $0?.byteCount ?? 0 }
        #expect((40_000...120_000).contains(table))
    }
}
