import Strata

/// The time a monitor goes by: seconds on the monotonic clock.
public struct MonitorClock: Sendable {
    /// Seconds since some moment; never goes back.
    public let now: @Sendable () -> Double

    /// A clock of one's own, for tests.
    public init(now: @escaping @Sendable () -> Double) { self.now = now }

    /// The system's.
    public static let system = MonitorClock { Double(MonotonicClock.nanoseconds()) / 1e9 }

    /// Seconds since 1970.
    static func unixSeconds() -> Double { Double(MonotonicClock.unixMicroseconds()) / 1e6 }
}
