import Strata
import Synchronization
import Testing

@Suite
struct CacheComputeTests {
    @Test
    func computesOnce_forManyThreads() {
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 1_000))
        let calls = Atomic<Int>(0)
        runThreads(6) { _ in
            for key in 0..<300 {
                let value = cache.get(key) {
                    calls.add(1, ordering: .relaxed)
                    return key * 3
                }
                #expect(value == key * 3)
            }
        }
        #expect(calls.load(ordering: .relaxed) == 300)
        #expect(cache.count == 300)
        #expect(cache.statistics.loadCount == 300)
        expectValid(cache)
    }

    @Test
    func throwsToCaller_andStoresNothing() throws {
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 10))
        #expect(throws: LoadFailure()) { try cache.get(1) { () throws(LoadFailure) in throw LoadFailure() } }
        #expect(cache.isEmpty)
        #expect(cache.get(1) { 5 } == 5)
        #expect(cache.statistics.loadFailureCount == 1)
        expectValid(cache)
    }

    @Test
    func threadsThatWait_getTheError() {
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 1_000))
        let failures = Atomic<Int>(0)
        let calls = Atomic<Int>(0)
        runThreads(6) { _ in
            for key in 0..<200 {
                do {
                    _ = try cache.get(key) { () throws(LoadFailure) in
                        calls.add(1, ordering: .relaxed)
                        throw LoadFailure(number: key)
                    }
                    Issue.record("nobody has a value")
                } catch {
                    #expect((error as? LoadFailure)?.number == key)
                    failures.add(1, ordering: .relaxed)
                }
            }
        }
        #expect(failures.load(ordering: .relaxed) == 1_200)
        #expect(calls.load(ordering: .relaxed) <= 1_200)
        expectValid(cache)
    }

    @Test
    func closureMayUseCache() {
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 100))
        func sum(_ number: Int) -> Int { cache.get(number) { number == 0 ? 0 : number + sum(number - 1) } }
        #expect(sum(50) == 1_275)
        #expect(cache.count == 51)
        expectValid(cache)
    }

    @Test
    func dropsResult_whenKeyIsRemovedMeanwhile() {
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 100))
        let value = cache.get(1) {
            cache.remove(1)
            return 5
        }
        #expect(value == 5)
        #expect(cache.isEmpty)
        let other = cache.get(1) {
            cache.put(6, forKey: 1)
            return 7
        }
        #expect(other == 7)
        #expect(cache[1] == 6)
        expectValid(cache)
    }

    @Test
    func doesNotWaitForTask() async throws {
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 100))
        let gate = LoadGate()
        let task = Task {
            try await cache.load(1) { _ in
                await gate.pass()
                return 10
            }
        }
        await gate.waitForCall()
        #expect(cache.get(1) { 20 } == 20)
        gate.open()
        #expect(try await task.value == 10)
        #expect(cache[1] == 20)
        expectValid(cache)
    }

    @Test
    func taskWaitsForThread() async throws {
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 100))
        let began = Atomic<Bool>(false)
        async let computed: Void = withCheckedContinuation { continuation in
            runThreads(1) { _ in
                let value = cache.get(1) {
                    began.store(true, ordering: .releasing)
                    // Until the task waits.
                    while cache.waiterCount(forKey: 1) != 1 {}
                    return 10
                }
                #expect(value == 10)
            }
            continuation.resume()
        }
        await waitUntil { began.load(ordering: .acquiring) }
        #expect(try await cache.load(1) { _ in 20 } == 10)
        await computed
        expectValid(cache)
    }
}
