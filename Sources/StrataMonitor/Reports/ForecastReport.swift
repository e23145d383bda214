/// When something reaches its limit: part of `/debug/maps` and `/debug/maps/{name}`.
public struct ForecastReport: Codable, Sendable, Equatable {
    /// What has the limit.
    public var name: String
    /// What is counted.
    public var unit: MapLimit.Unit
    /// How much there is of it.
    public var value: Double
    /// How much there may be.
    public var limit: Double
    /// How much there is of it without noise.
    public var level: Double
    /// Change of that in a second.
    public var slope: Double
    /// Seconds until the limit is reached; absent if that isn't expected.
    public var secondsUntilLimit: Double?
    /// The same if things go faster than expected; in one of ten cases it is sooner.
    public var earliest: Double?
    /// The same if things go slower than expected; absent if it may be never.
    public var latest: Double?
    /// What the forecast is worth: 0 a guess, 1 sure.
    public var confidence: Double
    /// How it grows: the name of a ``GrowthShape``.
    public var shape: String
    /// `none`, `warning` or `critical`.
    public var warning: String
    /// Whether entries make room for others at the limit, so that nobody needs to be warned of it.
    public var makesRoom: Bool

    init(_ figure: LimitWatch.Figure) {
        name = figure.name
        unit = figure.unit
        value = figure.value
        limit = figure.limit
        level = figure.forecast.level
        slope = figure.forecast.slope
        secondsUntilLimit = figure.forecast.secondsUntilLimit
        earliest = figure.forecast.band?.early
        latest = figure.forecast.band?.late
        confidence = figure.forecast.confidence
        shape = figure.forecast.shape.rawValue
        warning = figure.warning.name
        makesRoom = figure.makesRoom
    }
}

extension GrowthWarning {
    /// What it is called in reports.
    var name: String {
        switch self {
        case .none: "none"
        case .warning: "warning"
        case .critical: "critical"
        }
    }
}
