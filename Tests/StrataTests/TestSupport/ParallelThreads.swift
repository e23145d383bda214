import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs a closure on several threads that all start at the same moment, and waits for them.
///
/// Tests of lock-free code use real threads and not tasks: as many as they ask for, whatever the number of cores, so that
/// the scheduler interrupts them in the middle of things.
func runThreads(_ count: Int, _ body: @escaping @Sendable (_ index: Int) -> Void) {
    let gate = StartGate(count: count)
    let threads = (0..<count).map { index in
        startThread {
            gate.pass()
            body(index)
        }
    }
    for thread in threads { pthread_join(thread, nil) }
}

/// Lets threads through when all of them have come.
private final class StartGate: Sendable {
    private let missing: Atomic<Int>

    init(count: Int) { missing = Atomic(count) }

    func pass() {
        missing.subtract(1, ordering: .acquiringAndReleasing)
        while missing.load(ordering: .acquiring) > 0 { sched_yield() }
    }
}

private final class ThreadBody {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func startThread(_ run: @escaping @Sendable () -> Void) -> pthread_t {
    let body = Unmanaged.passRetained(ThreadBody(run))
    #if canImport(Darwin)
        var thread: pthread_t?
    #else
        var thread = pthread_t()
    #endif
    let result = pthread_create(
        &thread, nil,
        { argument in
            #if canImport(Darwin)
                Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
            #else
                Unmanaged<ThreadBody>.fromOpaque(argument!).takeRetainedValue().run()
            #endif
            return nil
        }, body.toOpaque())
    precondition(result == 0, "no thread: error \(result)")
    #if canImport(Darwin)
        return thread!
    #else
        return thread
    #endif
}
