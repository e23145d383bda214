/// How busy a process is, as one number from 0 to 1, made of processor use, connections and latency.
///
/// Each part is taken relative to what counts as full. The parts are added with their weights and go through a logistic curve that is 0.5 where the sum is
/// ``midpoint``: far below it changes matter little, around it they matter most, and the number never leaves 0…1. A single part that is at its limit is
/// enough: the sum is at least ``worstPart`` times the largest part.
public struct CompositeLoad: Hashable, Codable, Sendable {
    /// What counts as full, and how much each part weighs.
    public struct Settings: Hashable, Codable, Sendable {
        /// The latency at which the 95th percentile counts as full, in seconds.
        public var fullLatency = 0.005
        /// The weight of processor use, connections and latency; only their ratios count.
        public var processorWeight = 0.5
        /// The weight of connections.
        public var connectionWeight = 0.2
        /// The weight of the latency.
        public var latencyWeight = 0.3

        /// Settings for a cache: 5 ms count as full.
        public init() {}
    }

    /// The sum of the parts where the load is 0.5.
    public static let midpoint = 0.6
    /// How steep the curve is there: 0.75 is reached at a sum of 0.71, 0.95 at 0.9.
    public static let steepness = 10.0
    /// The part of the largest single part that the sum is at least.
    public static let worstPart = 0.8

    /// Used processor time, of what may be used: 0…1.
    public var processor = 0.0
    /// Connections, of those that may be: 0…1.
    public var connections = 0.0
    /// The 95th percentile of latencies, of the full one: 0 and up.
    public var latency = 0.0
    /// The load: 0…1.
    public var factor = 0.0

    /// No load.
    public init() {}

    /// The load of some parts.
    ///
    /// - Parameters:
    ///   - processor: Used processor time, of what may be used.
    ///   - connections: Connections, of those that may be; 0 where there are none.
    ///   - latency95: The 95th percentile of latencies in seconds; `nil` without operations.
    ///   - settings: What counts as full.
    public init(processor: Double, connections: Double, latency95: Double?, settings: Settings = Settings()) {
        self.processor = Self.bounded(processor)
        self.connections = Self.bounded(connections)
        latency = settings.fullLatency > 0 ? max((latency95 ?? 0) / settings.fullLatency, 0) : 0
        let weights = settings.processorWeight + settings.connectionWeight + settings.latencyWeight
        let bounded = Self.bounded(latency)
        let mean =
            weights > 0
            ? (self.processor * settings.processorWeight + self.connections * settings.connectionWeight
                + bounded * settings.latencyWeight) / weights : 0
        let sum = max(mean, Self.worstPart * max(self.processor, self.connections, bounded))
        factor = 1 / (1 + Exponential.e(-Self.steepness * (sum - Self.midpoint)))
    }

    private static func bounded(_ part: Double) -> Double { part.isNaN ? 0 : min(max(part, 0), 1) }
}

/// Decides when to advise more capacity: the load has been above a limit for a time, and ends when it has been well below for as long.
///
/// A value without a clock: it is told the time with each load.
public struct ScaleRule: Hashable, Codable, Sendable {
    /// The load above which time counts.
    public var upper = 0.75
    /// The load below which the advice ends.
    public var lower = 0.6
    /// How long either has to last, in seconds.
    public var duration = 60.0

    /// Whether more capacity is advised.
    public private(set) var isAdvising = false
    /// Since when the load has been on the other side of its limit; `nil` while it isn't.
    private var since: Double?

    /// The usual rule: above 0.75 for 60 seconds.
    public init() {}

    /// Takes note of a load.
    ///
    /// - Parameters:
    ///   - load: From 0 to 1.
    ///   - time: When, in seconds; not before the last one.
    /// - Returns: Whether the advice has changed.
    public mutating func update(load: Double, time: Double) -> Bool {
        let isBeyond = isAdvising ? load < lower : load > upper
        guard isBeyond else {
            since = nil
            return false
        }
        guard let since else {
            self.since = time
            return false
        }
        guard time - since >= duration else { return false }
        isAdvising.toggle()
        self.since = nil
        return true
    }
}
