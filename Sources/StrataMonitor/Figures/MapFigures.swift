import Strata

/// What a registered thing is.
public enum MapKind: String, Codable, Sendable {
    /// A ``ConcurrentMap``.
    case map
    /// A ``Cache``.
    case cache
    /// A ``HashStore``.
    case store
    /// An ``ObjectPool``.
    case pool
    /// Something else that reports figures.
    case other
}

/// The figures of a map, cache, store or pool at about one moment.
///
/// Counts that end in `Total` only grow; what a kind doesn't have is 0 or `nil`.
public struct MapFigures: Hashable, Codable, Sendable {
    /// Entries; idle objects of a pool.
    public var count = 0
    /// Slots of the tables that take new entries.
    public var capacity = 0
    /// Slots of the tables whose entries are on their way to those; 0 while nothing grows or shrinks.
    public var previousCapacity = 0
    /// Tables that are changing their size.
    public var movingCount = 0
    /// Slots that removed entries keep occupied.
    public var tombstoneCount = 0
    /// Element i is the number of sampled entries that are found in the (i + 1)th group looked at.
    public var probeLengths: [Int] = []
    /// Memory in bytes.
    public var byteCount = 0
    /// What the entries weigh, and may weigh; `nil` without a bound.
    public var weight: UInt64?
    /// The bound of ``weight``.
    public var maximumWeight: UInt64?
    /// How often tables began to grow.
    public var growthTotal = 0
    /// How often tables began to shrink.
    public var shrinkTotal = 0
    /// How often tables began to be cleaned of tombstones.
    public var cleaningTotal = 0
    /// How often a table began any of that.
    public var startedMoveTotal = 0
    /// Entries moved from table to table.
    public var movedSlotTotal = 0
    /// The most entries a single operation moved.
    public var maximumSlotsMoved = 0
    /// Requests that found a value.
    public var hitTotal = 0
    /// Requests that found none.
    public var missTotal = 0
    /// Whether hits and misses are estimated from a sample.
    public var areHitsEstimated = false
    /// Entries that made room for others.
    public var evictionTotal = 0
    /// Entries whose deadline had passed.
    public var expirationTotal = 0
    /// Values loaded.
    public var loadTotal = 0
    /// Loads that failed.
    public var loadFailureTotal = 0
    /// The time that loads took, in seconds.
    public var loadSecondsTotal = 0.0
    /// Entries of each shard.
    public var shardCounts: [Int] = []
    /// What only a pool has.
    public var pool: PoolFigures?

    /// The figures of a pool.
    public struct PoolFigures: Hashable, Codable, Sendable {
        /// Objects handed out.
        public var takeTotal = 0
        /// Objects made.
        public var creationTotal = 0
        /// Objects that came back.
        public var returnTotal = 0
        /// Objects let go for lack of room.
        public var discardTotal = 0
        /// Objects in use.
        public var inUseCount = 0
        /// Figures of a pool that has done nothing.
        public init() {}
    }

    /// Figures that are all zero.
    public init() {}

    /// The used part of the capacity.
    public var loadFactor: Double { capacity == 0 ? 0 : Double(count) / Double(capacity) }
    /// Sampled entries that are not in the first group of their probe.
    public var collisionCount: Int { probeLengths.dropFirst().reduce(0, +) }
    /// Entries whose probe length was looked at.
    public var probedCount: Int { probeLengths.reduce(0, +) }
    /// The part of the sampled entries that are not in the first group of their probe.
    public var collisionRatio: Double { probedCount == 0 ? 0 : Double(collisionCount) / Double(probedCount) }
    /// Hits and misses.
    public var requestTotal: Int { hitTotal + missTotal }

    /// How much more the fullest shard holds than the mean of all; 1 where all are alike, `nil` without entries.
    ///
    /// With few entries a shard the number is large by chance: 32 shards with 10 entries each come to about 1.7.
    public var shardImbalance: Double? { Self.imbalance(shardCounts) }

    /// The largest of some counts divided by their mean.
    static func imbalance(_ counts: [Int]) -> Double? {
        let sum = counts.reduce(0, +)
        guard sum > 0, let largest = counts.max() else { return nil }
        return Double(largest) * Double(counts.count) / Double(sum)
    }

    /// Takes over what the tables count.
    mutating func take(_ statistics: MapStatistics) {
        count = statistics.count
        capacity = statistics.capacity
        previousCapacity = statistics.previousCapacity
        movingCount = statistics.movingCount
        tombstoneCount = statistics.tombstoneCount
        probeLengths = statistics.probeLengths
        byteCount = statistics.byteCount
        growthTotal = statistics.growthCount
        shrinkTotal = statistics.shrinkCount
        cleaningTotal = statistics.cleaningCount
        startedMoveTotal = statistics.startedMoveCount
        movedSlotTotal = statistics.movedSlotCount
        maximumSlotsMoved = statistics.maximumSlotsMoved
    }
}
