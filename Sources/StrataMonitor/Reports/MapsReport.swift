/// What is known of everything: `/debug/maps`.
public struct MapsReport: Codable, Sendable {
    /// What the process uses, and how busy it is.
    public struct Process: Codable, Sendable {
        /// Processor time, memory, threads and processors.
        public var figures: ProcessFigures
        /// The load, and its parts.
        public var load: CompositeLoad
        /// Whether more capacity is advised.
        public var isScaleOutAdvised: Bool
        /// Connections, and how many there may be; 0 where there are none.
        public var connectionCount: Int
        /// How many connections there may be.
        public var connectionLimit: Int
    }

    /// Something made of tiers.
    public struct Tiers: Codable, Sendable {
        /// What it is called.
        public var name: String
        /// Its figures.
        public var figures: TierFigures
    }

    /// When the report was made, on the monitor's clock.
    public var time: Double
    /// When it was made, in seconds since 1970.
    public var unixTime: Double
    /// For how long the monitor has watched, in seconds.
    public var uptime: Double
    /// The process; `nil` before the first tick.
    public var process: Process?
    /// The maps.
    public var maps: [MapSummary]
    /// What is made of tiers.
    public var tiers: [Tiers]
    /// When what has a limit reaches it, by name.
    public var forecasts: [ForecastReport]
    /// What happened last, oldest first.
    public var events: [EventJournal.Event]
}
