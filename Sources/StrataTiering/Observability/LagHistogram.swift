import Strata

/// How long reports of changes took: counts by powers of two of microseconds.
public struct LagHistogram: Hashable, Sendable {
    /// Element i counts lags of less than 2^i µs that are no less than half of that; the last one also all that are longer.
    public private(set) var counts = [Int](repeating: 0, count: 28)
    /// The longest.
    public private(set) var maximum = Duration.zero
    /// The last one.
    public private(set) var last: Duration?

    /// An empty histogram.
    public init() {}

    /// How many there are.
    public var count: Int { counts.reduce(0, +) }

    /// Counts one.
    public mutating func add(_ lag: Duration) {
        let microseconds = max(lag.saturatedNanoseconds / 1000, 0)
        let bucket = Int64.bitWidth - microseconds.leadingZeroBitCount
        counts[min(bucket, counts.count - 1)] += 1
        maximum = max(maximum, lag)
        last = lag
    }

    /// The lag that a part of all are no longer than, up to a factor of two.
    ///
    /// - Parameter part: From 0 to 1.
    /// - Returns: `nil` without any.
    public func quantile(_ part: Double) -> Duration? {
        let total = count
        guard total > 0 else { return nil }
        var left = Int((Double(total) * part).rounded(.up))
        for (index, count) in counts.enumerated() {
            left -= count
            if left <= 0 { return min(.microseconds(1 << index), maximum) }
        }
        return maximum
    }
}
