/// What a map holds and how well its tables are doing.
public struct MapStatistics: Hashable, Sendable {
    /// Entries.
    public var count = 0
    /// Slots of the tables that take new entries.
    public var capacity = 0
    /// Slots of the tables whose entries are on their way to those; 0 while no table changes its size.
    public var previousCapacity = 0
    /// Slots that removed entries keep occupied until their table is cleaned.
    public var tombstoneCount = 0
    /// Element i is the number of entries that are found in the (i + 1)th group looked at; the last one also counts all
    /// that take longer.
    public var probeLengths = [Int](repeating: 0, count: Self.probeLengthLimit)
    /// Entries that are not in the first group looked at, because that was full; of the sample, where there is only one.
    public var collisionCount: Int { probeLengths.dropFirst().reduce(0, +) }
    /// Entries whose probe length was looked at: all of them, or those of a sample.
    public var probedCount: Int { probeLengths.reduce(0, +) }
    /// The part of the entries looked at that are not in the first group of their probe; 0 without any.
    public var collisionRatio: Double { probedCount == 0 ? 0 : Double(collisionCount) / Double(probedCount) }
    /// How often a table began to grow.
    public var growthCount = 0
    /// How often a table began to shrink.
    public var shrinkCount = 0
    /// How often a table was replaced by one of the same size, to be rid of tombstones.
    public var cleaningCount = 0
    /// How often a table began to grow, to shrink or to be cleaned: the sum of the three where they are told apart.
    public var startedMoveCount = 0
    /// Tables that are changing their size at the moment.
    public var movingCount = 0
    /// Entries moved from one table to the next since the map was made.
    public var movedSlotCount = 0
    /// The most entries a single operation moved.
    public var maximumSlotsMoved = 0
    /// Entries that were replaced or removed and wait for readers to be done with them.
    public var retiredCount = 0
    /// Memory of tables that were replaced and are given back piece by piece.
    public var buriedByteCount = 0
    /// Memory of the map in bytes: shards, tables, entries, and what waits to be given back.
    ///
    /// Without what keys and values refer to.
    public var byteCount = 0

    /// Creates statistics of an empty map.
    public init() {}

    /// The number of probe lengths told apart.
    public static let probeLengthLimit = 16

    /// The used part of the capacity: 0 for an empty map, at most 0.875 plus what is on its way between two tables.
    public var loadFactor: Double { capacity == 0 ? 0 : Double(count) / Double(capacity) }

    /// Memory per entry.
    public var bytesPerEntry: Double { count == 0 ? 0 : Double(byteCount) / Double(count) }
}
