import Testing

@testable import Strata

@Suite struct AdaptiveEvictionTests {
    private static let keyCount = 40_000
    private static let value = String(repeating: "v", count: 100)

    /// Popular keys (Zipf) and, for every other stretch of requests, keys that come once: what pushes popular ones out of an LRU.
    private func hitRatio(_ policy: EvictionPolicy, seed: UInt64) -> Double {
        var configuration = HashStore.Configuration()
        configuration.shardCount = 4
        configuration.hashSeed = seed
        let store = HashStore(
            configuration: configuration, budget: MemoryBudget(maximumBytes: 1 << 20, policy: policy), now: 0)
        var generator = SeededGenerator(seed: seed)
        var hits = 0
        var requests = 0
        var scanned = 0
        for number in 0..<400_000 {
            // 2 000 requests a second, so that idle times tell an LRU something.
            let now = Int64(number) / 2
            let isScan = number / 2_000 % 2 == 1
            // The square of a square of an even number is about a Zipf distribution with exponent 0.75.
            let even = Double(generator.next() >> 11) / Double(1 << 53)
            let rank = Int(even * even * even * even * Double(Self.keyCount))
            if isScan { scanned += 1 }
            let key = isScan ? "scan\(scanned)" : "k\(rank)"
            if !isScan { requests += 1 }
            if store.withRecordedRead(of: key, now: now) {
                hits += 1
            } else {
                #expect(store.evictIfNeeded(now: now))
                store.put(key, Self.value, now: now)
            }
        }
        return Double(hits) / Double(requests)
    }

    @Test(arguments: [1, 2] as [UInt64])
    func keepsPopularKeys_throughScans_betterThanLRU(seed: UInt64) {
        let adaptive = hitRatio(.allKeysAdaptive, seed: seed)
        let recency = hitRatio(.allKeysLRU, seed: seed)
        #expect(adaptive > recency + 0.03, "\(adaptive) and \(recency), seed \(seed)")
    }

    @Test func prefersToEvictLargeEntries_ofEqualUse() {
        let store = HashStore(budget: MemoryBudget(), now: 0)
        for index in 0..<2_000 {
            store.put("small\(index)", "v")
            store.put("large\(index)", String(repeating: "v", count: 2_000))
        }
        store.settle()
        store.budget.maximumBytes = store.byteCount * 3 / 4
        while store.budget.isExceeded { guard store.evictIfNeeded(now: 0) else { break } }
        let small = (0..<2_000).count { store.string("small\($0)", now: 0) != nil }
        let large = (0..<2_000).count { store.string("large\($0)", now: 0) != nil }
        #expect(small > 1_900)
        #expect(large < 1_600)
    }

    @Test func staysWithinTheBound_andCountsExactly() {
        var configuration = HashStore.Configuration()
        configuration.shardCount = 4
        let limit = 2 << 20
        let store = HashStore(configuration: configuration, budget: MemoryBudget(maximumBytes: limit), now: 0)
        #expect(store.budget.policy == .allKeysAdaptive)
        var generator = SeededGenerator(seed: 9)
        var most = 0
        for number in 0..<60_000 {
            #expect(store.evictIfNeeded(now: 0))
            let length = Int(generator.next() % 400)
            if number % 5 == 0 {
                store.putFields(
                    "h\(generator.next() % 3_000)", [("f", "v"), ("g", String(repeating: "w", count: length))], .clear)
            } else {
                store.put("k\(generator.next() % 40_000)", String(repeating: "v", count: length))
            }
            most = max(most, store.byteCount - store.budget.retiredBytes)
        }
        // What shards haven't reported yet, what the last write took, and a table that was about to grow.
        #expect(most < limit + 4 * 4096 + 512 << 10, "\(most)")
        store.settle()
        #expect(store.budget.retiredBytes == 0)
        #expect(abs(store.budget.usedBytes - store.byteCount) <= 4 * 4096)
        store.withExclusiveAccessToAll(now: 0) { $0.removeAll() }
        store.settle()
        #expect(store.keyCount == 0)
        #expect(store.byteCount < 64 << 10)
    }

    @Test func remembersEvictedKeys() {
        var configuration = HashStore.Configuration()
        configuration.shardCount = 1
        let store = HashStore(configuration: configuration, budget: MemoryBudget(), now: 0)
        for index in 0..<400 { store.put("k\(index)", Self.value) }
        store.settle()
        store.budget.maximumBytes = store.byteCount / 2
        while store.budget.isExceeded { guard store.evictIfNeeded(now: 0) else { break } }
        store.budget.maximumBytes = 0
        let evicted = (0..<400).filter { store.string("k\($0)", now: 0) == nil }
        for index in evicted { store.put("k\(index)", Self.value) }
        let remembered = evicted.count { index in
            store.withEntry("k\(index)", now: 0) { $0?.accessStamp.requests == 2 }
        }
        #expect(evicted.count > 100)
        // Sets that overflow forget their oldest.
        #expect(remembered > evicted.count * 3 / 4)
    }
}
