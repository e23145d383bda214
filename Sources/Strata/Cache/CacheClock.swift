public import CStrata

/// Where a cache takes the time from that deadlines are judged by.
///
/// Any origin will do; time must not go back. The system's clock is the monotonic one as of the kernel's last timer tick,
/// so that an entry may outlive its deadline by up to 4 ms; reading it costs a few nanoseconds. A test gives a clock of its
/// own, which it moves by hand:
///
/// ```swift
/// configuration.clock = CacheClock { .nanoseconds(time.load(ordering: .relaxed)) }
/// ```
public struct CacheClock: Sendable {
    /// `nil` for the system's clock.
    @usableFromInline let source: (@Sendable () -> Duration)?

    /// The monotonic clock of the system.
    public static let system = CacheClock(source: nil)

    private init(source: (@Sendable () -> Duration)?) { self.source = source }

    /// A clock of your own.
    ///
    /// - Parameter now: The time since any origin. It is called with every operation of a cache that uses time, from any
    ///   thread, and must not use the cache.
    public init(_ now: @escaping @Sendable () -> Duration) { source = now }

    /// The time, for deadlines.
    ///
    /// Always before `CacheBlock.noDeadline`, which never comes.
    @inlinable @inline(__always)
    func nanoseconds() -> Int64 {
        guard let source else { return strata_coarse_nanoseconds() }
        return min(source().saturatedNanoseconds, CacheBlock.noDeadline - 1)
    }

    /// The time, for measuring how long something takes.
    func preciseNanoseconds() -> Int64 {
        guard let source else { return Int64(MonotonicClock.nanoseconds()) }
        return source().saturatedNanoseconds
    }
}
