import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs a closure on several threads at once.
///
/// - Returns: Nanoseconds from the moment all of them were there until the last one had ended.
func elapsed(threads count: Int, _ body: @escaping @Sendable (_ index: Int) -> Void) -> UInt64 {
    let missing = Counter(count + 1)
    let handles = (0..<count).map { index in
        startThread {
            missing.waitForAll()
            body(index)
        }
    }
    missing.waitForAll()
    let start = nanoseconds()
    for handle in handles { pthread_join(handle, nil) }
    return nanoseconds() - start
}

private final class Counter: Sendable {
    private let missing: Atomic<Int>

    init(_ count: Int) { missing = Atomic(count) }

    func waitForAll() {
        missing.subtract(1, ordering: .acquiringAndReleasing)
        while missing.load(ordering: .acquiring) > 0 { sched_yield() }
    }
}

private final class ThreadBody {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func startThread(_ run: @escaping @Sendable () -> Void) -> pthread_t {
    let body = Unmanaged.passRetained(ThreadBody(run)).toOpaque()
    #if canImport(Darwin)
        var thread: pthread_t?
        pthread_create(
            &thread, nil,
            {
                Unmanaged<ThreadBody>.fromOpaque($0).takeRetainedValue().run()
                return nil
            }, body)
        return thread!
    #else
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            {
                Unmanaged<ThreadBody>.fromOpaque($0!).takeRetainedValue().run()
                return nil
            }, body)
        return thread
    #endif
}
