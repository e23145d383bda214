/// How often something took how long, known to within an eighth.
public struct LatencyDistribution: Hashable, Sendable {
    /// The counts of the ``LatencyBuckets``.
    var counts = [Int](repeating: 0, count: LatencyBuckets.count)
    /// All durations together, in nanoseconds.
    var sum = 0

    /// An empty distribution.
    public init() {}

    /// How many durations there are.
    public var count: Int { counts.reduce(0, +) }
    /// All durations together, in seconds.
    public var totalSeconds: Double { Double(sum) / 1e9 }

    /// The duration that a part of all are no longer than, in seconds.
    ///
    /// - Parameter part: From 0 to 1: 0.999 for the 99.9th percentile.
    /// - Returns: `nil` without any durations.
    public func quantile(_ part: Double) -> Double? {
        let total = count
        guard total > 0 else { return nil }
        var left = max(Int((Double(total) * part).rounded(.up)), 1)
        for (index, count) in counts.enumerated() {
            left -= count
            if left <= 0 { return LatencyBuckets.middle(index) / 1e9 }
        }
        return LatencyBuckets.middle(counts.count - 1) / 1e9
    }

    /// Adds the durations of another distribution.
    public mutating func add(_ other: LatencyDistribution) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
        sum &+= other.sum
    }

    /// What has been added since an earlier state of the same distribution.
    public func subtracting(_ earlier: LatencyDistribution) -> LatencyDistribution {
        var difference = LatencyDistribution()
        for index in counts.indices { difference.counts[index] = max(counts[index] &- earlier.counts[index], 0) }
        difference.sum = max(sum &- earlier.sum, 0)
        return difference
    }

    /// Counts a duration.
    mutating func record(_ nanoseconds: Int, weight: Int = 1) {
        counts[LatencyBuckets.index(nanoseconds)] += weight
        sum += nanoseconds * weight
    }

    /// The counts below some bounds, for a histogram with those: each bucket counts where its middle is.
    ///
    /// - Parameter bounds: Seconds, ascending.
    /// - Returns: One count for each bound, of what lies between it and the one before, and one for what is longer than the last.
    func counts(between bounds: [Double]) -> [Int] {
        var result = [Int](repeating: 0, count: bounds.count + 1)
        var place = 0
        for (index, count) in counts.enumerated() {
            let middle = LatencyBuckets.middle(index) / 1e9
            while place < bounds.count, middle > bounds[place] { place += 1 }
            result[place] += count
        }
        return result
    }
}
