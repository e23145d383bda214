/// What a growing figure is expected to do: when it reaches its limit, how sure that is, and why.
public struct GrowthForecast: Sendable, Equatable {
    /// Seconds from the newest sample until the limit is reached; 0 if it has been reached, `nil` if it isn't on its way there.
    public var secondsUntilLimit: Double?
    /// How much the forecast is worth, from 0 (a guess) to 1 (everything so far went as this shape would have it).
    public var confidence: Double
    /// Seconds until the limit if things go faster or slower than expected; `nil` where nothing is expected.
    public var band: Band?
    /// What kind of growth was recognised.
    public var shape: GrowthShape
    /// How much the figure is changing now, in its own unit per second.
    public var slope: Double
    /// Where the figure stands now, without noise, in its own unit.
    public var level: Double
    /// Seconds of history that this rests on.
    public var basis = 0.0
    /// Whether the newest values speak against it: then it raises no warning but a critical one.
    public var isDoubtful = false
    /// Whether somebody should be told.
    public var warning: GrowthWarning

    /// The times between which the limit is reached in four of five cases.
    public struct Band: Sendable, Equatable {
        /// Seconds until the limit at the earliest.
        public var early: Double
        /// Seconds until the limit at the latest; `nil` if it may be that it is never reached.
        public var late: Double?
    }

    /// A forecast without an opinion: too little has been seen.
    static func unknown(level: Double, warning: GrowthWarning) -> GrowthForecast {
        GrowthForecast(
            secondsUntilLimit: nil, confidence: 0, band: nil, shape: .unknown, slope: 0, level: level,
            warning: warning)
    }
}

/// How a figure grows.
public enum GrowthShape: String, Sendable, CaseIterable {
    /// Too little has been seen, or nothing that was tried describes it.
    case unknown
    /// It doesn't change, or it falls.
    case flat
    /// As much in each minute as in the one before.
    case linear
    /// More in each minute than in the one before, by a constant factor.
    case exponential
    /// Less in each minute than in the one before: it comes to rest at a ceiling.
    case saturating
    /// In jumps that are, over time, as regular as a line.
    case steps
    /// As yesterday at the same time, give or take a daily change.
    case wave
    /// Growth that is cut back again and again: what counts is the line through the peaks.
    case sawtooth
}

/// How urgently somebody should be told that a limit is coming near.
public enum GrowthWarning: Int, Sendable, Comparable, CaseIterable {
    /// Nobody needs to know.
    case none = 0
    /// The limit will be reached within the horizon.
    case warning = 1
    /// The limit will be reached within the lead time that somebody needs to do something about it.
    case critical = 2

    /// Whether one is less urgent than the other.
    public static func < (first: GrowthWarning, second: GrowthWarning) -> Bool { first.rawValue < second.rawValue }
}
