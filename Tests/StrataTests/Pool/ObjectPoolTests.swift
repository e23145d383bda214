import Synchronization
import Testing

@testable import Strata

@Suite struct ObjectPoolTests {
    /// Counts how many of its kind are alive, and knows whether two hold it at once.
    private final class Tool: Sendable {
        let isHeld = Atomic<Bool>(false)
        let uses = Atomic<Int>(0)
        let alive: Counter

        init(_ alive: Counter) {
            self.alive = alive
            alive.value.wrappingAdd(1, ordering: .relaxed)
        }

        deinit { alive.value.wrappingSubtract(1, ordering: .relaxed) }
    }

    private final class Counter: Sendable {
        let value = Atomic<Int>(0)
        var current: Int { value.load(ordering: .relaxed) }
    }

    @Test func handsOutTheSameObjectAgain_reset() {
        let alive = Counter()
        let pool = ObjectPool(make: { Tool(alive) }, reset: { $0.uses.store(0, ordering: .relaxed) })
        let first = pool.take()
        let identity = ObjectIdentifier(first.object)
        first.object.uses.store(7, ordering: .relaxed)
        first.giveBack()
        let second = pool.take()
        #expect(ObjectIdentifier(second.object) == identity)
        #expect(second.object.uses.load(ordering: .relaxed) == 0)
        let third = pool.take()
        #expect(ObjectIdentifier(third.object) != identity)
        #expect(pool.statistics.creationCount == 2)
        #expect(pool.statistics.inUseCount == 2)
    }

    @Test func returnsTheObject_whenTheBodyThrows() {
        struct Failure: Error {}
        let alive = Counter()
        let pool = ObjectPool(make: { Tool(alive) })
        #expect(throws: Failure.self) { try pool.withObject { _ in throw Failure() } }
        #expect(pool.statistics.idleCount == 1)
        #expect(pool.withObject { $0.alive.current } == 1)
    }

    @Test func staysWithinItsBounds() {
        let alive = Counter()
        let pool = ObjectPool(idlePerThread: 4, sharedIdle: 8, make: { Tool(alive) })
        do {
            var handles: [HandleBox] = []
            for _ in 0..<100 { handles.append(HandleBox(pool.take())) }
            #expect(alive.current == 100)
        }
        #expect(pool.statistics.idleCount == 12)
        #expect(alive.current == 12)
        #expect(pool.statistics.discardCount == 88)
        #expect(pool.statistics.inUseCount == 0)
    }

    @Test func prewarmsNothing_whenCountIsNegative() {
        let pool = ObjectPool(make: { [UInt8]() })
        pool.prewarm(-1)
        pool.prewarm(Int.min)
        #expect(pool.statistics.creationCount == 0)
    }

    @Test func prewarmsAsFarAsThereIsRoom() {
        let alive = Counter()
        let pool = ObjectPool(idlePerThread: 2, sharedIdle: 10, make: { Tool(alive) })
        pool.prewarm(50)
        #expect(alive.current == 10)
        for _ in 0..<10 { pool.take().giveBack() }
        #expect(alive.current == 10)
    }

    @Test func keepsAnObjectOutForGood() {
        let alive = Counter()
        let pool = ObjectPool(make: { Tool(alive) })
        let kept = pool.take().keep()
        #expect(alive.current == 1)
        #expect(pool.statistics.inUseCount == 0)
        #expect(pool.statistics.idleCount == 0)
        _ = kept
    }

    @Test func releasesEverything_whenHandlesOutliveIt() {
        let alive = Counter()
        var pool: ObjectPool<Tool>? = ObjectPool(make: { Tool(alive) })
        var boxes = (0..<10).map { _ in HandleBox(pool!.take()) }
        boxes.removeLast(3)
        let kept = pool!.take().keep()
        pool = nil
        #expect(alive.current == 8, "seven on loan, one kept")
        boxes.removeAll()
        #expect(alive.current == 1)
        _ = kept
    }

    @Test func nobodyShares_underStress_andNothingLeaks() {
        let alive = Counter()
        let shared = Atomic<Int>(0)
        do {
            let pool = ObjectPool(idlePerThread: 3, sharedIdle: 5, make: { Tool(alive) })
            let exchange = (0..<8).map { _ in Slot() }
            runThreads(4) { thread in
                var generator = SeededGenerator(seed: UInt64(thread) + 1)
                for _ in 0..<20_000 {
                    let handle = pool.take()
                    let isShared = handle.object.isHeld.exchange(true, ordering: .acquiring)
                    if isShared { shared.wrappingAdd(1, ordering: .relaxed) }
                    handle.object.uses.wrappingAdd(1, ordering: .relaxed)
                    handle.object.isHeld.store(false, ordering: .releasing)
                    // Some come back on another thread.
                    if generator.next() % 4 == 0 {
                        exchange[Int(generator.next() % 8)].swap(HandleBox(handle))
                    }
                }
            }
            for slot in exchange { slot.swap(nil) }
            let statistics = pool.statistics
            #expect(statistics.inUseCount == 0)
            #expect(statistics.takeCount == 80_000)
            #expect(alive.current == statistics.idleCount)
        }
        #expect(shared.load(ordering: .relaxed) == 0)
        #expect(alive.current == 0)
    }

    @Test func endsWhileOthersReturn() {
        let alive = Counter()
        for round in 0..<200 {
            let slots = (0..<4).map { _ in Slot() }
            do {
                let pool = ObjectPool(idlePerThread: 2, sharedIdle: 2, make: { Tool(alive) })
                for slot in slots { slot.swap(HandleBox(pool.take())) }
                for slot in slots.prefix(round % 3) { slot.swap(nil) }
                let holder = Slot()
                holder.pool = pool
                runThreads(3) { thread in
                    if thread == 0 {
                        holder.releasePool()
                    } else {
                        slots[thread].swap(nil)
                        slots[thread + 1].swap(nil)
                    }
                }
            }
            for slot in slots { slot.swap(nil) }
        }
        #expect(alive.current == 0)
    }

    /// A handle in a place that can be copied.
    private final class HandleBox: Sendable {
        private let handle: Pooled<Tool>
        init(_ handle: consuming Pooled<Tool>) { self.handle = handle }
    }

    private final class Slot: @unchecked Sendable {
        // A lock guards both.
        private let lock = ShardLock()
        private var box: HandleBox?
        var pool: ObjectPool<Tool>?

        func swap(_ new: HandleBox?) {
            var old = new
            lock.withLock { Swift.swap(&old, &box) }
        }

        func releasePool() {
            var old: ObjectPool<Tool>?
            lock.withLock { Swift.swap(&old, &pool) }
        }
    }
}
