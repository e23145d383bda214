/// What one second was like.
public struct DashboardPoint: Codable, Hashable, Sendable {
    /// The second, since 1970.
    public var time: Int
    /// Requests in it.
    public var requests: Double
    /// The part of the lookups that each tier of ``DashboardState/tiers`` answered; `nil` without lookups.
    public var tiers: [Double?]
    /// Operations by latency: pairs of a row of ``DashboardSnapshot/bounds`` and a count.
    public var heat: [Int]
    /// Sampled entries not in the first group looked at.
    public var collision: Double?
    /// The used part of all slots.
    public var loadFactor: Double?
    /// Connections.
    public var clients: Int?
    /// Memory in bytes.
    public var memory: Int
    /// How busy the process is, from 0 to 1.
    public var load: Double?
    /// Entries.
    public var entries: Int
    /// The 99th percentile of this second's latencies, in seconds.
    public var p99: Double?
}

/// Something that happened, as a sentence.
public struct DashboardEvent: Codable, Hashable, Sendable {
    /// Its number in the journal.
    public var number: Int
    /// When it began, in seconds since 1970.
    public var time: Double
    /// When it ended; `nil` for what takes no time.
    public var until: Double?
    /// `growth`, `shrink`, `cleaning`, `evictionStorm`, `expirySweep`, `breakerChange`, `scaleAdvice`, `forecastWarning` or `start`.
    public var kind: String
    /// The map or tier.
    public var name: String
    /// What happened.
    public var text: String
}

/// When something will be full.
public struct DashboardForecast: Codable, Sendable {
    /// What tells it from the others.
    public var name: String
    /// What is growing.
    public var title: String
    /// `bytes`, `count` or `ratio`.
    public var unit: String
    /// Where it stands, without noise.
    public var level: Double
    /// Where it must not get to.
    public var limit: Double
    /// What the limit is called.
    public var limitText: String
    /// Seconds until then; `nil` if it isn't on its way there.
    public var secondsLeft: Double?
    /// The same at the earliest, in four of five cases.
    public var earliest: Double?
    /// The same at the latest; `nil` if it may be never.
    public var latest: Double?
    /// How sure that is, from 0 to 1.
    public var confidence: Double
    /// `none`, `warning` or `critical`.
    public var warning: String
    /// How it grows.
    public var shape: String
    /// All of it as a sentence.
    public var text: String
    /// The past: pairs of seconds since 1970 and the figure.
    public var history: [[Double]]
    /// What is expected: seconds since 1970, the figure, and the bounds that it stays between in four of five cases.
    public var course: [[Double]]
}

/// What a viewer gets first: the moment and the last minutes.
public struct DashboardSnapshot: Codable, Sendable {
    /// The moment.
    public var state: DashboardState
    /// The last five minutes, oldest first.
    public var points: [DashboardPoint]
    /// What happened in them, oldest first.
    public var events: [DashboardEvent]
    /// The lower bounds of the rows of ``DashboardPoint/heat``, in seconds.
    public var bounds: [Double]
}

/// What a viewer gets each second.
public struct DashboardTick: Codable, Sendable {
    /// The moment.
    public var state: DashboardState
    /// The last second.
    public var point: DashboardPoint
    /// What is new or has changed.
    public var events: [DashboardEvent]
}
