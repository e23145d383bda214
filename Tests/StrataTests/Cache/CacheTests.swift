import Strata
import Testing

@Suite
struct CacheTests {
    @Test
    func returnsNil_whenKeyIsMissing() {
        let cache = Cache<Int, String>(maximumCount: 10)
        #expect(cache.get(1) == nil)
        #expect(cache[1] == nil)
        #expect(cache.peek(1) == nil)
        #expect(!cache.contains(1))
        #expect(cache.remove(1) == nil)
        #expect(cache.isEmpty)
    }

    @Test
    func returnsWhatWasPut() {
        let cache = Cache<String, [Int]>(maximumCount: 10)
        cache.put([1], forKey: "one")
        #expect(cache["one"] == [1])
        #expect(cache.updateValue([2], forKey: "one") == [1])
        #expect(cache.peek("one") == [2])
        #expect(cache.putIfAbsent([3], forKey: "one") == [2])
        #expect(cache.putIfAbsent([4], forKey: "four") == nil)
        #expect(cache.values(forKeys: ["four", "five", "one"]) == [[4], nil, [2]])
        #expect(cache.count == 2)
        #expect(cache.totalWeight == 2)
        #expect(cache.remove("one") == [2])
        #expect(cache.remove("one") == nil)
        #expect(cache.keys == ["four"])
        expectValid(cache)
    }

    @Test
    func updatesAtomically() {
        let cache = Cache<Int, Int>(maximumCount: 10)
        #expect(cache.update(1) { value in value = (value ?? 0) + 1 } == ())
        cache.update(1) { value in value = (value ?? 0) + 1 }
        #expect(cache[1] == 2)
        let old = cache.update(1) { value -> Int? in
            defer { value = nil }
            return value
        }
        #expect(old == 2)
        #expect(cache[1] == nil)
        cache.update(2) { value in #expect(value == nil) }
        #expect(cache.isEmpty)
        expectValid(cache)
    }

    @Test
    func leavesEntryAlone_whenUpdateThrows() {
        struct Failure: Error {}
        let cache = Cache<Int, Int>(maximumCount: 10)
        cache.put(1, forKey: 1)
        #expect(throws: Failure.self) {
            try cache.update(1) { value in
                value = 2
                throw Failure()
            }
        }
        #expect(cache[1] == 1)
    }

    @Test
    func holdsOptionalValues() {
        let cache = Cache<Int, Int?>(maximumCount: 10)
        cache.put(nil, forKey: 1)
        #expect(cache.get(1) == .some(nil))
        #expect(cache.get(2) == nil)
    }

    @Test(arguments: [1, 2, 10, 100, 5_000, 20_000])
    func staysWithinCount(limit: Int) {
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: limit))
        for key in 0..<(limit * 3) {
            cache.put(key, forKey: key)
            #expect(cache.count <= limit)
        }
        // Nothing is evicted before the cache is all but full.
        #expect(cache.count >= limit - limit / 32)
        expectValid(cache)
        #expect(cache.statistics.sizeEvictionCount == limit * 3 - cache.count)
    }

    @Test
    func letsNothingIn_whenMaximumIsZero() {
        let departures = Departures<Int, Int>()
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 0)) { $0.removalListener = departures.listener }
        cache.put(1, forKey: 1)
        #expect(cache.isEmpty)
        #expect(departures.all == [.init(key: 1, value: 1, cause: .size)])
        expectValid(cache)
    }

    @Test
    func hasOneShard_whenSmall() {
        #expect(Cache<Int, Int>(maximumCount: 4095).shardCount == 1)
        #expect(makeCache(Cache<Int, Int>.Configuration(maximumCount: 10)) { $0.shardCount = 5 }.shardCount == 8)
    }

    @Test
    func tellsListener_whyEntriesLeave() {
        let departures = Departures<Int, Int>()
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 2)) { $0.removalListener = departures.listener }
        cache.put(10, forKey: 1)
        cache.put(11, forKey: 1)
        #expect(departures.take() == [.init(key: 1, value: 10, cause: .replaced)])
        cache.put(20, forKey: 2)
        cache.put(30, forKey: 3)
        #expect(departures.takeCauses() == [.size])
        let left = cache.snapshot()
        #expect(left.count == 2)
        for (key, value) in left {
            cache.remove(key)
            #expect(departures.take() == [.init(key: key, value: value, cause: .explicit)])
        }
        cache.put(40, forKey: 4)
        cache.update(4) { $0 = nil }
        #expect(departures.takeCauses() == [.explicit])
        cache.put(50, forKey: 5)
        cache.removeAll()
        #expect(departures.take() == [.init(key: 5, value: 50, cause: .explicit)])
        expectValid(cache)
    }

    @Test
    func listenerMayUseCache() {
        final class Box: @unchecked Sendable { var cache: Cache<Int, Int>? }
        let box = Box()
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 3)) {
            $0.removalListener = { key, value, cause in if cause == .size { box.cache?.remove(key - 1) } }
        }
        box.cache = cache
        for key in 0..<100 { cache.put(key, forKey: key) }
        box.cache = nil
        expectValid(cache)
    }

    @Test
    func removesWhatPredicateChooses() throws {
        struct Failure: Error {}
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 10_000)) { $0.shardCount = 4 }
        for key in 0..<5_000 { cache.put(key * 2, forKey: key) }
        #expect(cache.removeAll { key, value in key % 2 == 0 && value < 6_000 } == 1_500)
        #expect(cache.count == 3_500)
        #expect(cache.allSatisfy { $0.key % 2 == 1 || $0.value >= 6_000 })
        #expect(throws: Failure.self) { try cache.removeAll { _, _ in throw Failure() } }
        #expect(cache.count == 3_500)
        #expect(cache.remove(contentsOf: 0..<5) == 2)
        cache.removeAll()
        #expect(cache.isEmpty)
        #expect(cache.totalWeight == 0)
        cache.put(1, forKey: 1)
        #expect(cache[1] == 1)
        expectValid(cache)
    }

    @Test
    func walksOverAllEntriesOnce() {
        let cache: Cache<Int, Int> = makeCache(.init()) { $0.shardCount = 4 }
        for key in 0..<20_000 { cache.put(key, forKey: key) }
        var seen: Set<Int> = []
        for (key, value) in cache {
            #expect(key == value)
            #expect(seen.insert(key).inserted)
            // Changes of others don't disturb it.
            cache.put(-1, forKey: 20_000 + key)
            cache.remove(20_000 + key)
        }
        #expect(seen.count >= 20_000)
        #expect(cache.keys.count == 20_000)
        #expect(cache.snapshot().count == 20_000)
        expectValid(cache)
    }

    @Test
    func countsRequests() {
        let cache = Cache<Int, Int>(maximumCount: 10)
        _ = cache[1]
        cache.put(1, forKey: 1)
        _ = cache[1]
        _ = cache[1]
        _ = cache.peek(1)
        _ = cache.contains(2)
        _ = cache.putIfAbsent(5, forKey: 1)
        _ = cache.values(forKeys: [1, 2])
        let statistics = cache.statistics
        #expect(statistics.hitCount == 3)
        #expect(statistics.missCount == 2)
        #expect(statistics.hitRatio == 0.6)
        #expect(statistics.requestCount == 5)
        #expect(statistics.evictionCount == 0)
    }

    @Test
    func countsRequestsOfAllThreads() {
        let cache = Cache<Int, Int>(maximumCount: 10)
        cache.put(1, forKey: 1)
        runThreads(40) { thread in
            for _ in 0..<100 { _ = cache[thread % 2] }
        }
        #expect(cache.statistics.hitCount == 2_000)
        #expect(cache.statistics.missCount == 2_000)
    }

    @Test
    func keepsWhatIsAskedFor() {
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 100))
        for key in 0..<100 { cache.put(key, forKey: key) }
        for round in 0..<50 {
            for key in 0..<20 { _ = cache[key] }
            for key in 0..<20 { cache.put(key, forKey: 1_000 + round * 20 + key) }
        }
        #expect((0..<20).filter { cache.contains($0) }.count >= 19)
        let hottest = cache.hottestKeys(limit: 20)
        #expect(hottest.filter { $0 < 20 }.count >= 18)
        let coldest = cache.coldestKeys(limit: 30)
        #expect(coldest.count == 30)
        #expect(coldest.allSatisfy { $0 >= 20 })
        #expect(cache.hottestKeys(limit: 1_000).count == 100)
        #expect(cache.coldestKeys(limit: 0).isEmpty)
    }
}
