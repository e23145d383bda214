import Strata
import Synchronization
import Testing

/// Threads read, write, evict, expire, load and clear at once; afterwards everything adds up, and every object is gone
/// that nobody holds.
@Suite(.tags(.stress, .lifetime))
struct CacheStressTests {
    enum Scenario: CaseIterable {
        case count
        case weight
        case expiry
        case unbounded
    }

    private static func makeCache(
        _ scenario: Scenario, shardCount: Int, _ clock: ManualClock
    ) -> Cache<UInt64, Tracked> {
        StrataTests.makeCache {
            $0.shardCount = shardCount
            $0.clock = clock.clock
            switch scenario {
            case .count:
                $0.maximumCount = 200
            case .weight:
                $0.maximumWeight = 2_000
                $0.weigher = { _, value in UInt32(value.number % 50) }
            case .expiry:
                $0.maximumCount = 400
                $0.expireAfterWrite = .milliseconds(50)
                $0.expireAfterAccess = .milliseconds(20)
            case .unbounded:
                $0.expiry = .accessing { key, _ in .milliseconds(Int64(key % 30)) }
            }
        }
    }

    @Test(arguments: Scenario.allCases, [1, 4])
    func losesAndLeaksNothing(scenario: Scenario, shardCount: Int) {
        let live = LiveCount()
        let clock = ManualClock()
        do {
            let cache = Self.makeCache(scenario, shardCount: shardCount, clock)
            let maximum = cache.maximumWeight
            runThreads(5) { thread in
                var generator = SeededGenerator(seed: UInt64(thread) + 77)
                for step in 0..<6_000 {
                    let key = UInt64(generator.below(1_000))
                    if thread == 0 {
                        Self.disturb(cache, clock, step, &generator)
                    } else {
                        Self.use(cache, key, live, &generator)
                    }
                }
            }
            expectValid(cache)
            #expect(cache.totalWeight <= maximum)
            for (key, value) in cache { #expect(value.isAlive && value.number % 1_000 == key) }
            cache.performMaintenance()
            expectValid(cache)
        }
        #expect(live.value == 0)
        #expect(live.total > 1_000)
    }

    private static func use(
        _ cache: Cache<UInt64, Tracked>, _ key: UInt64, _ live: LiveCount, _ generator: inout SeededGenerator
    ) {
        func make() -> Tracked { Tracked(generator.next() % 1_000 * 1_000 + key, live) }
        func check(_ value: Tracked?) {
            guard let value else { return }
            precondition(value.isAlive && value.number % 1_000 == key, "another key's value, or a dead one")
        }
        switch generator.below(16) {
        case 0, 1: cache.put(make(), forKey: key)
        case 2: check(cache.updateValue(make(), forKey: key))
        case 3: check(cache.putIfAbsent(make(), forKey: key))
        case 4: check(cache.remove(key))
        case 5:
            let new = make()
            cache.update(key) { value in
                check(value)
                value = value == nil || new.number % 3 == 0 ? new : nil
            }
        case 6: check(cache.get(key) { make() })
        case 7: check(cache.values(forKeys: [key])[0])
        default: check(cache[key])
        }
    }

    private static func disturb(
        _ cache: Cache<UInt64, Tracked>, _ clock: ManualClock, _ step: Int, _ generator: inout SeededGenerator
    ) {
        switch generator.below(200) {
        case 0: cache.performMaintenance()
        case 1: cache.removeAll { key, _ in key % 5 == 0 }
        case 2: if step % 4 == 0 { cache.removeAll() }
        case 3: for (key, value) in cache { precondition(value.number % 1_000 == key) }
        case 4: precondition(cache.hottestKeys(limit: 5).count <= 5)
        case 5:
            let maximum = cache.maximumWeight
            cache.maximumWeight = maximum / 3
            cache.maximumWeight = maximum
        case 6..<100: clock.advance(by: .milliseconds(1))
        default: _ = cache.statistics
        }
    }

    /// The bound is exceeded by one entry per writer at most, at any moment.
    ///
    /// The counts of several shards are not of one moment: each may be seen while a writer is one ahead.
    @Test(arguments: [1, 4])
    func staysWithinBound_atEveryMoment(shardCount: Int) {
        let cache: Cache<Int, Int> = StrataTests.makeCache(.init(maximumCount: 500)) { $0.shardCount = shardCount }
        let left = Atomic<Int>(3)
        runThreads(4) { thread in
            if thread == 3 {
                var worst = 0
                repeat { worst = max(worst, cache.count) } while left.load(ordering: .acquiring) > 0
                #expect(worst <= 500 + shardCount)
            } else {
                for key in 0..<20_000 { cache.put(key, forKey: key &* 31 &+ thread) }
                left.subtract(1, ordering: .releasing)
            }
        }
        expectValid(cache)
    }

    /// Readers hold values while the policy's slots grow under them.
    @Test
    func growsUnderReaders() {
        let cache: Cache<Int, Int> = StrataTests.makeCache { $0.shardCount = 1 }
        runThreads(4) { thread in
            if thread == 0 {
                for key in 0..<60_000 { cache.put(key, forKey: key) }
            } else {
                var generator = SeededGenerator(seed: UInt64(thread))
                for _ in 0..<60_000 {
                    let key = generator.below(60_000)
                    if let value = cache[key] { precondition(value == key) }
                }
            }
        }
        #expect(cache.count == 60_000)
        expectValid(cache)
    }

    @Test
    func loadsLeakNothing() async {
        let live = LiveCount()
        do {
            let cache: Cache<Int, Tracked> = StrataTests.makeCache(.init(maximumCount: 20))
            await withTaskGroup { group in
                for task in 0..<8 {
                    group.addTask {
                        var generator = SeededGenerator(seed: UInt64(task))
                        for _ in 0..<500 {
                            let key = generator.below(60)
                            if generator.below(9) == 0 { cache.remove(key) }
                            let value = try? await cache.load(key) { key in
                                await Task.yield()
                                if key % 10 == 3 { throw LoadFailure() }
                                return Tracked(UInt64(key), live)
                            }
                            precondition(value.map { $0.isAlive && $0.number == key } ?? (key % 10 == 3))
                        }
                    }
                }
            }
            expectValid(cache)
            #expect(live.total > 20)
        }
        // The last loads' tasks let go of the cache a moment after their waiters went on.
        await waitUntil { live.value == 0 }
    }
}
