/// What is known of one map: `/debug/maps/{name}`.
///
/// Times are seconds on the monitor's clock; ``time`` and ``unixTime`` say how that relates to the calendar.
public struct MapReport: Codable, Sendable {
    /// How the steps of a window look at each resolution.
    public struct Window: Codable, Sendable {
        /// A second each.
        public var seconds: [SlidingWindow.Step]
        /// Ten seconds each.
        public var tenSeconds: [SlidingWindow.Step]
        /// Five minutes each.
        public var fiveMinutes: [SlidingWindow.Step]

        init(_ window: SlidingWindow, at second: Int) {
            seconds = window.steps(.seconds, at: second)
            tenSeconds = window.steps(.tenSeconds, at: second)
            fiveMinutes = window.steps(.fiveMinutes, at: second)
        }
    }

    /// The windows by name.
    public struct Windows: Codable, Sendable {
        /// Sampled entries not in the first group of their probe, of all sampled.
        public var collisions: Window
        /// Entries of slots.
        public var load: Window
        /// Hits of requests.
        public var hits: Window
        /// Reads.
        public var reads: Window
        /// Other operations.
        public var writes: Window
        /// Entries that made room for others.
        public var evictions: Window
        /// Entries whose deadline had passed.
        public var expirations: Window
        /// Nanoseconds in operations, of the process's.
        public var processorTime: Window
    }

    /// The hottest keys and what is known of their error.
    public struct HotKeysReport: Codable, Sendable {
        /// The keys, hottest first.
        public var keys: [HotKeys.HotKey]
        /// Operations of recent times.
        public var total: Double
        /// The most by which a count may be too high for lack of counters.
        public var maximumOvercount: Double
        /// How long counts take to halve, in seconds.
        public var halfLife: Int
    }

    /// How evenly entries and operations are spread.
    public struct Shards: Codable, Sendable {
        /// Entries of each shard; of the first 256.
        public var counts: [Int]
        /// The fullest divided by the mean.
        public var imbalance: Double?
        /// Recent operations by 64th of hash space, of all.
        public var operationShares: [Double]
        /// The busiest 64th divided by the mean.
        public var operationImbalance: Double?
    }

    /// When the report was made, on the monitor's clock.
    public var time: Double
    /// When it was made, in seconds since 1970.
    public var unixTime: Double
    /// The map in a few numbers.
    public var summary: MapSummary
    /// All figures; the probe lengths are those of a sample.
    public var figures: MapFigures
    /// The windows.
    public var windows: Windows
    /// Latencies by operation since the beginning.
    public var latencies: [String: LatencyReport]
    /// Latencies by time.
    public var heatMap: HeatMapReport
    /// When its limit is reached; absent without one.
    public var forecast: ForecastReport?
    /// The hottest keys.
    public var hotKeys: HotKeysReport
    /// How evenly things are spread.
    public var shards: Shards
    /// What happened inside of it.
    public var events: [EventJournal.Event]
}

/// A map in a few numbers.
public struct MapSummary: Codable, Sendable {
    /// What it is called.
    public var name: String
    /// What it is.
    public var kind: MapKind
    /// Entries.
    public var count: Int
    /// Slots.
    public var capacity: Int
    /// The used part of the slots.
    public var loadFactor: Double
    /// Memory in bytes.
    public var byteCount: Int
    /// Whether tables are changing their size.
    public var isResizing: Bool
    /// Hits of all requests in the last 30 seconds; `nil` without requests.
    public var hitRatio: Double?
    /// Requests that found a value, since the beginning.
    public var hitTotal: Int
    /// Requests that found none, since the beginning.
    public var missTotal: Int
    /// Whether hits are estimated from a sample.
    public var areHitsEstimated: Bool
    /// Collisions of sampled entries, last 30 seconds.
    public var collisionRatio: Double?
    /// Reads a second, last 30 seconds; estimated.
    public var readsPerSecond: Double
    /// Other operations a second, last 30 seconds; estimated.
    public var writesPerSecond: Double
    /// Evictions a second, last 30 seconds.
    public var evictionsPerSecond: Double
    /// Expirations a second, last 30 seconds.
    public var expirationsPerSecond: Double
    /// The part of the process's processor time, last 30 seconds; estimated.
    public var processorShare: Double?
    /// Whether hits are few; `nil` while there are too few requests to say.
    public var isHitRatioLow: Bool?
    /// Whether it takes much of the processor; `nil` while that isn't known.
    public var isProcessorUseHigh: Bool?
    /// Latencies of the last 30 to 40 seconds.
    public var latency: LatencyReport?
    /// The last 30 seconds' hit ratios, one for each second, for a small picture; -1 without requests.
    public var recentHitRatios: [Double]
    /// The last 30 seconds' operations, one for each second.
    public var recentOperations: [Int]

    init(_ map: RegisteredMap, _ figures: MapFigures, at second: Int) {
        name = map.name
        kind = map.kind
        count = figures.count
        capacity = figures.capacity
        loadFactor = figures.loadFactor
        byteCount = figures.byteCount
        isResizing = figures.movingCount > 0
        hitTotal = figures.hitTotal
        missTotal = figures.missTotal
        areHitsEstimated = figures.areHitsEstimated
        let windows = map.windows
        func recent(_ window: SlidingWindow) -> SlidingWindow.Step { window.sum(over: MapMetrics.window, at: second) }
        hitRatio = recent(windows.hits).ratio
        collisionRatio = recent(windows.collisions).ratio
        readsPerSecond = recent(windows.reads).rate
        writesPerSecond = recent(windows.writes).rate
        evictionsPerSecond = recent(windows.evictions).rate
        expirationsPerSecond = recent(windows.expirations).rate
        processorShare = recent(windows.time).ratio
        let signals = MapSignals(map, second: second)
        isHitRatioLow = signals.isHitRatioLow
        isProcessorUseHigh = signals.isProcessorUseHigh
        latency = LatencyReport(map.past.withLock { $0.lastHalfMinute })
        recentHitRatios = windows.hits.steps(.seconds, at: second).map { $0.ratio ?? -1 }
        recentOperations = zip(windows.reads.steps(.seconds, at: second), windows.writes.steps(.seconds, at: second))
            .map { $0.amount + $1.amount }
    }
}
