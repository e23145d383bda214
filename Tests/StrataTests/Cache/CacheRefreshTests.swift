import Strata
import Testing

@Suite
struct CacheRefreshTests {
    private let clock = ManualClock()
    private let gate = LoadGate()
    private let cache: Cache<Int, Int>

    init() {
        let clock = clock
        cache = makeCache {
            $0.clock = clock.clock
            $0.refreshAfterWrite = .seconds(10)
            $0.expireAfterWrite = .seconds(100)
        }
    }

    private func loadSlowly(_ value: Int) async throws -> Int {
        try await cache.load(1) { [gate] _ in
            await gate.pass()
            return value
        }
    }

    @Test
    func returnsStaleValueAtOnce_andRefreshesOnce() async throws {
        cache.put(1, forKey: 1)
        clock.advance(by: .seconds(10) - .nanoseconds(2))
        #expect(try await loadSlowly(2) == 1)
        #expect(gate.calls == 0)
        clock.advance(by: .nanoseconds(2))
        for _ in 0..<5 { #expect(try await loadSlowly(2) == 1) }
        await gate.waitForCall()
        gate.open()
        await waitUntil { cache.peek(1) == 2 }
        #expect(gate.calls == 1)
        #expect(try await loadSlowly(3) == 2)
        #expect(gate.calls == 1)
        // It was written anew.
        clock.advance(by: .seconds(99))
        #expect(cache[1] == 2)
        expectValid(cache)
    }

    @Test
    func keepsOldValue_whenRefreshFails_andTriesAgain() async throws {
        cache.put(1, forKey: 1)
        clock.advance(by: .seconds(20))
        #expect(try await cache.load(1) { _ in throw LoadFailure() } == 1)
        await waitUntil { cache.statistics.loadFailureCount == 1 && cache.waiterCount(forKey: 1) == nil }
        #expect(cache[1] == 1)
        #expect(try await cache.load(1) { _ in 2 } == 1)
        await waitUntil { cache.peek(1) == 2 }
        expectValid(cache)
    }

    @Test
    func dropsRefresh_whenKeyIsRemovedOrWritten() async throws {
        cache.put(1, forKey: 1)
        clock.advance(by: .seconds(20))
        #expect(try await loadSlowly(2) == 1)
        await gate.waitForCall()
        cache.remove(1)
        gate.open()
        await waitUntil { cache.statistics.loadCount == 1 }
        #expect(try await cache.load(1) { _ in 3 } == 3)
        clock.advance(by: .seconds(20))
        let second = LoadGate()
        let stale = try await cache.load(1) { _ in
            await second.pass()
            return 4
        }
        #expect(stale == 3)
        await second.waitForCall()
        cache.put(5, forKey: 1)
        second.open()
        await waitUntil { cache.statistics.loadCount == 3 }
        #expect(cache[1] == 5)
        expectValid(cache)
    }

    /// The refresh was dropped with all loads under way, its entry stayed, and nobody was ever to refresh it again.
    @Test
    func refreshesAgain_whenRefreshWasDroppedButEntryStayed() async throws {
        cache.put(1, forKey: 1)
        clock.advance(by: .seconds(20))
        #expect(try await loadSlowly(2) == 1)
        await gate.waitForCall()
        #expect(cache.removeAll { _, _ in false } == 0)
        gate.open()
        await waitUntil { cache.statistics.loadCount == 1 }
        // The dropped result lands a moment after it was counted.
        while cache.peek(1) == 1 {
            #expect(try await cache.load(1) { _ in 3 } != 2)
            await Task.yield()
        }
        #expect(cache[1] == 3)
        expectValid(cache)
    }

    @Test
    func joinsRefresh_whenValueHasExpiredMeanwhile() async throws {
        cache.put(1, forKey: 1)
        clock.advance(by: .seconds(20))
        #expect(try await loadSlowly(2) == 1)
        await gate.waitForCall()
        clock.advance(by: .seconds(100))
        let waiter = Task { try await cache.load(1) { _ in 9 } }
        await cache.waitForWaiters(1, forKey: 1)
        gate.open()
        #expect(try await waiter.value == 2)
        #expect(cache[1] == 2)
        expectValid(cache)
    }

    @Test
    func synchronousRequestsDoNotRefresh() {
        cache.put(1, forKey: 1)
        clock.advance(by: .seconds(20))
        #expect(cache[1] == 1)
        #expect(cache.waiterCount(forKey: 1) == nil)
    }

    @Test
    func reloadsWhileOthersReadTheOldValue() async throws {
        cache.put(1, forKey: 1)
        async let first = cache.reload(1) { [gate] _ in
            await gate.pass()
            return 2
        }
        await gate.waitForCall()
        async let second = cache.reload(1) { _ in 3 }
        await waitUntil { cache.waiterCount(forKey: 1) == 2 }
        #expect(cache[1] == 1)
        #expect(try await cache.load(1) { _ in 4 } == 1)
        gate.open()
        #expect(try await first == 2)
        #expect(try await second == 2)
        #expect(cache[1] == 2)
        #expect(try await cache.reload(7) { $0 } == 7)
        #expect(cache[7] == 7)
        expectValid(cache)
    }

    @Test
    func keepsOldValue_whenReloadFails() async throws {
        cache.put(1, forKey: 1)
        await #expect(throws: LoadFailure.self) { try await cache.reload(1) { _ in throw LoadFailure() } }
        #expect(cache[1] == 1)
        #expect(cache.waiterCount(forKey: 1) == nil)
        expectValid(cache)
    }

    @Test
    func dropsReload_whenKeyIsRemovedMeanwhile() async throws {
        cache.put(1, forKey: 1)
        async let value = cache.reload(1) { [gate] _ in
            await gate.pass()
            return 2
        }
        await gate.waitForCall()
        cache.remove(1)
        gate.open()
        #expect(try await value == 2)
        #expect(cache[1] == nil)
        expectValid(cache)
    }
}
