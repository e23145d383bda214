import Strata
import Synchronization
import Testing

@Suite
struct CacheLoadTests {
    private let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 100))
    private let gate = LoadGate()

    @Test
    func loadsOnce_andFindsItThen() async throws {
        gate.open()
        let loader: @Sendable (Int) async throws -> Int = { [gate] key in
            await gate.pass()
            return key * 2
        }
        #expect(try await cache.load(4, loader: loader) == 8)
        #expect(try await cache.load(4, loader: loader) == 8)
        #expect(gate.calls == 1)
        #expect(cache[4] == 8)
        let statistics = cache.statistics
        #expect(statistics.hitCount == 2)
        #expect(statistics.missCount == 1)
        #expect(statistics.loadCount == 1)
        #expect(statistics.loadFailureCount == 0)
        expectValid(cache)
    }

    @Test
    func runsOneLoader_forManyWaiters() async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 {
                group.addTask { [cache, gate] in
                    try await cache.load(1) { key in
                        await gate.pass()
                        return key + 100
                    }
                }
            }
            await cache.waitForWaiters(50, forKey: 1)
            gate.open()
            for try await value in group { #expect(value == 101) }
        }
        #expect(gate.calls == 1)
        #expect(cache.waiterCount(forKey: 1) == nil)
        expectValid(cache)
    }

    @Test
    func tellsFailureToAllWaiters_andForgetsIt() async throws {
        await withTaskGroup(of: Result<Int, any Error>.self) { group in
            for _ in 0..<20 {
                group.addTask { [cache, gate] in
                    do {
                        return .success(
                            try await cache.load(1) { key in
                                await gate.pass()
                                throw LoadFailure(number: key)
                            })
                    } catch { return .failure(error) }
                }
            }
            await cache.waitForWaiters(20, forKey: 1)
            gate.open()
            for await result in group {
                #expect(throws: LoadFailure(number: 1)) { try result.get() }
            }
        }
        #expect(gate.calls == 1)
        #expect(cache[1] == nil)
        #expect(cache.statistics.loadFailureCount == 1)
        #expect(try await cache.load(1) { _ in 5 } == 5)
        expectValid(cache)
    }

    @Test
    func cancellationOfOneCaller_leavesLoadToOthers() async throws {
        let first = Task { [cache, gate] in
            try await cache.load(1) { _ in
                await gate.pass()
                try Task.checkCancellation()
                return 10
            }
        }
        await gate.waitForCall()
        let second = Task { [cache] in try await cache.load(1) { _ in 20 } }
        await cache.waitForWaiters(2, forKey: 1)
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        await cache.waitForWaiters(1, forKey: 1)
        gate.open()
        #expect(try await second.value == 10)
        #expect(cache[1] == 10)
        expectValid(cache)
    }

    @Test
    func storesResult_whenAllCallersAreCancelled() async throws {
        let task = Task { [cache, gate] in
            try await cache.load(1) { _ in
                await gate.pass()
                return 10
            }
        }
        await gate.waitForCall()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        gate.open()
        #expect(try await cache.load(1) { _ in 20 } == 10)
        expectValid(cache)
    }

    @Test
    func callerThatIsCancelledAlready_doesNotWait() async throws {
        let task = Task { [cache, gate] in
            withUnsafeCurrentTask { $0?.cancel() }
            return try await cache.load(1) { _ in
                await gate.pass()
                return 10
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        gate.open()
        #expect(try await cache.load(1) { _ in 20 } == 10)
    }

    /// What can happen to a key while it is loaded.
    enum Interference: CaseIterable {
        case remove
        case removeAll
        case removeWhere
        case updateToNil
        case removeContents
    }

    @Test(arguments: Interference.allCases)
    func dropsResult_whenKeyIsRemovedMeanwhile(_ interference: Interference) async throws {
        let waiter = Task { [cache, gate] in
            try await cache.load(1) { _ in
                await gate.pass()
                return 10
            }
        }
        await cache.waitForWaiters(1, forKey: 1)
        switch interference {
        case .remove: cache.remove(1)
        case .removeAll: cache.removeAll()
        case .removeWhere: cache.removeAll { _, _ in false }
        case .updateToNil: cache.update(1) { $0 = nil }
        case .removeContents: cache.remove(contentsOf: [0, 1])
        }
        // Who comes after the removal doesn't get what was loaded before it.
        #expect(try await cache.load(1) { _ in 20 } == 20)
        gate.open()
        #expect(try await waiter.value == 10)
        #expect(cache[1] == 20)
        expectValid(cache)
    }

    @Test
    func keepsWhatWasPutMeanwhile() async throws {
        let waiter = Task { [cache, gate] in
            try await cache.load(1) { _ in
                await gate.pass()
                return 10
            }
        }
        await gate.waitForCall()
        cache.put(30, forKey: 1)
        gate.open()
        #expect(try await waiter.value == 10)
        #expect(cache[1] == 30)
        expectValid(cache)
    }

    @Test
    func loaderMayUseCache() async throws {
        let value = try await cache.load(1) { [cache] key in
            let other = try await cache.load(2) { _ in 5 }
            cache.put(7, forKey: 3)
            return key + other
        }
        #expect(value == 6)
        #expect(cache.snapshot() == [1: 6, 2: 5, 3: 7])
    }

    @Test
    func staysOnActor_onHit() async throws {
        let holder = Holder(cache)
        cache.put(1, forKey: 1)
        #expect(try await holder.hit() == 1)
    }

    /// Its executor is the main actor's: a hit that left it would let others in.
    private actor Holder {
        let cache: Cache<Int, Int>
        var isInside = false

        init(_ cache: Cache<Int, Int>) { self.cache = cache }

        func hit() async throws -> Int {
            let other = Task { self.look() }
            isInside = true
            let value = try await cache.load(1) { _ in 2 }
            isInside = false
            #expect(await other.value == false)
            return value
        }

        func look() -> Bool { isInside }
    }

    @Test
    func doesNotStore_whatIsTooHeavy() async throws {
        let departures = Departures<Int, Int>()
        let cache = makeCache(Cache<Int, Int>.Configuration(maximumWeight: 10) { _, value in UInt32(value) }) {
            $0.removalListener = departures.listener
        }
        #expect(try await cache.load(1) { _ in 11 } == 11)
        #expect(cache.isEmpty)
        #expect(departures.all == [.init(key: 1, value: 11, cause: .size)])
        expectValid(cache)
    }
}
