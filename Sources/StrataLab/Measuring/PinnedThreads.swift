import CStrataLab
import Glibc
import Synchronization

/// Threads that do the same thing at the same time, each on a processor of its own.
package enum PinnedThreads {
    /// The processors this process may use, in order.
    ///
    /// They are read once: a thread that is pinned later would see only its own.
    package static let processors: [Int] = {
        let found = [Int32](unsafeUninitializedCapacity: 1024) { buffer, count in
            count = Int(strata_lab_processors(buffer.baseAddress, Int32(buffer.count)))
        }
        return found.isEmpty ? [0] : found.map(Int.init)
    }()

    /// Runs a closure on several threads that begin together.
    ///
    /// With more threads than processors, they share.
    ///
    /// - Parameters:
    ///   - count: How many threads.
    ///   - isPinned: Whether each thread stays on one processor.
    ///   - body: What each thread does; its argument is the thread's number.
    /// - Returns: The nanoseconds each thread took, beginning when all were there.
    @discardableResult
    package static func run(
        _ count: Int, isPinned: Bool = true, _ body: @escaping @Sendable (_ thread: Int) -> Void
    ) -> [UInt64] {
        let barrier = Barrier(count)
        let times = Times(count)
        let processors = processors
        let handles = (0..<count).map { index in
            start {
                if isPinned { pin(to: processors[index % processors.count]) }
                barrier.wait()
                let start = Nanoseconds.now()
                body(index)
                times.set(Nanoseconds.now() &- start, at: index)
            }
        }
        for handle in handles { pthread_join(handle, nil) }
        return times.values
    }

    /// Keeps the calling thread on one processor.
    package static func pin(to processor: Int) {
        // A refusal changes nothing but the quality of the figures.
        _ = strata_lab_pin(Int32(truncatingIfNeeded: processor))
    }

    /// Runs a closure on a thread of its own without blocking the caller's.
    package static func detached<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let handle = start { continuation.resume(with: Swift.Result { try body() }) }
            pthread_detach(handle)
        }
    }

    private static func start(_ run: @escaping @Sendable () -> Void) -> pthread_t {
        let body = Unmanaged.passRetained(ThreadBody(run)).toOpaque()
        var handle = pthread_t()
        let result = pthread_create(
            &handle, nil,
            { argument in
                // SAFETY: the pointer was made by passRetained just before, and is taken once.
                if let argument { Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, body)
        precondition(result == 0, "no thread could be started")
        return handle
    }
}

/// What a new thread does.
private final class ThreadBody {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Lets threads go on when all have come, as often as they like.
package final class Barrier: Sendable {
    private let count: Int
    private let arrived = Atomic<Int>(0)
    private let generation = Atomic<Int>(0)

    /// A barrier for a number of threads.
    package init(_ count: Int) { self.count = count }

    /// Waits for the others.
    package func wait() {
        let current = generation.load(ordering: .acquiring)
        // acquiring and releasing: what a thread did before is seen by all behind the barrier.
        if arrived.add(1, ordering: .acquiringAndReleasing).newValue == count {
            // relaxed: nobody comes again before the generation has changed.
            arrived.store(0, ordering: .relaxed)
            generation.add(1, ordering: .releasing)
        } else {
            while generation.load(ordering: .acquiring) == current { sched_yield() }
        }
    }
}

/// One time for each thread.
private final class Times: Sendable {
    private let stored: Mutex<[UInt64]>

    init(_ count: Int) { stored = Mutex(Array(repeating: 0, count: count)) }

    func set(_ time: UInt64, at index: Int) { stored.withLock { $0[index] = time } }
    var values: [UInt64] { stored.withLock { $0 } }
}
