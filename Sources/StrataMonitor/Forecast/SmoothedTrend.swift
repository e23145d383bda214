/// The plain rule: an exponentially smoothed value, its slope, and a warning when the slope is steep for several samples in a row.
///
/// It keeps three numbers and is easy to explain, and is what ``GrowthForecaster`` is compared with: it takes every rise for growth.
///
/// **Concurrency:** A value. Whoever shares it, guards it.
public struct SmoothedTrend: Sendable {
    /// What the rule looks for.
    public struct Configuration: Sendable, Equatable {
        /// The weight of a new sample, from 0 to 1.
        public var weight = 0.15
        /// Seconds over which measurements are averaged to a sample.
        public var interval: Double = 8 * 60
        /// The slope from which on growth matters, as a share of the limit per second.
        public var slope = 0.00021 / 60
        /// How many samples in a row must be that steep.
        public var count = 3
        /// Seconds ahead of the limit from which on there is a warning; `nil` to warn of the slope alone.
        public var horizon: Double? = 60 * 60

        /// The defaults.
        public init() {}
    }

    /// What the rule looks for.
    public let configuration: Configuration
    /// The smoothed value, in the samples' unit; `nil` before the first.
    public private(set) var level: Double?
    /// Units per second between the newest two smoothed values.
    public private(set) var slope = 0.0
    private var steepCount = 0
    private var open: GrowthBucketRing
    private var newest = 0.0

    /// A rule that hasn't seen anything.
    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
        open = GrowthBucketRing(width: configuration.interval, capacity: 2)
    }

    /// Takes a measurement.
    ///
    /// - Parameters:
    ///   - sample: The measurement; later than the ones before.
    ///   - limit: What the slope is compared with, in the samples' unit.
    public mutating func add(_ sample: GrowthSample, limit: Double) {
        guard sample.time.isFinite, sample.value.isFinite, open.add(sample), let bucket = open.last else { return }
        newest = bucket.mean
        guard let before = level, open.count == 2 else {
            level = bucket.mean
            return
        }
        let smoothed = before + configuration.weight * (bucket.mean - before)
        slope = (smoothed - before) / max(bucket.time - open[0].time, 1e-9)
        level = smoothed
        steepCount = slope >= configuration.slope * limit ? steepCount + 1 : 0
    }

    /// Seconds until the newest sample, moved on by the slope, reaches a limit; `nil` if the slope doesn't lead there.
    public func secondsUntil(limit: Double) -> Double? {
        if newest >= limit, level != nil { return 0 }
        return slope > 0 ? (limit - newest) / slope : nil
    }

    /// Whether the rule would warn of a limit.
    public func isWarning(limit: Double) -> Bool {
        guard steepCount >= configuration.count else { return false }
        guard let horizon = configuration.horizon else { return true }
        return (secondsUntil(limit: limit) ?? .infinity) <= horizon
    }
}
