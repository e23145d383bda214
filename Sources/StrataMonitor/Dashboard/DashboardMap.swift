/// One map in detail, as its page shows it.
public struct DashboardMap: Codable, Sendable {
    /// A figure with its name.
    public struct Figure: Codable, Sendable {
        /// What it is.
        public var name: String
        /// `count`, `bytes`, `ratio` or `text`.
        public var unit: String
        /// The figure.
        public var value: Double?
        /// The figure in words.
        public var text: String?
    }

    /// A kind of operation.
    public struct Operation: Codable, Sendable {
        /// What it is called.
        public var name: String
        /// How many there are in a second, over the last half minute.
        public var perSecond: Double
        /// Latencies since the beginning, in seconds.
        public var p50: Double?
        /// See above.
        public var p99: Double?
        /// See above.
        public var p9999: Double?
    }

    /// What one second was like; of figures that are kept in coarser steps, several seconds have the same.
    public struct Point: Codable, Sendable {
        /// The second, since 1970.
        public var time: Int
        /// Operations.
        public var requests: Double
        /// See ``DashboardPoint/heat``.
        public var heat: [Int]
        /// See ``DashboardPoint/collision``.
        public var collision: Double?
        /// See ``DashboardPoint/loadFactor``.
        public var loadFactor: Double?
    }

    /// What it is called.
    public var name: String
    /// How far back ``points`` reach, in seconds.
    public var span: Int
    /// For how many seconds each of them stands.
    public var step: Int
    /// What it is.
    public var kind: String
    /// What there is to know in numbers.
    public var figures: [Figure]
    /// What it does.
    public var operations: [Operation]
    /// The last five minutes.
    public var points: [Point]
    /// Entries by how many groups have to be looked at, of a sample.
    public var probeLengths: [Int]
    /// Its windows.
    public var windows: [DashboardState.Window]
    /// How evenly it is used.
    public var shards: DashboardState.Shards
    /// What is asked for.
    public var hotKeys: DashboardState.HotKeyList
    /// When its limits will be reached.
    public var forecasts: [DashboardForecast]
}
