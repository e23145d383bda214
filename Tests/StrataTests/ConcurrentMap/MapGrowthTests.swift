import Testing

@testable import Strata

/// The bound on what one operation does, and memory in both directions.
///
/// Bounds are counted, not timed.
@Suite
struct MapGrowthTests {
    @Test
    func movesAFewSlotsAtATime_fromNothingToAMillionAndBack() {
        let map = ConcurrentMap<UInt64, UInt64>()
        let count: UInt64 = 1_000_000
        for key in 0..<count { map.updateValue(key, forKey: key) }
        let full = map.statistics
        #expect(full.count == Int(count))
        #expect(full.maximumSlotsMoved <= 64)
        #expect(full.maximumSlotsMoved > 0)
        #expect(full.growthCount >= map.shardCount)
        // The sizes of the shards are staggered, so that the map as a whole is never half empty.
        #expect(full.bytesPerEntry < 32, "\(full)")
        #expect(full.loadFactor > 0.5 && full.loadFactor <= 0.9, "\(full)")
        #expect(Double(full.collisionCount) < 0.3 * Double(count), "\(full)")

        for key in 0..<(count - 1000) { map.removeValue(forKey: key) }
        let sparse = map.statistics
        #expect(sparse.count == 1000)
        #expect(sparse.maximumSlotsMoved <= 64)
        #expect(sparse.shrinkCount >= map.shardCount)
        for key in (count - 1000)..<count { #expect(map[key] == key) }
        // What is left to give back goes with further writes, or at once.
        reclaimAll(map)
        #expect(map.statistics.byteCount < full.byteCount / 50, "\(map.statistics)")
    }

    @Test
    func movesAFewSlotsAtATime_withAllocatedEntries() {
        let map = ConcurrentMap<Int, String>(shardCount: 2)
        for key in 0..<100_000 { map.updateValue("\(key)", forKey: key) }
        for key in 0..<99_000 { map.removeValue(forKey: key) }
        let statistics = map.statistics
        #expect(statistics.maximumSlotsMoved <= 64)
        #expect(statistics.growthCount > 0 && statistics.shrinkCount > 0)
        for key in 99_000..<100_000 { #expect(map[key] == "\(key)") }
        reclaimAll(map)
        #expect(map.statistics.retiredCount == 0)
        #expect(map.statistics.movingCount == 0)
    }

    @Test
    func cleansTombstones_whenKeysComeAndGo() {
        let map = ConcurrentMap<UInt64, UInt64>(shardCount: 1)
        for key in 0..<200_000 as Range<UInt64> {
            map.updateValue(key, forKey: key)
            if key >= 100 { map.removeValue(forKey: key - 100) }
        }
        let statistics = map.statistics
        #expect(statistics.count == 100)
        #expect(statistics.cleaningCount > 100)
        #expect(statistics.capacity <= 512, "\(statistics)")
        #expect(statistics.maximumSlotsMoved <= 64)
        #expect(map.snapshot().count == 100)
    }

    @Test
    func reusesSlots_whenEntriesComeAndGo() {
        let map = ConcurrentMap<UInt64, [UInt64]>(shardCount: 1)
        for key in 0..<50_000 as Range<UInt64> {
            map.updateValue([key], forKey: key)
            if key >= 100 { map.removeValue(forKey: key - 100) }
        }
        let statistics = map.statistics
        #expect(statistics.count == 100)
        #expect(statistics.capacity <= 512, "\(statistics)")
        #expect(statistics.growthCount + statistics.cleaningCount < 50, "\(statistics)")
    }

    @Test
    func doesNotGrow_whenCapacityWasReserved() {
        let map = ConcurrentMap<UInt64, UInt64>(minimumCapacity: 100_000)
        for key in 0..<100_000 as Range<UInt64> { map.updateValue(key, forKey: key) }
        #expect(map.statistics.growthCount == 0)
        for key in 0..<100_000 as Range<UInt64> { map.removeValue(forKey: key) }
        #expect(map.statistics.shrinkCount == 0)
        map.reserveCapacity(0)
        for key in 0..<1_000 as Range<UInt64> {
            map.updateValue(key, forKey: key)
            map.removeValue(forKey: key)
        }
        #expect(map.statistics.shrinkCount > 0)
    }

    @Test
    func keepsEntries_whenCapacityIsReservedLate() {
        let map = ConcurrentMap<UInt64, UInt64>()
        for key in 0..<10_000 as Range<UInt64> { map.updateValue(key, forKey: key) }
        map.reserveCapacity(100_000)
        for key in 0..<10_000 as Range<UInt64> { #expect(map[key] == key) }
        map.reserveCapacity(200_000)
        for key in 10_000..<200_000 as Range<UInt64> { map.updateValue(key, forKey: key) }
        for key in 0..<200_000 as Range<UInt64> { #expect(map[key] == key) }
        #expect(map.statistics.maximumSlotsMoved <= 64)
    }

    @Test
    func spreadsKeys_whenTheyWereChosenToCollide() {
        // Keys that differ in high bits, in low bits, by a stride: neither may pile up.
        for (shift, offset) in [(8, 127), (32, 0), (56, 1), (0, 0), (16, 3)] as [(UInt64, UInt64)] {
            let map = ConcurrentMap<UInt64, UInt64>(hashKey: HashKey(seed: 3))
            let count = shift == 56 ? 200 : 20_000
            for index in 0..<UInt64(count) { map.updateValue(index, forKey: index << shift | offset) }
            let statistics = map.statistics
            // In a shard that is about to grow some entries are found late; there are never many of them.
            #expect(statistics.probeLengths[8...].reduce(0, +) <= count / 1_000, "shift \(shift): \(statistics)")
            #expect(Double(statistics.collisionCount) < 0.1 * Double(count), "shift \(shift): \(statistics)")
        }
    }

    @Test
    func allocatesNothingPerShard_beforeItIsUsed() {
        let map = ConcurrentMap<UInt64, UInt64>()
        #expect(map.statistics.byteCount == map.shardCount * 384)
        #expect(map.statistics.capacity == 0)
        #expect(map.statistics.loadFactor == 0)
    }
}
