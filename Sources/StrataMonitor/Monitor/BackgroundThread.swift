import Strata
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A thread that does the same thing again and again, and sleeps in between.
///
/// A thread and not a task, so that neither a program whose tasks are all busy keeps it from its work, nor its work takes a thread from them.
final class BackgroundThread: Sendable {
    private let isStopped = Stop()

    /// Shared with the thread, which may outlive this object by a moment.
    private final class Stop: Sendable {
        let value = Atomic<Bool>(false)
    }

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - interval: How long from one beginning to the next, in seconds.
    ///   - body: What it does.
    init(interval: Double, _ body: @escaping @Sendable () -> Void) {
        let isStopped = isStopped
        Self.start {
            var next = Double(MonotonicClock.nanoseconds()) / 1e9
            while !isStopped.value.load(ordering: .relaxed) {
                body()
                let now = Double(MonotonicClock.nanoseconds()) / 1e9
                // What was missed isn't made up for.
                next = max(next + interval, now)
                while !isStopped.value.load(ordering: .relaxed) {
                    let rest = next - Double(MonotonicClock.nanoseconds()) / 1e9
                    if rest <= 0 { break }
                    // In short pieces, so that stopping doesn't take long.
                    MonotonicClock.sleep(microseconds: Int(min(rest, 0.1) * 1e6) + 1)
                }
            }
        }
    }

    /// Lets the thread end after what it is doing.
    ///
    /// Doesn't wait for that.
    func stop() { isStopped.value.store(true, ordering: .relaxed) }

    deinit { stop() }

    private static func start(_ run: @escaping @Sendable () -> Void) {
        let body = Unmanaged.passRetained(Body(run)).toOpaque()
        #if canImport(Darwin)
            var handle: pthread_t?
        #else
            var handle = pthread_t()
        #endif
        let result = pthread_create(
            &handle, nil,
            { argument in
                // SAFETY: the pointer was made by passRetained just before, and is taken once.
                #if canImport(Darwin)
                    Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                #else
                    if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                #endif
                return nil
            }, body)
        guard result == 0 else {
            // No thread to be had: then nothing is watched, which harms nobody.
            Unmanaged<Body>.fromOpaque(body).release()
            return
        }
        #if !canImport(Darwin)
            pthread_detach(handle)
        #endif
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
