import Strata

/// A moment on the clock that tiers are timed by: monotonic, in nanoseconds from an arbitrary origin.
///
/// Instants of one ``TieringClock`` can be compared; those of different clocks, or of different processes, can't.
public struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since the clock's origin.
    public var nanoseconds: Int64

    /// The moment so many nanoseconds after the clock's origin.
    @inlinable
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Later than every moment: no deadline.
    public static let distantFuture = Instant(nanoseconds: .max)

    /// Whether one moment comes before another.
    @inlinable
    public static func < (earlier: Instant, later: Instant) -> Bool { earlier.nanoseconds < later.nanoseconds }

    /// The moment some time later; saturates at ``distantFuture`` and at the beginning of time.
    public func advanced(by duration: Duration) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.saturatedNanoseconds)
        return Instant(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    /// How much time lies between this moment and a later one; negative if that is earlier; saturates.
    public func duration(to other: Instant) -> Duration {
        let (difference, overflow) = other.nanoseconds.subtractingReportingOverflow(nanoseconds)
        return .nanoseconds(overflow ? (other > self ? .max : .min) : difference)
    }
}
