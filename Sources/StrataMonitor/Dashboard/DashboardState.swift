/// Everything that the dashboard and `strata top` show of one moment, but for the courses over time: see ``DashboardPoint``.
///
/// Field names are the contract with the page's scripts.
public struct DashboardState: Codable, Sendable {
    /// Who is looked at.
    public struct Program: Codable, Sendable {
        /// Its version.
        public var version: String
        /// What it is for: a store, a near cache.
        public var role: String
        /// Where clients connect to; `nil` for a program that isn't a server.
        public var address: String?
        /// Seconds since it was started.
        public var uptime: Double
    }

    /// Latencies of the last 30 to 40 seconds, in seconds.
    public struct Quantiles: Codable, Sendable {
        /// Half of all are no longer.
        public var p50: Double?
        /// Nine of ten.
        public var p90: Double?
        /// 99 of a hundred.
        public var p99: Double?
        /// 999 of a thousand.
        public var p999: Double?
        /// 9999 of ten thousand.
        public var p9999: Double?
    }

    /// What one tier answered in the last minute; the last one stands for what nobody did.
    public struct Tier: Codable, Sendable {
        /// What tells it from the others.
        public var name: String
        /// What it is called for people.
        public var label: String
        /// The part of all lookups; `nil` without any.
        public var share: Double?
        /// Whether it stands for what no tier could answer.
        public var isMiss: Bool
    }

    /// A circuit breaker.
    public struct Breaker: Codable, Sendable {
        /// What it guards.
        public var name: String
        /// `closed`, `halfOpen` or `open`.
        public var state: String
        /// How often it has opened.
        public var openingTotal: Int
    }

    /// What memory is used for.
    public struct Memory: Codable, Sendable {
        /// In use, in bytes.
        public var used: Int
        /// The limit in bytes; `nil` without one.
        public var limit: Int?
        /// Parts of it, in a fixed order.
        public var parts: [MemoryPart]
    }

    /// A part of the memory.
    public struct MemoryPart: Codable, Hashable, Sendable {
        /// What it is.
        public var name: String
        /// Its size in bytes; may be estimated.
        public var bytes: Int
        /// How many entries share it; `nil` where that makes no sense.
        public var count: Int?

        /// A part.
        public init(name: String, bytes: Int, count: Int?) {
            self.name = name
            self.bytes = bytes
            self.count = count
        }
    }

    /// Who is connected.
    public struct Connections: Codable, Sendable {
        /// Now.
        public var open: Int
        /// At most; `nil` without a limit.
        public var limit: Int?
        /// So far.
        public var acceptedTotal: Int
        /// Turned away so far.
        public var rejectedTotal: Int
    }

    /// How busy the process is: see ``CompositeLoad``.
    public struct Load: Codable, Sendable {
        /// A part of it in words.
        public struct Part: Codable, Sendable {
            /// What it is.
            public var name: String
            /// Its figure as people read it.
            public var text: String
        }

        /// From 0 to 1.
        public var value: Double
        /// Whether more capacity is advised.
        public var isAdvised: Bool
        /// What it is made of.
        public var parts: [Part]
    }

    /// A sliding window over its usual lengths.
    public struct Window: Codable, Sendable {
        /// The value over one length of time.
        public struct Span: Codable, Sendable {
            /// The length.
            public var label: String
            /// The ratio; `nil` where nothing happened.
            public var value: Double?
        }

        /// `collision` or `loadFactor`.
        public var name: String
        /// The shortest first.
        public var spans: [Span]
    }

    /// The keys asked for most often.
    public struct HotKeyList: Codable, Sendable {
        /// The map they are in.
        public var map: String
        /// Operations of recent times.
        public var total: Double
        /// The most by which a count may be too high for lack of counters.
        public var overcount: Double
        /// The hottest first.
        public var keys: [HotKeys.HotKey]
        /// Why no keys are shown; `nil` where they are.
        public var hidden: String?
    }

    /// How evenly entries and requests are spread.
    public struct Shards: Codable, Sendable {
        /// The map.
        public var map: String
        /// Entries by shard, of the first 256.
        public var counts: [Int]
        /// Recent requests by shard, as far as that is known; empty where it isn't.
        public var requests: [Double]
        /// The fullest divided by the mean.
        public var imbalance: Double?
        /// The busiest divided by the mean.
        public var requestImbalance: Double?
    }

    /// A map in a few numbers.
    public struct MapLine: Codable, Sendable {
        /// What it is called.
        public var name: String
        /// What it is.
        public var kind: String
        /// Entries.
        public var count: Int
        /// Slots.
        public var capacity: Int
        /// The used part of the slots.
        public var loadFactor: Double
        /// Memory.
        public var bytes: Int
        /// Operations a second; `nil` where they aren't observed.
        public var requestsPerSecond: Double?
        /// Hits of recent lookups; `nil` without any.
        public var hitRatio: Double?
        /// Whether tables are changing their size.
        public var isMoving: Bool
    }

    /// When, in seconds since 1970.
    public var time: Double
    /// Who.
    public var server: Program
    /// Whether everything is fine, and why not.
    public var health: HealthReport
    /// Requests in the last second.
    public var requestsPerSecond: Double
    /// Requests so far.
    public var requestTotal: Int
    /// Entries of all maps.
    public var entries: Int
    /// How many more there are than a minute ago, scaled to a minute; `nil` at first.
    public var growthPerMinute: Double?
    /// Hits of the last minute's lookups.
    public var hitRatio: Double?
    /// Lookups in the last minute.
    public var lookups: Int
    /// Latencies of all operations.
    public var quantiles: Quantiles
    /// Who answered.
    public var tiers: [Tier]
    /// What stands between.
    public var breakers: [Breaker]
    /// Memory.
    public var memory: Memory
    /// Connections.
    public var connections: Connections
    /// Load; `nil` before it is known.
    public var load: Load?
    /// Windows over all maps.
    public var windows: [Window]
    /// When limits will be reached, the most urgent first.
    public var forecasts: [DashboardForecast]
    /// Of the busiest map.
    public var hotKeys: HotKeyList
    /// Of the busiest map.
    public var shards: Shards
    /// The maps, the busiest first.
    public var maps: [MapLine]
}
