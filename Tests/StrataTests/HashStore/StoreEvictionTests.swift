import Testing

@testable import Strata

@Suite struct StoreEvictionTests {
    private func fill(_ policy: EvictionPolicy, shards: Int = 4) -> HashStore {
        var configuration = HashStore.Configuration()
        configuration.shardCount = shards
        let store = HashStore(configuration: configuration, budget: MemoryBudget(policy: policy), now: 0)
        for index in 0..<2_000 { store.put("k\(index)", String(repeating: "v", count: 200)) }
        return store
    }

    /// Lowers the limit by a share of what is held, and makes room.
    private func shrink(_ store: HashStore, byPercent percent: Int, now: Int64) {
        store.settle(now: now)
        store.budget.maximumBytes = store.byteCount * (100 - percent) / 100
        while store.budget.isExceeded {
            guard store.evictIfNeeded(now: now) else { break }
        }
    }

    private func survivors(_ store: HashStore, _ range: Range<Int>, now: Int64) -> Int {
        range.count { store.string("k\($0)", now: now) != nil }
    }

    @Test func refuses_whenThePolicySaysSo() {
        let store = fill(.noEviction)
        #expect(store.evictIfNeeded(now: 0))
        store.budget.maximumBytes = 1_000
        #expect(!store.evictIfNeeded(now: 0))
        #expect(store.keyCount == 2_000)
        store.budget.maximumBytes = 0
        #expect(store.evictIfNeeded(now: 0))
    }

    @Test func removesABoundedNumberPerCall() {
        let store = fill(.allKeysRandom)
        store.settle()
        store.budget.maximumBytes = 1
        #expect(store.evictIfNeeded(now: 0))
        #expect(store.keyCount == 2_000 - 64)
        #expect(store.budget.evictedKeyCount == 64)
    }

    @Test func reachesTheLimit_andFreesTheMemory() {
        let store = fill(.allKeysRandom)
        shrink(store, byPercent: 50, now: 0)
        store.settle()
        #expect(store.byteCount <= store.budget.maximumBytes)
        #expect((600...1_200).contains(store.keyCount))
        #expect(abs(store.budget.usedBytes - store.byteCount) <= 4 * 4096)
        #expect(store.allKeys().count == store.keyCount)
    }

    @Test func keepsWhatWasUsedLately_underLRU() {
        let store = fill(.allKeysLRU)
        for index in 0..<1_000 { store.withEntry("k\(index)", now: 100_000) { $0?.touch(now: 100_000, tick: 0) } }
        shrink(store, byPercent: 30, now: 200_000)
        let used = survivors(store, 0..<1_000, now: 200_000)
        let idle = survivors(store, 1_000..<2_000, now: 200_000)
        #expect(used > 900)
        #expect(idle < 600)
    }

    @Test func keepsWhatIsUsedOften_underLFU() {
        let store = fill(.allKeysLFU)
        for index in 0..<1_000 {
            for _ in 0..<50 { store.withEntry("k\(index)", now: 100) { $0?.touch(now: 100, tick: 0) } }
        }
        // A single late access doesn't make up for many.
        for index in 1_000..<2_000 { store.withEntry("k\(index)", now: 20_000) { $0?.touch(now: 20_000, tick: 0) } }
        shrink(store, byPercent: 30, now: 20_000)
        // Sampling: a few in a hundred go by chance.
        #expect(survivors(store, 0..<1_000, now: 20_000) > 900)
        #expect(survivors(store, 1_000..<2_000, now: 20_000) < 600)
    }

    @Test(arguments: [EvictionPolicy.volatileLRU, .volatileLFU, .volatileRandom, .volatileTTL])
    func touchesOnlyKeysWithADeadline(policy: EvictionPolicy) {
        let store = fill(policy)
        for index in 0..<500 { store.setKeyDeadline("k\(index)", 1_000_000 + Int64(index)) }
        shrink(store, byPercent: 10, now: 0)
        #expect(survivors(store, 500..<2_000, now: 0) == 1_500)
        #expect(survivors(store, 0..<500, now: 0) < 420)
        shrink(store, byPercent: 60, now: 0)
        #expect(survivors(store, 500..<2_000, now: 0) == 1_500)
        #expect(store.expiringKeyCount == 0)
        #expect(!store.evictIfNeeded(now: 0))
    }

    @Test func removesTheNearestDeadlines_underTTL() {
        let store = fill(.volatileTTL)
        for index in 0..<2_000 { store.setKeyDeadline("k\(index)", 1_000_000 + Int64(index)) }
        shrink(store, byPercent: 40, now: 0)
        #expect(survivors(store, 0..<400, now: 0) == 0)
        #expect(survivors(store, 1_200..<2_000, now: 0) == 800)
    }

    @Test func findsTheOnlyKeyWithADeadline_amongFieldDeadlines() {
        let store = fill(.volatileRandom, shards: 1)
        for index in 0..<300 { store.putFields("h\(index)", [("f", "v")], .set(1_000_000)) }
        store.setKeyDeadline("k77", 2_000_000)
        store.settle()
        store.budget.maximumBytes = store.byteCount - 1
        var rounds = 0
        while store.string("k77") != nil, rounds < 1_000 {
            _ = store.evictIfNeeded(now: 0)
            rounds += 1
        }
        #expect(store.string("k77") == nil)
        #expect(store.keyCount == 2_299)
    }

    @Test func takesFromAllStores_thatShareABudget() {
        let budget = MemoryBudget(policy: .allKeysRandom)
        let stores = (0..<4).map { _ in HashStore(budget: budget, now: 0) }
        for store in stores.dropLast() {
            for index in 0..<500 { store.put("k\(index)", String(repeating: "v", count: 100)) }
        }
        for store in stores { store.settle() }
        budget.maximumBytes = budget.usedBytes / 2
        for _ in 0..<1_000 where budget.isExceeded { _ = budget.makeRoom(now: 0) }
        for store in stores.dropLast() { #expect((50...400).contains(store.keyCount)) }
        for store in stores { store.settle() }
        #expect(budget.usedBytes <= budget.maximumBytes + 4 * 16 * 4096)
    }

    @Test func countsNothing_afterTheStoresAreGone() {
        let budget = MemoryBudget()
        do {
            let store = HashStore(budget: budget, now: 0)
            for index in 0..<3_000 { store.put("k\(index)", String(repeating: "v", count: index)) }
            for index in 0..<1_000 { store.drop("k\(index)") }
            store.putFields("h", (0..<1_000).map { ("f\($0)", "v") }, .set(100))
            #expect(budget.usedBytes > 1_000_000)
        }
        #expect(budget.usedBytes == 0)
        #expect(budget.retiredBytes == 0)
    }
}
