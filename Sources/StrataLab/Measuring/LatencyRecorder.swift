import Histogram

/// Times in a histogram that never grows while it records: within 0.1 % up to a minute and a half, longer ones as the longest.
package struct LatencyRecorder: Sendable {
    private var histogram: Histogram<UInt64>
    private static let longest: UInt64 = 100_000_000_000

    /// Makes an empty recorder; all of its memory is touched.
    package init() {
        histogram = Histogram(highestTrackableValue: Self.longest, numberOfSignificantValueDigits: .three)
    }

    /// Records a time in nanoseconds.
    @inline(__always)
    package mutating func record(_ nanoseconds: UInt64) {
        _ = histogram.record(min(nanoseconds, Self.longest))
    }

    /// Adds what another recorder has seen.
    package mutating func add(_ other: LatencyRecorder) { histogram.add(other.histogram) }

    /// How many times were recorded.
    package var count: UInt64 { histogram.totalCount }

    /// What was seen, in figures.
    package var summary: LatencySummary {
        guard histogram.totalCount > 0 else { return LatencySummary() }
        return LatencySummary(
            count: histogram.totalCount, mean: histogram.mean,
            percentiles: LatencySummary.levels.map { histogram.valueAtPercentile($0) }, maximum: histogram.max)
    }
}

/// Percentiles of recorded times, in nanoseconds.
package struct LatencySummary: Codable, Hashable, Sendable {
    /// The percentiles that are kept.
    package static let levels = [50.0, 90, 99, 99.9, 99.99]
    /// Their names.
    package static let names = ["P50", "P90", "P99", "P99.9", "P99.99"]

    /// How many times there were.
    package var count: UInt64 = 0
    /// Their mean.
    package var mean: Double = 0
    /// One value for each of ``levels``.
    package var percentiles = [UInt64](repeating: 0, count: Self.levels.count)
    /// The longest.
    package var maximum: UInt64 = 0

    /// No times.
    package init() {}

    init(count: UInt64, mean: Double, percentiles: [UInt64], maximum: UInt64) {
        self.count = count
        self.mean = mean
        self.percentiles = percentiles
        self.maximum = maximum
    }

    /// The value of one of ``names``.
    package subscript(name: String) -> UInt64 {
        Self.names.firstIndex(of: name).map { percentiles[$0] } ?? maximum
    }
}
