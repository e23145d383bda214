import Foundation
import Synchronization

/// Runs a function over indices on as many threads as there are cores.
///
/// Threads of its own, because long chains of operators make trees as deep as they are long, and walks over those need more stack than the
/// concurrency runtime's threads have.
public enum WorkerThreads {
    /// Bytes of stack: enough for trees of ``SourceFile/maximumLevels``, also in a build for debugging; only what is used is ever touched.
    private static let stackSize = 512 << 20

    /// The results of `body` for `0..<count`, in order.
    ///
    /// **Concurrency:** `body` is called on several threads at once; this call waits for all of them.
    public static func map<Result: Sendable>(count: Int, _ body: @escaping @Sendable (Int) -> Result) -> [Result] {
        let threadCount = max(1, min(count, ProcessInfo.processInfo.activeProcessorCount))
        let collector = Collector<Result>(count: count)
        let next = Counter()
        let group = DispatchGroup()
        for _ in 0..<threadCount {
            group.enter()
            let thread = Thread {
                while let index = next.take(below: count) { collector.put(body(index), at: index) }
                group.leave()
            }
            thread.stackSize = stackSize
            thread.start()
        }
        group.wait()
        return collector.take()
    }

    /// Hands out indices.
    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)

        func take(below limit: Int) -> Int? {
            // Relaxed: only the number matters; results are handed over under the collector's lock.
            let index = value.wrappingAdd(1, ordering: .relaxed).oldValue
            return index < limit ? index : nil
        }
    }

    /// Keeps results in order.
    private final class Collector<Result: Sendable>: Sendable {
        private let results: Mutex<[Result?]>

        init(count: Int) { results = Mutex(Array(repeating: nil, count: count)) }
        func put(_ result: Result, at index: Int) { results.withLock { $0[index] = result } }
        func take() -> [Result] { results.withLock { $0.compactMap { $0 } } }
    }
}
