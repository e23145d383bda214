import Strata

/// The time that tiers live by: what deadlines, leases and breakers are judged by, and what they sleep on.
///
/// Injected everywhere, so that a test moves time by hand and a simulation runs years in seconds. Nothing in this module
/// reads a clock of the system by itself.
public struct TieringClock: Sendable {
    /// The current moment; never goes back.
    public let now: @Sendable () -> Instant
    /// The current moment or one a few milliseconds before, for what is asked too often for the exact one.
    public let coarseNow: @Sendable () -> Instant
    /// Milliseconds since 1970 by the time of day, which may be stepped: only for deadlines that leave the process.
    public let unixMilliseconds: @Sendable () -> Int64
    /// Suspends until a moment has come, or throws `CancellationError` when the task is cancelled before.
    public let sleep: @Sendable (Instant) async throws -> Void

    /// A clock of your own.
    ///
    /// - Parameters:
    ///   - now: The current moment.
    ///   - unixMilliseconds: The time of day.
    ///   - sleep: Suspends until a moment, or throws `CancellationError`.
    ///   - coarseNow: The current moment or one a few milliseconds before; `nil` for `now`.
    public init(
        now: @escaping @Sendable () -> Instant,
        unixMilliseconds: @escaping @Sendable () -> Int64,
        sleep: @escaping @Sendable (Instant) async throws -> Void,
        coarseNow: (@Sendable () -> Instant)? = nil
    ) {
        self.now = now
        self.coarseNow = coarseNow ?? now
        self.unixMilliseconds = unixMilliseconds
        self.sleep = sleep
    }

    /// The monotonic clock of the system.
    public static let system = TieringClock(
        now: { Instant(nanoseconds: Int64(MonotonicClock.nanoseconds())) },
        unixMilliseconds: { Int64(MonotonicClock.unixMicroseconds() / 1000) },
        sleep: { instant in
            let left = instant.nanoseconds - Int64(MonotonicClock.nanoseconds())
            guard left > 0 else { return try Task.checkCancellation() }
            try await Task.sleep(nanoseconds: UInt64(left))
        },
        coarseNow: { Instant(nanoseconds: Int64(MonotonicClock.coarseNanoseconds())) }
    )
}
