import Strata
import Testing

@Suite
struct CacheWeightTests {
    private func makeWeighed(
        _ maximum: UInt64, shardCount: Int? = nil
    ) -> (cache: Cache<Int, UInt32>, departures: Departures<Int, UInt32>) {
        let departures = Departures<Int, UInt32>()
        let cache = makeCache(Cache<Int, UInt32>.Configuration(maximumWeight: maximum) { _, value in value }) {
            $0.shardCount = shardCount
            $0.removalListener = departures.listener
        }
        return (cache, departures)
    }

    @Test
    func sumsWeights() {
        let (cache, _) = makeWeighed(100)
        cache.put(10, forKey: 1)
        cache.put(20, forKey: 2)
        #expect(cache.totalWeight == 30)
        cache.put(5, forKey: 2)
        #expect(cache.totalWeight == 15)
        cache.update(1) { $0 = 50 }
        #expect(cache.totalWeight == 55)
        cache.remove(2)
        #expect(cache.totalWeight == 50)
        cache.put(0, forKey: 3)
        #expect(cache.totalWeight == 50)
        #expect(cache.count == 2)
        expectValid(cache)
    }

    @Test
    func evictsAsManyAsItTakes() {
        let (cache, departures) = makeWeighed(100)
        for key in 0..<100 { cache.put(1, forKey: key) }
        cache.put(60, forKey: 1_000)
        #expect(cache.totalWeight <= 100)
        #expect(departures.take().filter { $0.cause == .size }.count == 60)
        #expect(cache.contains(1_000))
        cache.put(100, forKey: 1_001)
        #expect(cache.totalWeight == 100)
        #expect(cache.keys == [1_001])
        #expect(cache.statistics.evictedWeight == 200 - 40)
        expectValid(cache)
    }

    @Test(arguments: [1, 4])
    func letsNothingInThatIsTooHeavy(shardCount: Int) {
        let (cache, departures) = makeWeighed(1_000, shardCount: shardCount)
        cache.put(5, forKey: 1)
        cache.put(5, forKey: 2)
        cache.put(1_001, forKey: 1)
        #expect(
            departures.take() == [
                .init(key: 1, value: 5, cause: .replaced), .init(key: 1, value: 1_001, cause: .size),
            ])
        #expect(cache.putIfAbsent(2_000, forKey: 3) == nil)
        #expect(cache.updateValue(.max, forKey: 2) == 5)
        cache.put(7, forKey: 4)
        cache.update(4) { $0 = 1_001 }
        #expect(cache.isEmpty)
        #expect(cache.statistics.sizeEvictionCount == 4)
        expectValid(cache)
    }

    @Test
    func findsRoomInOtherShards_whenEntryIsHeavierThanAShare() {
        let (cache, _) = makeWeighed(8_000, shardCount: 8)
        for key in 0..<9_000 { cache.put(1, forKey: key) }
        #expect(cache.totalWeight > 7_800)
        cache.put(5_000, forKey: 10_000)
        #expect(cache.contains(10_000))
        #expect(cache.totalWeight <= 8_000)
        expectValid(cache)
        cache.remove(10_000)
        for key in 0..<20_000 { cache.put(1, forKey: 20_000 + key) }
        // The other shards got their room back.
        #expect(cache.totalWeight > 7_500)
        expectValid(cache)
        cache.put(8_000, forKey: 10_001)
        #expect(cache.keys == [10_001])
        expectValid(cache)
    }

    @Test(arguments: [1, 8])
    func changesMaximumAtRunTime(shardCount: Int) {
        let (cache, departures) = makeWeighed(10_000, shardCount: shardCount)
        for key in 0..<20_000 { cache.put(1, forKey: key) }
        #expect(cache.maximumWeight == 10_000)
        _ = departures.take()
        cache.maximumWeight = 1_000
        #expect(cache.totalWeight <= 1_000)
        #expect(cache.totalWeight > 800)
        #expect(departures.takeCauses().allSatisfy { $0 == .size })
        expectValid(cache)
        for key in 0..<20_000 { cache.put(1, forKey: 100_000 + key) }
        #expect(cache.totalWeight <= 1_000)
        cache.maximumWeight = 20_000
        for key in 0..<40_000 { cache.put(1, forKey: 200_000 + key) }
        #expect(cache.totalWeight <= 20_000)
        #expect(cache.totalWeight > 19_000)
        expectValid(cache)
        cache.maximumWeight = 0
        #expect(cache.isEmpty)
        cache.maximumWeight = .max
        #expect(cache.maximumWeight > 1 << 60)
        expectValid(cache)
    }

    @Test
    func fillsUp_howeverUnevenKeysAre() {
        // Fewer keys than there is room: none goes, though their shards get more than an equal share.
        let (cache, departures) = makeWeighed(10_000, shardCount: 8)
        for key in 0..<9_800 { cache.put(1, forKey: key) }
        #expect(cache.count == 9_800)
        #expect(departures.all.isEmpty)
        // Nor is what some shards give back lost to the others.
        for _ in 0..<3 {
            for key in 0..<9_800 where key % 3 > 0 { cache.remove(key) }
            for key in 0..<9_800 { cache.put(1, forKey: key) }
        }
        #expect(cache.count >= 9_700)
        expectValid(cache)
    }
}
