/// What one measurement of a growing figure said: how full something was, and when.
public struct GrowthSample: Sendable, Equatable {
    /// Seconds on the monotonic clock.
    public let time: Double
    /// The figure in its own unit: entries, bytes, or a share of the limit.
    public let value: Double

    /// A figure as measured at `time` (seconds on the monotonic clock).
    public init(time: Double, value: Double) {
        self.time = time
        self.value = value
    }
}
