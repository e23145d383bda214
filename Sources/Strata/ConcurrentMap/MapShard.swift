public import Synchronization

/// One shard of a map: a table, the lock of its writers and their bookkeeping.
///
///     byte 0     table pointer                    read by every lookup, written when the table changes
///     byte 128   lock, counters, retired memory   written by every write
///     byte 384   the next shard
///
/// The padding keeps the lines that readers use apart from those that writers dirty, by two lines each because
/// processors fetch them in pairs.
///
/// Invariants:
/// - I1. `table` is a complete table at any time; it is stored under `lock` only.
/// - I2. While entries move, `table.previous` is the table they come from. An entry is in exactly one of the two, except
///   during its move: then it is published in the new table first and taken out of the old one after that, under one
///   hold of the lock. The old table gets no new entries.
/// - I3. A group that was full once never has an empty control byte again, so that a probe may end at an empty byte.
/// - I4. `emptyLeft` is at most 14/16 of the current table's slots less its used ones: every table keeps empty bytes, and
///   every probe ends.
/// - I5. A table or entry that readers may still use is freed only after the grace period of its epoch, and never while
///   the lock is held: destructors are the user's code and may use the map.
/// - I6. All fields but `table` and `liveCount` are read and written under `lock`.
@frozen
@usableFromInline
struct MapShard: ~Copyable {
    /// Nothing: the thread sanitizer reports a change of any stored property at the address where the properties begin,
    /// and readers must not read there.
    @usableFromInline let start: UInt64
    /// The newest table.
    ///
    /// Readers acquire; the holder of the lock releases.
    @usableFromInline let table: Atomic<UnsafeMutablePointer<MapTableHeader>>
    @usableFromInline let readerPadding: InlineArray<14, UInt64>

    @usableFromInline let lock: ShardLock
    /// Decides the sizes of this shard's tables: see `ShardWriter.groupCount(after:)`.
    @usableFromInline let stagger: UInt32
    /// Entries in both tables.
    ///
    /// Stored under the lock, read by anyone.
    @usableFromInline let liveCount: Atomic<Int>
    /// Empty slots of the current table that may be used before the table has to grow or to be cleaned.
    @usableFromInline var emptyLeft = 0
    /// The next group of the previous table to move.
    @usableFromInline var cursor: UInt64 = 0
    /// Shrinking stops at this size.
    @usableFromInline var minimumGroupCount: UInt64 = 1
    /// The version of the last change.
    @usableFromInline var version: UInt64 = 0
    /// Whether inline slots have versions.
    @usableFromInline var keepsVersions = false

    /// Entries that were replaced or removed.
    @usableFromInline var retired = RetireList()
    /// Tables that were emptied.
    @usableFromInline var graveyard = MapGraveyard()

    @usableFromInline var growthCount = 0
    @usableFromInline var shrinkCount = 0
    @usableFromInline var cleaningCount = 0
    @usableFromInline var movedCount = 0
    @usableFromInline var maximumMoved = 0
    @usableFromInline let writerPadding = InlineArray<8, UInt64>(repeating: 0)

    @usableFromInline
    init(index: Int) {
        start = 0
        table = Atomic(MapTable.empty.header)
        readerPadding = InlineArray(repeating: 0)
        lock = ShardLock()
        stagger = UInt32(index & 3)
        liveCount = Atomic(0)
    }
}

/// The address of a shard.
///
/// It stays the same for the life of the map.
@usableFromInline
typealias ShardAddress = UnsafeMutablePointer<MapShard>

extension ShardAddress {
    /// The newest table, for readers.
    @inlinable @inline(__always)
    var acquiredTable: MapTable {
        // acquiring: pairs with the releasing store in ShardWriter.publish(_:).
        MapTable(pointee.table.load(ordering: .acquiring))
    }

    /// The newest table, under the lock.
    @inlinable @inline(__always)
    var lockedTable: MapTable {
        // relaxed: only the holder of the lock stores.
        MapTable(pointee.table.load(ordering: .relaxed))
    }
}
