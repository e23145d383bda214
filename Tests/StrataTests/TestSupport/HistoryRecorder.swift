#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Nanoseconds on the monotonic clock, the same for all threads.
func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// The operations of one thread, in order.
///
/// Each thread has its own, so that recording orders nothing between threads.
struct HistoryLog<Operation: Sendable>: Sendable {
    private(set) var operations: [RecordedOperation<Operation>] = []

    init(capacity: Int) { operations.reserveCapacity(capacity) }

    /// Runs an operation and records it with its times; `body` returns it with its result.
    mutating func record(_ body: () -> Operation) {
        let start = monotonicNanoseconds()
        let operation = body()
        operations.append(RecordedOperation(start: start, end: monotonicNanoseconds(), operation: operation))
    }

    /// Adds an operation that was timed elsewhere.
    mutating func append(_ operation: RecordedOperation<Operation>) { operations.append(operation) }
}

/// Collects what threads bring, for the time after they ended.
///
/// Unchecked because each thread writes its own element, and the elements are read after the threads were joined.
final class PerThread<Element: Sendable>: @unchecked Sendable {
    private let elements: UnsafeMutablePointer<Element?>
    private let count: Int

    init(count: Int) {
        self.count = count
        elements = .allocate(capacity: count)
        elements.initialize(repeating: nil, count: count)
    }

    deinit {
        elements.deinitialize(count: count)
        elements.deallocate()
    }

    subscript(index: Int) -> Element? {
        get { elements[index] }
        set { elements[index] = newValue }
    }

    var all: [Element] { (0..<count).compactMap { elements[$0] } }
}
