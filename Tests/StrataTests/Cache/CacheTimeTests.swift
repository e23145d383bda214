import Strata
import Testing

@Suite
struct CacheTimeTests {
    private let clock = ManualClock()

    private func makeTimed(
        _ change: (inout Cache<Int, Int>.Configuration) -> Void
    ) -> (cache: Cache<Int, Int>, departures: Departures<Int, Int>) {
        let departures = Departures<Int, Int>()
        let cache: Cache<Int, Int> = makeCache {
            $0.clock = clock.clock
            $0.removalListener = departures.listener
            change(&$0)
        }
        return (cache, departures)
    }

    @Test
    func expiresAfterWrite() {
        let (cache, departures) = makeTimed { $0.expireAfterWrite = .milliseconds(100) }
        cache.put(1, forKey: 1)
        clock.advance(by: .milliseconds(60))
        cache.put(2, forKey: 2)
        // Reading doesn't help.
        #expect(cache[1] == 1)
        clock.advance(by: .milliseconds(40) - .nanoseconds(1))
        #expect(cache[1] == 1)
        clock.advance(by: .nanoseconds(1))
        #expect(cache[1] == nil)
        #expect(cache.peek(1) == nil)
        #expect(!cache.contains(1))
        #expect(cache.keys == [2])
        #expect(cache.snapshot() == [2: 2])
        #expect(cache.count == 2)
        #expect(departures.all.isEmpty)
        cache.performMaintenance()
        #expect(cache.count == 1)
        #expect(departures.take() == [.init(key: 1, value: 1, cause: .expired)])
        #expect(cache.statistics.expirationCount == 1)
        expectValid(cache)
    }

    @Test
    func livesOn_whenWrittenAgain() {
        let (cache, departures) = makeTimed { $0.expireAfterWrite = .seconds(1) }
        cache.put(1, forKey: 1)
        for _ in 0..<5 {
            clock.advance(by: .milliseconds(900))
            cache.put(1, forKey: 1)
        }
        cache.performMaintenance()
        #expect(cache[1] == 1)
        clock.advance(by: .milliseconds(1000))
        cache.performMaintenance()
        #expect(cache.isEmpty)
        #expect(departures.takeCauses().suffix(2) == [.replaced, .expired])
        expectValid(cache)
    }

    @Test
    func expiresAfterAccess() {
        let (cache, departures) = makeTimed { $0.expireAfterAccess = .seconds(1) }
        cache.put(1, forKey: 1)
        cache.put(2, forKey: 2)
        for _ in 0..<5 {
            clock.advance(by: .milliseconds(700))
            #expect(cache[1] == 1)
            _ = cache.peek(2)
            cache.performMaintenance()
        }
        #expect(departures.take() == [.init(key: 2, value: 2, cause: .expired)])
        clock.advance(by: .seconds(1))
        #expect(cache[1] == nil)
        cache.performMaintenance()
        #expect(cache.isEmpty)
        expectValid(cache)
    }

    @Test
    func expiresByWhicheverComesFirst() {
        let (cache, _) = makeTimed {
            $0.expireAfterAccess = .seconds(2)
            $0.expireAfterWrite = .seconds(3)
        }
        cache.put(1, forKey: 1)
        clock.advance(by: .milliseconds(1_900))
        #expect(cache[1] == 1)
        clock.advance(by: .milliseconds(1_099))
        #expect(cache[1] == 1)
        clock.advance(by: .milliseconds(1))
        #expect(cache[1] == nil)
    }

    @Test
    func asksExpiryForEachEntry() {
        let (cache, _) = makeTimed {
            $0.expiry = .init(
                afterCreate: { key, _ in key == 0 ? nil : .seconds(key) },
                afterUpdate: { _, value, remaining in value < 0 ? remaining : .seconds(10) },
                afterRead: { key, _, remaining in key == 3 ? .seconds(5) : remaining })
        }
        for key in 0...3 { cache.put(1, forKey: key) }
        clock.advance(by: .milliseconds(500))
        cache.put(-1, forKey: 1)  // keeps what is left
        cache.put(2, forKey: 2)  // ten seconds from here
        #expect(cache[3] == 1)  // five seconds from here
        clock.advance(by: .milliseconds(500))
        #expect((0...3).map { cache.contains($0) } == [true, false, true, true])
        clock.advance(by: .milliseconds(4_500))
        #expect((0...3).map { cache.contains($0) } == [true, false, true, false])
        clock.advance(by: .seconds(100_000))
        cache.performMaintenance()
        #expect(cache.keys == [0])
        expectValid(cache)
    }

    @Test
    func hasShorthandsForExpiry() {
        let (cache, _) = makeTimed { $0.expiry = .writing { _, value in .seconds(value) } }
        cache.put(1, forKey: 1)
        cache.put(2, forKey: 1)
        clock.advance(by: .milliseconds(1_500))
        #expect(cache[1] == 2)
        clock.advance(by: .milliseconds(500))
        #expect(cache[1] == nil)
        let (other, _) = makeTimed { $0.expiry = .accessing { _, value in .seconds(value) } }
        other.put(1, forKey: 1)
        for _ in 0..<4 {
            clock.advance(by: .milliseconds(900))
            #expect(other[1] == 1)
        }
        clock.advance(by: .seconds(1))
        #expect(other[1] == nil)
    }

    @Test
    func treatsExpiredAsAbsent_whenWriting() {
        let (cache, departures) = makeTimed { $0.expireAfterWrite = .seconds(1) }
        func expire() {
            cache.put(1, forKey: 1)
            clock.advance(by: .seconds(1))
            _ = departures.take()
        }
        expire()
        #expect(cache.updateValue(2, forKey: 1) == nil)
        expire()
        #expect(cache.putIfAbsent(3, forKey: 1) == nil)
        #expect(cache[1] == 3)
        expire()
        cache.update(1) { value in
            #expect(value == nil)
            value = 4
        }
        #expect(departures.takeCauses() == [.expired])
        expire()
        #expect(cache.remove(1) == nil)
        #expect(departures.takeCauses() == [.expired])
        expire()
        #expect(cache.removeAll { _, _ in true } == 0)
        cache.removeAll()
        #expect(departures.takeCauses() == [.expired])
        #expect(cache.statistics.expirationCount == 5)
        expectValid(cache)
    }

    @Test
    func expiresAtOnce_whenLifetimeIsNotPositive() {
        let (cache, _) = makeTimed { $0.expiry = .writing { _, _ in .seconds(-1) } }
        cache.put(1, forKey: 1)
        #expect(cache[1] == nil)
        #expect(cache.isEmpty)
    }

    @Test
    func neverExpires_whenLifetimeIsForever() {
        let (cache, _) = makeTimed { $0.expireAfterWrite = .seconds(Int64.max) }
        cache.put(1, forKey: 1)
        clock.advance(by: .seconds(1_000_000_000))
        #expect(cache[1] == 1)
    }

    @Test
    func writesRemoveWhatHasExpired_aFewAtATime() {
        let (cache, departures) = makeTimed { $0.expireAfterWrite = .seconds(1) }
        for key in 0..<1_000 { cache.put(key, forKey: key) }
        clock.advance(by: .seconds(1))
        cache.put(0, forKey: 1_000)
        #expect((1...4).contains(departures.take().count))
        for key in 0..<1_000 { cache.put(0, forKey: 1_001 + key) }
        #expect(departures.takeCauses().allSatisfy { $0 == .expired })
        #expect(cache.count <= 1_001)
        cache.performMaintenance()
        #expect(cache.count == 1_001)
        expectValid(cache)
    }

    @Test
    func findsDeadlinesInAnyOrder() {
        let (cache, departures) = makeTimed { $0.expiry = .writing { _, value in .milliseconds(value) } }
        var generator = SeededGenerator(seed: 5)
        for key in 0..<5_000 { cache.put(generator.below(10_000) + 1, forKey: key) }
        for key in 0..<2_000 { cache.put(generator.below(10_000) + 1, forKey: generator.below(5_000) + key % 2) }
        for key in 0..<500 { cache.remove(key * 7) }
        expectValid(cache)
        _ = departures.take()
        for step in 1...100 {
            clock.advance(by: .milliseconds(100))
            cache.performMaintenance()
            #expect(departures.take().allSatisfy { $0.cause == .expired && $0.value <= step * 100 })
            #expect(cache.allSatisfy { $0.value > step * 100 })
            expectValid(cache)
        }
        #expect(cache.isEmpty)
    }

    @Test
    func usesSystemClock() {
        let cache: Cache<Int, Int> = makeCache { $0.expireAfterWrite = .seconds(3_600) }
        cache.put(1, forKey: 1)
        #expect(cache[1] == 1)
        let short: Cache<Int, Int> = makeCache { $0.expireAfterWrite = .zero }
        short.put(1, forKey: 1)
        #expect(short[1] == nil)
    }
}
