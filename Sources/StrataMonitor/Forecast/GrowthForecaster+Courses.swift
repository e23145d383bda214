extension GrowthForecaster {
    /// The course that describes the figure best; `nil` if none does.
    func course(limit: Double, now: GrowthBucket) -> GrowthCourse? {
        if let course = sawtooth(now: now) { return course }
        if let course = wave(limit: limit, now: now) { return course }
        let tolerance = tolerance(limit: limit, now: now)
        let trend = trend(now: now, tolerance: tolerance)
        if let trend, abs(trend.slope) > 2 * slopeError(of: trend) {
            var course = course(of: trend)
            course.isDoubtful = !isGoingOn(trend, now: now)
            return course
        }
        if let steps = steps(now: now, tolerance: tolerance) { return steps }
        return trend.map(course)
    }

    /// Deviations that don't matter: a thousandth of what is left to be said about.
    func tolerance(limit: Double, now: GrowthBucket) -> Double { 0.001 * max(abs(limit), abs(now.mean)) }

    private func slopeError(of trend: LocalTrend) -> Double {
        (12 / Double(trend.count)).squareRoot() * trend.scatter / trend.span
    }

    private func course(of trend: LocalTrend) -> GrowthCourse {
        let steps = GrowthCourse.steps(grain: configuration.grain, period: configuration.period)
        let isGrowing = trend.slope > slopeError(of: trend)
        return GrowthCourse(
            shape: isGrowing ? trend.shape : .flat, slope: trend.slope, basis: trend.span,
            points: steps.map { .init(seconds: $0, value: trend.value(after: $0), error: trend.error(after: $0)) })
    }

    // MARK: - Trend

    /// The lengths of stretches, in grains: from half an hour to a day with the defaults.
    static let stretches: [Double] = [720, 360, 180, 90, 45, 24, 12]

    /// The trend of the longest newest stretch that has one.
    private func trend(now: GrowthBucket, tolerance: Double) -> LocalTrend? {
        let recent = recent(now: now, tolerance: tolerance)
        for stretch in Self.stretches {
            guard let (points, size) = points(of: stretch * configuration.grain, now: now) else { continue }
            // Noise that comes and goes slowly isn't averaged out within a point; the points themselves tell.
            let differences = points.indices.dropFirst(2).map { points[$0].y - 2 * points[$0 - 1].y + points[$0 - 2].y }
            // If they tell of much more, it isn't noise.
            let independent = noise * 1.25 / size.squareRoot()
            let slow = min(differences.scatter() / 6.0.squareRoot(), 6 * independent + tolerance)
            guard let trend = LocalTrend(points, noise: max(independent, slow), tolerance: tolerance) else { continue }
            let isNear = isNear(
                level: trend.level, slope: trend.slope, scatter: trend.scatter, tolerance: tolerance)
            if let recent, stretch > Self.recentStretch, abs(trend.level - recent.level) > recent.allowed { continue }
            if isNear { return trend }
        }
        return nil
    }

    /// What a longer stretch has to agree with: where the last two hours say that the figure stands.
    static let recentStretch = 60.0

    private func recent(now: GrowthBucket, tolerance: Double) -> (level: Double, allowed: Double)? {
        guard let (points, size) = points(of: Self.recentStretch * configuration.grain, now: now), points.count >= 8,
            let line = RobustLine(points)
        else { return nil }
        let scatter = max(points.map(line.residual).scatter(), noise * 1.25 / size.squareRoot())
        // The end of a line through n points is off by two of their deviations over the root of n; two and a half times that.
        return (line.level, 5 * scatter * 1.5 / Double(points.count).squareRoot() + 2 * tolerance)
    }

    /// Whether a course starts where the figure is.
    private func isNear(level: Double, slope: Double, scatter: Double, tolerance: Double) -> Bool {
        guard let now = fine.last else { return false }
        let newest = (max(0, fine.count - 6)..<fine.count).map { fine[$0].mean - slope * (fine[$0].time - now.time) }
        return abs((newest.median() ?? level) - level) <= 2 * scatter + noise + 3 * tolerance
    }

    /// At most 16 points that stand for the newest stretch, each the median of neighbours; with how many fine averages each stands for.
    ///
    /// - Returns: `nil` if the stretch is longer than what has been seen, or there are fewer than 8 points.
    func points(of stretch: Double, now: GrowthBucket) -> (points: [GrowthPoint], size: Double)? {
        let isFine = stretch <= 180 * configuration.grain
        let ring = isFine ? fine : coarse
        guard ring.count >= 6, ring[0].time <= now.time - stretch * 0.85 else { return nil }
        let first = ring.firstIndex(since: now.time - stretch)
        let count = ring.count - first
        guard count >= 8 else { return nil }
        let blocks = min(16, count)
        let points = (0..<blocks).map { block in
            let range = (first + count * block / blocks)..<(first + count * (block + 1) / blocks)
            let buckets = range.map { ring[$0] }
            let time = buckets.reduce(0) { $0 + $1.time } / Double(buckets.count)
            return GrowthPoint(x: time - now.time, y: buckets.map(\.mean).median() ?? 0)
        }
        let fineCount =
            isFine
            ? Double(count)
            : Double(fine.count - fine.firstIndex(since: now.time - stretch)) * Double(count) * coarse.width
                / max(now.time - max(now.time - stretch, fine[0].time), coarse.width)
        return (points, max(1, fineCount / Double(blocks)))
    }

    // MARK: - Steps

    /// A long stretch with a clear slope, around which the figure goes up and down in jumps.
    private func steps(now: GrowthBucket, tolerance: Double) -> GrowthCourse? {
        for stretch in Self.stretches.prefix(4) {
            guard let (points, _) = points(of: stretch * configuration.grain, now: now), points.count >= 10,
                let line = RobustLine(points)
            else { continue }
            let residuals = points.map(line.residual)
            let scatter = residuals.scatter()
            let span = -points[0].x
            let newest = residuals.suffix(4).reduce(0, +) / 4
            let runs = zip(residuals, residuals.dropFirst()).count { ($0 < 0) != ($1 < 0) } + 1
            guard line.slope * span > 6 * scatter, abs(newest) <= scatter + tolerance, runs >= 5 else { continue }
            // The line of half a day may pass far above where the figure has come to rest.
            if let recent = recent(now: now, tolerance: tolerance),
                abs(recent.level - line.level) > scatter + recent.allowed
            {
                continue
            }
            var trend = LocalTrend(line: line, scatter: scatter, count: points.count, span: span)
            trend.shape = .steps
            return course(of: trend)
        }
        return nil
    }

    // MARK: - Sawtooth

    private func sawtooth(now: GrowthBucket) -> GrowthCourse? {
        let known = cycles.cycles
        guard let start = cycles.riseStart, let last = known.last else { return nil }
        let lengths = zip(known.dropFirst(), known).map { $0.peak.x - $1.peak.x }
        let length = lengths.median() ?? (last.peak.x - last.start.x)
        // A long time without a deletion: the saw has stopped.
        guard now.time - last.peak.x < 2 * length + 6 * configuration.grain else { return nil }
        let peaks = known.map { cycle in
            // The highest average is lower than the peak was: it ended on the way from there to the next average.
            let slope = (cycle.peak.y - cycle.start.y) / (cycle.peak.x - cycle.start.x)
            return GrowthPoint(x: cycle.peak.x - now.time, y: cycle.peak.y + slope * cycle.gap)
        }
        var line = RobustLine(level: last.peak.y, slope: 0)
        if peaks.count >= 3, let found = RobustLine(peaks) { line = found }
        let scatter = max(noise, peaks.map(line.residual).scatter())
        let depth = known.map { $0.peak.y - $0.end.y }.median() ?? 0
        let (level, slope) = rise(since: start, now: now, usual: known)
        let height = max(line.level, last.peak.y - depth)
        // Higher than peaks are: this rise isn't like the others.
        guard level <= height + max(3 * scatter, 0.1 * depth) else { return nil }
        var course = GrowthCourse(
            shape: .sawtooth, slope: slope, basis: now.time - known[0].start.x,
            points: [.init(seconds: 0, value: level, error: noise)])
        guard slope > 0 else { return course }
        var seconds = max(configuration.grain, (height - level) / slope)
        while seconds < configuration.period, course.points.count < 200 {
            let peak = line.level + line.slope * seconds + 0.5 * scatter
            let error = scatter * (1 + seconds / (length * Double(max(peaks.count, 2)))).squareRoot()
            course.points.append(
                .init(seconds: seconds, value: max(peak, course.points.count == 1 ? level : peak), error: error))
            course.points.append(.init(seconds: seconds + length * 0.05, value: peak - depth, error: error))
            seconds += max(length, configuration.grain)
        }
        return course
    }

    /// The level and slope of the rise under way; at its beginning, the slope that rises usually have.
    private func rise(
        since start: GrowthPoint, now: GrowthBucket, usual: [GrowthCycles.Cycle]
    ) -> (level: Double, slope: Double) {
        let first = fine.firstIndex(since: start.x)
        let count = fine.count - first
        let usualSlope =
            usual.map { ($0.peak.y - $0.start.y) / max($0.peak.x - $0.start.x, configuration.grain) }.median() ?? 0
        guard count >= 6 else { return (now.mean, usualSlope) }
        let blocks = min(16, count)
        let points = (0..<blocks).map { block in
            let bucket = fine[first + count * (block + 1) / blocks - 1]
            return GrowthPoint(x: bucket.time - now.time, y: bucket.mean)
        }
        guard let line = RobustLine(points) else { return (now.mean, usualSlope) }
        return (line.level, line.slope)
    }

    // MARK: - Wave

    private func wave(limit: Double, now: GrowthBucket) -> GrowthCourse? {
        let period = configuration.period
        let width = coarse.width
        // How well the day before, and how well the last hours, would have told the newest values.
        let ahead = period / 8
        guard let newest = coarse.last, coarse[0].time <= newest.time - 1.125 * period - 2 * ahead else { return nil }
        var daily: [Double] = []
        var straight: [Double] = []
        var low = Double.infinity
        var high = -Double.infinity
        let oldest = max(coarse[0].time + period + 2 * ahead, newest.time - period)
        var time = newest.time
        while time >= oldest {
            if let value = coarse.value(at: time), let before = coarse.value(at: time - ahead),
                let beforeThat = coarse.value(at: time - 2 * ahead), let yesterday = coarse.value(at: time - period),
                let beforeYesterday = coarse.value(at: time - period - ahead)
            {
                daily.append(value - before - (yesterday - beforeYesterday))
                straight.append(value - 2 * before + beforeThat)
                low = min(low, yesterday)
                high = max(high, yesterday)
            }
            time -= width
        }
        let error = daily.scatter()
        guard daily.count >= 16, error < 0.63 * straight.scatter(), high - low > 0.02 * abs(limit),
            error < 0.15 * (high - low)
        else { return nil }
        // The difference from yesterday is a series of its own, with a trend.
        guard let difference = difference(now: newest, tolerance: tolerance(limit: limit, now: now), error: error)
        else { return nil }
        var course = GrowthCourse(shape: .wave, slope: 0, basis: newest.time - coarse[0].time, points: [])
        for step in 0...96 {
            let seconds = Double(step) * width
            guard let yesterday = smoothed(at: newest.time - period + seconds) else { continue }
            let value = yesterday + difference.value(after: seconds)
            let own = difference.error(after: seconds)
            let error = (own * own + error * error).squareRoot()
            course.points.append(.init(seconds: seconds - (now.time - newest.time), value: value, error: error))
        }
        // The newest coarse average is older than the newest fine one.
        course.start(at: 0)
        guard course.points.count >= 2,
            case let next = course.points[1],
            case let slope = (next.value - course.points[0].value) / max(next.seconds - course.points[0].seconds, 1),
            isNear(
                level: course.points[0].value, slope: slope, scatter: error,
                tolerance: tolerance(limit: limit, now: now))
        else { return nil }
        course.slope = slope
        return course
    }

    /// The figure at a time: the median of the coarse averages there and on both sides.
    private func smoothed(at time: Double) -> Double? {
        guard let middle = coarse.value(at: time) else { return nil }
        guard let before = coarse.value(at: time - coarse.width), let after = coarse.value(at: time + coarse.width)
        else {
            return middle
        }
        return max(min(before, middle), min(max(before, middle), after))
    }

    private func difference(now: GrowthBucket, tolerance: Double, error: Double) -> LocalTrend? {
        let stretches = [1, 0.5, 0.25, 0.125]
        for stretch in stretches {
            let span = stretch * configuration.period
            let count = min(16, Int(span / coarse.width))
            var points: [GrowthPoint] = []
            for index in 0..<count {
                let time = now.time - span * Double(count - 1 - index) / Double(count - 1)
                if let value = coarse.value(at: time), let yesterday = coarse.value(at: time - configuration.period) {
                    points.append(GrowthPoint(x: time - now.time, y: value - yesterday))
                }
            }
            guard points.count >= max(6, count - 2) else { continue }
            if let trend = LocalTrend(points, noise: error / 2, tolerance: tolerance), trend.bend == 0,
                abs(trend.level - (points[points.count - 1].y)) <= 3 * error + tolerance
            {
                return trend
            }
        }
        // No trend: as far from yesterday as in the last hours.
        let newest = (0..<8).compactMap { index -> Double? in
            let time = now.time - Double(index) * coarse.width
            guard let value = coarse.value(at: time), let yesterday = coarse.value(at: time - configuration.period)
            else {
                return nil
            }
            return value - yesterday
        }
        guard let level = newest.median() else { return nil }
        return LocalTrend(
            line: RobustLine(level: level, slope: 0), scatter: error, count: newest.count, span: 8 * coarse.width)
    }
}
