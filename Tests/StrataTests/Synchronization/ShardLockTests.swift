import Synchronization
import Testing

@testable import Strata

@Suite(.tags(.stress))
struct ShardLockTests {
    /// A counter whose plain increments only come out right if the lock excludes other threads.
    private final class Counter: @unchecked Sendable {
        let lock = ShardLock()
        // Guarded by `lock`.
        var value = 0
    }

    @Test(arguments: [2, 4, 8])
    func excludesOtherThreads(threadCount: Int) async {
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<threadCount {
                group.addTask { for _ in 0..<20_000 { counter.lock.withLock { counter.value += 1 } } }
            }
        }
        #expect(counter.value == threadCount * 20_000)
    }

    @Test
    func lockIfAvailable_failsWhileHeld() {
        let lock = ShardLock()
        lock.lock()
        let second = lock.lockIfAvailable()
        lock.unlock()
        let third = lock.lockIfAvailable()
        #expect(!second)
        #expect(third)
    }

    @Test
    func isReleased_whenTheBodyThrows() {
        struct Failure: Error {}
        let lock = ShardLock()
        #expect(throws: Failure.self) { try lock.withLock { () throws(Failure) in throw Failure() } }
        let isFree = lock.lockIfAvailable()
        #expect(isFree)
    }
}
