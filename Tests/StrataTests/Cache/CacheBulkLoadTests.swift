import Strata
import Synchronization
import Testing

@Suite
struct CacheBulkLoadTests {
    private let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 100))
    private let gate = LoadGate()

    @Test
    func loadsOnlyTheMissing_inOneCall() async throws {
        let asked = Mutex<[[Int]]>([])
        cache.put(10, forKey: 1)
        cache.put(30, forKey: 3)
        let values = try await cache.load(keys: [1, 2, 3, 4, 2]) { keys in
            asked.withLock { $0.append(keys.sorted()) }
            return Dictionary(uniqueKeysWithValues: keys.map { ($0, $0 * 10) })
        }
        #expect(values == [1: 10, 2: 20, 3: 30, 4: 40])
        #expect(asked.withLock { $0 } == [[2, 4]])
        #expect(cache.snapshot() == values)
        let again = try await cache.load(keys: [1, 2]) { _ in
            Issue.record("nothing is missing")
            return [:]
        }
        #expect(again == [1: 10, 2: 20])
        #expect(cache.statistics.loadCount == 1)
        expectValid(cache)
    }

    @Test
    func waitsForLoadsOfOthers() async throws {
        let single = Task { [cache, gate] in
            try await cache.load(1) { _ in
                await gate.pass()
                return 100
            }
        }
        await gate.waitForCall()
        let bulk = Task { [cache] in
            try await cache.load(keys: [1, 2]) { keys in
                #expect(keys == [2])
                return [2: 200]
            }
        }
        await cache.waitForWaiters(2, forKey: 1)
        gate.open()
        #expect(try await bulk.value == [1: 100, 2: 200])
        #expect(try await single.value == 100)
    }

    @Test
    func leavesOut_whatLoaderDoesNotHave() async throws {
        let bulk = Task { [cache, gate] in
            try await cache.load(keys: [1, 2]) { _ in
                await gate.pass()
                return [1: 10, 7: 70]
            }
        }
        await gate.waitForCall()
        // Somebody else waits for a key that the bulk loader will not have: its own loader is asked then.
        let single = Task { [cache] in try await cache.load(2) { _ in 22 } }
        await waitUntil { (cache.waiterCount(forKey: 2) ?? 0) >= 1 }
        gate.open()
        #expect(try await bulk.value == [1: 10])
        #expect(try await single.value == 22)
        #expect(cache.snapshot() == [1: 10, 2: 22])
        expectValid(cache)
    }

    @Test
    func tellsFailureToAll() async throws {
        let bulk = Task { [cache, gate] in
            try await cache.load(keys: [1, 2]) { _ in
                await gate.pass()
                throw LoadFailure(number: 3)
            }
        }
        await gate.waitForCall()
        let single = Task { [cache] in try await cache.load(2) { _ in 22 } }
        await waitUntil { (cache.waiterCount(forKey: 2) ?? 0) >= 1 }
        gate.open()
        await #expect(throws: LoadFailure(number: 3)) { try await bulk.value }
        // It joined before the failure, or loaded for itself after it.
        let result = await single.result
        #expect((try? result.get()) == 22 || (try? result.get()) == nil)
        #expect(cache[1] == nil)
        #expect(try await cache.load(1) { _ in 1 } == 1)
        expectValid(cache)
    }

    @Test
    func dropsOnlyWhatWasRemovedMeanwhile() async throws {
        let bulk = Task { [cache, gate] in
            try await cache.load(keys: [1, 2]) { _ in
                await gate.pass()
                return [1: 10, 2: 20]
            }
        }
        await gate.waitForCall()
        cache.remove(1)
        gate.open()
        #expect(try await bulk.value == [1: 10, 2: 20])
        #expect(cache.snapshot() == [2: 20])
        expectValid(cache)
    }
}
