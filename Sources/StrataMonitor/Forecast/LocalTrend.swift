#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Growth as the newest stretch of a series shows it: a line, or a line bent by a constant factor of growth.
///
/// Exponential growth, straight growth and growth that comes to rest are one family,
///
///     value(h) = level + slope · (e^(bend · h) − 1) / bend
///
/// with a positive, no, and a negative bend. The stretch is the longest of several over which one member of the family explains what
/// was seen, above all what was seen last: so a jump or a change of pace isn't mistaken for growth, and noise is averaged out over hours
/// where the growth is slow.
struct LocalTrend {
    /// Kinds of stretches.
    var shape: GrowthShape
    /// Value at the newest point.
    var level: Double
    /// Units per second at the newest point.
    var slope: Double
    /// Share per second by which the slope changes.
    var bend: Double
    /// Standard error of a point of which the trend was made.
    var scatter: Double
    /// How many points there were.
    var count: Int
    /// Seconds that they cover.
    var span: Double

    /// The value expected some seconds ahead.
    func value(after seconds: Double) -> Double { level + slope * Self.reach(seconds, bend: bend) }

    /// The standard error of that value: of the level and of the slope, which weighs more the further ahead.
    ///
    /// Half as much again as if
    /// points were independent of each other.
    func error(after seconds: Double) -> Double {
        // Half of a bent stretch has to tell the slope, all of a straight one.
        let share = bend == 0 ? 1.0 : 0.5
        let points = Double(count) * share
        let distance = (seconds + span * share / 2) / (span * share)
        return 1.5 * scatter * (1 / points + 12 * distance * distance / points).squareRoot()
    }

    /// How far a slope of 1 leads in some seconds.
    static func reach(_ seconds: Double, bend: Double) -> Double {
        abs(bend * seconds) < 1e-6 ? seconds : expm1(max(-40, min(40, bend * seconds))) / bend
    }

    /// A trend through points whose `x` are seconds before the newest (0 or less), or `nil` if none of the family explains them.
    ///
    /// - Parameters:
    ///   - points: From 6 to 16, in order.
    ///   - noise: The standard error of a point if it is as noisy as its neighbours suggest.
    ///   - tolerance: How far off a point may be anyway.
    init?(_ points: [GrowthPoint], noise: Double, tolerance: Double) {
        guard points.count >= 6, let first = points.first, let line = RobustLine(points) else { return nil }
        span = -first.x
        count = points.count
        guard span > 0 else { return nil }
        let residuals = points.map(line.residual)
        scatter = max(noise, residuals.scatter())
        if Self.isExplained(residuals, noise: noise, tolerance: tolerance) {
            shape = .linear
            level = line.level
            slope = line.slope
            bend = 0
            return
        }
        guard count >= 10, let bent = Self.bent(points) else { return nil }
        let bentResiduals = points.map {
            bent.line.residual(GrowthPoint(x: Self.reach($0.x, bend: bent.bend), y: $0.y))
        }
        guard Self.isExplained(bentResiduals, noise: noise, tolerance: tolerance) else { return nil }
        scatter = max(noise, bentResiduals.scatter())
        shape = bent.bend > 0 ? .exponential : .saturating
        level = bent.line.level
        slope = bent.line.slope
        bend = bent.bend
    }

    /// A known line.
    init(line: RobustLine, scatter: Double, count: Int, span: Double) {
        shape = .linear
        level = line.level
        slope = line.slope
        bend = 0
        self.scatter = scatter
        self.count = count
        self.span = span
    }

    /// Whether deviations are noise: not larger than it, and the newest not on one side.
    private static func isExplained(_ residuals: [Double], noise: Double, tolerance: Double) -> Bool {
        let newest = max(2, residuals.count / 4)
        let bias = residuals.suffix(newest).reduce(0, +) / Double(newest)
        let oldest = residuals.prefix(newest).reduce(0, +) / Double(newest)
        let allowed = tolerance + 3.5 * noise / Double(newest).squareRoot()
        return abs(bias) <= allowed && abs(oldest) <= 1.5 * allowed && residuals.scatter() <= tolerance + 2.5 * noise
    }

    /// The bend that makes the slopes of both halves one, and the line after straightening by it.
    private static func bent(_ points: [GrowthPoint]) -> (bend: Double, line: RobustLine)? {
        let half = points.count / 2
        guard let early = RobustLine(Array(points.prefix(half))), let late = RobustLine(Array(points.suffix(half))),
            early.slope > 0, late.slope > 0
        else { return nil }
        func centre(_ points: some Collection<GrowthPoint>) -> Double {
            points.reduce(0) { $0 + $1.x } / Double(points.count)
        }
        let distance = centre(points.suffix(half)) - centre(points.prefix(half))
        let span = points[points.count - 1].x - points[0].x
        let bend = max(-6 / span, min(6 / span, log(late.slope / early.slope) / distance))
        let straightened = points.map { GrowthPoint(x: reach($0.x, bend: bend), y: $0.y) }
        guard let line = RobustLine(straightened) else { return nil }
        return (bend, line)
    }
}
