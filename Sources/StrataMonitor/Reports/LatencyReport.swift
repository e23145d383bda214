/// Latencies in a few numbers, in seconds; known to within an eighth.
public struct LatencyReport: Hashable, Codable, Sendable {
    /// How many operations, estimated from the sample.
    public var count: Int
    /// The mean.
    public var mean: Double
    /// Half of the operations took no longer.
    public var p50: Double
    /// Nine of ten.
    public var p90: Double
    /// 95 of a hundred.
    public var p95: Double
    /// 99 of a hundred.
    public var p99: Double
    /// 999 of a thousand.
    public var p999: Double
    /// 9999 of ten thousand.
    public var p9999: Double

    /// The numbers of a distribution; `nil` for an empty one.
    public init?(_ distribution: LatencyDistribution) {
        count = distribution.count
        guard count > 0 else { return nil }
        mean = distribution.totalSeconds / Double(count)
        p50 = distribution.quantile(0.5) ?? 0
        p90 = distribution.quantile(0.9) ?? 0
        p95 = distribution.quantile(0.95) ?? 0
        p99 = distribution.quantile(0.99) ?? 0
        p999 = distribution.quantile(0.999) ?? 0
        p9999 = distribution.quantile(0.9999) ?? 0
    }
}

/// What a heat map is drawn from: operations by time and latency.
public struct HeatMapReport: Hashable, Codable, Sendable {
    /// One stretch of time.
    public struct Column: Hashable, Codable, Sendable {
        /// When it begins, in seconds on the monitor's clock.
        public var start: Int
        /// Operations by row.
        public var counts: [UInt32]
        /// P50, P90, P99, P99.9 and P99.99 in seconds, as far as the rows tell.
        public var quantiles: [Double]
    }

    /// The lower bounds of the rows, in seconds.
    public var rowBounds: [Double]
    /// Seconds in a column.
    public var step: Int
    /// The columns with operations, oldest first.
    public var columns: [Column]

    /// The parts that ``Column/quantiles`` are of.
    public static let quantileParts = [0.5, 0.9, 0.99, 0.999, 0.9999]

    init(_ matrix: LatencyMatrix, _ resolution: LatencyMatrix.Resolution, at second: Int) {
        rowBounds = LatencyMatrix.bounds
        step = resolution.step
        columns = matrix.columns(resolution, at: second).map { column in
            Column(
                start: column.start, counts: column.counts,
                quantiles: Self.quantileParts.map { LatencyMatrix.quantile($0, of: column.counts) })
        }
    }
}

extension LatencyMatrix {
    /// The latency that a part of a column's operations are no longer than, in seconds: within a row, operations are taken to be spread evenly.
    static func quantile(_ part: Double, of counts: [some BinaryInteger]) -> Double {
        let total = counts.reduce(0) { $0 + Double($1) }
        var left = total * part
        for (row, count) in counts.enumerated() where count > 0 {
            if left <= Double(count) {
                let lower = bounds[row]
                let upper = row + 1 < bounds.count ? bounds[row + 1] : lower * 1.5
                return lower + (upper - lower) * left / Double(count)
            }
            left -= Double(count)
        }
        return 0
    }
}
