import Dispatch
import Synchronization

/// Waits for asynchronous work from a thread that is not one of the pool's.
enum Blocking {
    /// Runs a closure in a task and waits for its result.
    static func wait<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) -> Result {
        let done = DispatchSemaphore(value: 0)
        let slot = Slot<Result>()
        Task.detached {
            slot.set(await body())
            done.signal()
        }
        done.wait()
        return slot.value
    }

    private final class Slot<Result: Sendable>: Sendable {
        private let stored = Mutex<Result?>(nil)
        func set(_ result: Result) { stored.withLock { $0 = result } }
        var value: Result {
            guard let result = stored.withLock({ $0 }) else { preconditionFailure("the task has not ended") }
            return result
        }
    }
}
