/// Tells from the samples of a growing figure when it will reach a limit.
///
/// The plain way, a smoothed value and its slope, takes a daily wave's morning for growth without end, a step for a slope, and the rise
/// between two deletions for an overflow. So the samples are kept as averages (``Configuration/grain``) of the last hours and, coarser, of
/// the last three periods, and the first of these that holds tells the course:
///
/// 1. *Sawtooth*: the figure is cut back again and again. The peaks' line tells what the rise under way will come to.
/// 2. *Wave*: yesterday at the same time tells today better than the last hours do. What differs from yesterday is itself a trend.
/// 3. *Trend*: the longest newest stretch that a line or a bent line explains (``LocalTrend``).
/// 4. *Steps*: no short stretch tells anything, but a long one has a clear slope.
///
/// A warning is raised when several forecasts in a row agree that the limit is within the horizon, and taken back when many agree that it
/// isn't within one and a half of it.
///
/// Memory is bounded: 180 + 288 averages, about 16 KiB.
///
/// **Concurrency:** A value. Whoever shares it, guards it.
public struct GrowthForecaster: Sendable {
    /// How it looks at time.
    public let configuration: Configuration

    var fine: GrowthBucketRing
    var coarse: GrowthBucketRing
    var cycles = GrowthCycles()
    /// Standard deviation of fine averages around their course.
    var noise = 0.0
    private var newest: GrowthSample?
    /// When the first sample was taken.
    private var start = 0.0
    private var warning: GrowthWarningStateMachine
    /// How many fine averages there have been; forecasts are made anew when it changes.
    private var generation = 0
    private var latest: (generation: Int, limit: Double, forecast: GrowthForecast)?

    /// A forecaster that hasn't seen anything.
    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
        fine = GrowthBucketRing(width: configuration.grain, capacity: 180)
        coarse = GrowthBucketRing(width: configuration.period / 96, capacity: 288)
        warning = GrowthWarningStateMachine(configuration)
    }

    /// Takes a measurement.
    ///
    /// One that isn't finite or older than the one before is ignored.
    ///
    /// - Complexity: O(1), and O(64) when an average becomes complete.
    public mutating func add(_ sample: GrowthSample) {
        guard sample.time.isFinite, sample.value.isFinite, sample.time >= newest?.time ?? -.infinity else { return }
        if newest == nil { start = sample.time }
        newest = sample
        _ = coarse.add(sample)
        guard fine.add(sample) else { return }
        generation += 1
        noise = estimatedNoise()
        guard fine.count >= 3 else { return }
        // The median of three: a single average that is off is no peak.
        let three = (fine.count - 3..<fine.count).map { fine[$0].mean }
        let point = GrowthPoint(x: fine[fine.count - 2].time, y: three.sorted()[1])
        cycles.add(point, threshold: max(8 * noise, 0.06 * abs(point.y)))
    }

    /// What is to be expected of a limit.
    ///
    /// The warning it contains takes earlier forecasts into account: ask at least once per ``Configuration/grain``. Asking more often
    /// costs little, since a forecast holds until the next average is complete.
    ///
    /// - Parameter limit: In the samples' unit. It may differ from the one asked for before, as when a map has grown.
    /// - Returns: What is expected as of the newest complete average.
    /// - Complexity: O(16² log 16) for each of at most seven stretches, about 0.1 ms.
    public mutating func forecast(limit: Double) -> GrowthForecast {
        if let latest, latest.generation == generation, latest.limit == limit { return latest.forecast }
        guard let now = fine.last else { return .unknown(level: newest?.value ?? 0, warning: .none) }
        var forecast = expectation(limit: limit, now: now)
        if latest?.generation != generation { update(with: forecast, now: now) }
        forecast.warning = warning.state
        latest = (generation, limit, forecast)
        return forecast
    }

    private mutating func update(with forecast: GrowthForecast, now: GrowthBucket) {
        let before = fine.count > 1 ? fine[fine.count - 2].time : now.time - configuration.grain
        // A gap counts as little more than the samples on both sides of it.
        let grains = max(1, min(1.5, (now.time - before) / configuration.grain))
        // What is known for hours needs less confirmation than what has just begun. Peaks are told from little more than the rise under way.
        let isPeaked = forecast.shape == .wave || forecast.shape == .sawtooth
        let weight = isPeaked ? 1 : max(0.67, min(1.5, forecast.basis / (60 * configuration.grain)))
        warning.update(with: forecast, history: now.time - start, grains: grains, weight: weight)
    }

    private func expectation(limit: Double, now: GrowthBucket) -> GrowthForecast {
        guard let course = course(limit: limit, now: now), let start = course.points.first else {
            var forecast = GrowthForecast.unknown(level: now.mean, warning: .none)
            if now.mean >= limit { forecast.secondsUntilLimit = 0 }
            return forecast
        }
        var forecast = GrowthForecast.unknown(level: start.value, warning: .none)
        forecast.shape = course.shape
        forecast.slope = course.slope
        forecast.basis = course.basis
        forecast.isDoubtful = course.isDoubtful
        // 80 % of a normal distribution are within 1.28 standard errors.
        let early = course.seconds(until: limit, deviations: 1.28)
        let late = course.seconds(until: limit, deviations: -1.28)
        // A peak that comes very near is taken for one that gets there.
        let isPeaked = course.shape == .sawtooth || course.shape == .wave
        let reach = isPeaked ? limit - configuration.margin * abs(limit) : limit
        guard let seconds = course.seconds(until: reach) else {
            // What is unlikely to be reached even if things go faster is surely not reached.
            forecast.confidence = early == nil ? 0.9 : 0.5
            return forecast
        }
        forecast.secondsUntilLimit = seconds
        let band = GrowthForecast.Band(early: min(early ?? seconds, seconds), late: late.map { max($0, seconds) })
        forecast.band = band
        let width = (band.late ?? configuration.period) - band.early
        forecast.confidence = max(0, min(1, 1 - width / (2 * max(seconds, configuration.lead))))
        return forecast
    }

    /// By the second differences of the newest averages, which no line and hardly any bend influences, and of which up to a quarter may be
    /// off.
    private func estimatedNoise() -> Double {
        let count = min(fine.count, 64)
        guard count >= 4 else { return 0 }
        var differences: [Double] = []
        differences.reserveCapacity(count)
        for index in (fine.count - count + 2)..<fine.count {
            differences.append(fine[index].mean - 2 * fine[index - 1].mean + fine[index - 2].mean)
        }
        // The variance of a second difference is 1 + 4 + 1 times that of a point.
        return differences.scatter() / 6.0.squareRoot()
    }
}
