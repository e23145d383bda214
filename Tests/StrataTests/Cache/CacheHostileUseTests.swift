import Strata
import Synchronization
import Testing

/// Keys, values, closures and settings that do what nobody should, or what hardly anybody thinks of.
@Suite
struct CacheHostileUseTests {
    private struct Failure: Error {}

    /// A value whose destructor uses the cache.
    private final class Caller: Sendable {
        let weight: UInt32
        let cache: Cache<Int, Caller>?

        init(weight: UInt32 = 1, _ cache: Cache<Int, Caller>? = nil) {
            self.weight = weight
            self.cache = cache
        }

        deinit { cache?.put(Caller(), forKey: 2) }
    }

    /// History: the value that a closure had put in before it threw was released while the shard was locked; a destructor that used
    /// the cache waited for its own thread forever.
    @Test
    func destructorMayUseCache_whenUpdateThrowsAfterChange() {
        let cache = Cache<Int, Caller>(maximumCount: 10)
        #expect(throws: Failure.self) {
            try cache.update(1) { value throws(Failure) in
                value = Caller(cache)
                throw Failure()
            }
        }
        #expect(cache.keys == [2])
        expectValid(cache)
    }

    /// History: as above, with a value that was too heavy to be let in.
    @Test
    func destructorMayUseCache_whenUpdatedValueIsTooHeavy() {
        let cache = Cache<Int, Caller>(.init(maximumWeight: 10) { _, value in value.weight })
        cache.update(1) { value in value = Caller(weight: 11, cache) }
        #expect(cache.keys == [2])
        expectValid(cache)
    }

    /// History: a load of a key that isn't equal to itself was never found again in the dictionary of loads: it stayed there with its
    /// value, and each further one made the next slower.
    @Test
    func forgetsLoads_whenKeyIsNotEqualToItself() async throws {
        let live = LiveCount()
        let cache = Cache<Double, Tracked>(maximumCount: 5)
        for number in 0..<100 as Range<UInt64> {
            _ = cache.get(.nan) { Tracked(number, live) }
            _ = try await cache.load(.nan) { _ in Tracked(number, live) }
            _ = try await cache.load(keys: [.nan]) { _ in [.nan: Tracked(number, live)] }
            #expect(throws: Failure.self) { try cache.get(.nan) { () throws(Failure) in throw Failure() } }
        }
        #expect(cache.count == 5)
        expectValid(cache)
        #expect(cache.waiterCount(forKey: .nan) == nil)
        cache.removeAll()
        cache.performMaintenance()
        #expect(live.value == 0)
    }

    /// History: a bound that means "none" was taken for the expected number of entries: making the cache took gigabytes and minutes.
    @Test(arguments: [Int.max, 1 << 40, 1 << 32, (1 << 32) - 1])
    func takesLittleMemory_whenBoundIsBeyondAllMemory(maximum: Int) {
        let cache = Cache<Int, Int>(maximumCount: maximum)
        #expect(cache.maximumWeight == UInt64(min(maximum, .max / 4)))
        for key in 0..<10_000 { cache.put(key, forKey: key) }
        #expect(cache.count == 10_000)
        expectValid(cache)
    }

    /// History: with times near both ends of what a clock can tell, differences of times overflowed and stopped the program; and at the very
    /// last one, which also says "no deadline", an empty heap of deadlines was read.
    @Test(arguments: [
        Duration.zero, .nanoseconds(1), .nanoseconds(Int64.max), .seconds(Int64.max), .seconds(Int64.min),
    ])
    func survivesExtremeTimes(lifetime: Duration) async throws {
        let time = Atomic<Int64>(0)
        let times: [Int64] = [.min, -1, 0, .max]
        for start in times {
            for later in times {
                for kind in 0..<3 {
                    time.store(start, ordering: .relaxed)
                    let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 10)) {
                        $0.clock = CacheClock { .nanoseconds(time.load(ordering: .relaxed)) }
                        switch kind {
                        case 0:
                            $0.expiry = .init(
                                afterCreate: { _, _ in lifetime }, afterUpdate: { _, _, rest in rest },
                                afterRead: { _, _, rest in rest })
                        case 1: $0.expireAfterAccess = lifetime
                        default: $0.expireAfterWrite = lifetime
                        }
                        $0.refreshAfterWrite = lifetime
                    }
                    for key in 0..<20 { cache.put(key, forKey: key) }
                    time.store(later, ordering: .relaxed)
                    for key in 0..<20 {
                        _ = cache.get(key)
                        cache.put(key, forKey: key)
                    }
                    _ = cache.get(100) {
                        time.store(start, ordering: .relaxed)
                        return 1
                    }
                    _ = try await cache.load(101) { _ in
                        time.store(later, ordering: .relaxed)
                        return 1
                    }
                    cache.performMaintenance()
                    #expect(cache.count <= 10)
                    #expect(cache.statistics.totalLoadTime >= .zero)
                }
            }
        }
    }

    /// History: it waited for itself forever, and only where both keys were in one shard: on most machines for one pair of keys in 32.
    @Test
    func stopsProgram_whenClosureUsesItsOwnCache() async {
        await #expect(processExitsWith: .failure) {
            let cache = Cache<Int, Int>(maximumCount: 10)
            cache.update(1) { _ in cache.update(2) { $0 = 2 } }
        }
        await #expect(processExitsWith: .failure) {
            let cache = Cache<Int, Int>(maximumCount: 10)
            cache.put(1, forKey: 1)
            cache.removeAll { key, _ in cache.remove(key) == nil }
        }
    }
}
