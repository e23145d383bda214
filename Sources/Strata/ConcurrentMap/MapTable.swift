import CStrata
public import Synchronization

/// The fixed part of one table, on a cache line of its own.
///
/// Readers read it with every lookup, so nothing in it changes while the table is in use except `previous`, which is set
/// once and cleared once.
@frozen
@usableFromInline
struct MapTableHeader: ~Copyable {
    /// Nothing, for the same reason as in `MapShard`.
    @usableFromInline let start: UInt64
    /// The number of groups of 16 slots.
    @usableFromInline let groupCount: UInt64
    /// The control bytes, 16 per group; then the slots.
    @usableFromInline let controls: UnsafeMutableRawPointer
    @usableFromInline let slots: UnsafeMutableRawPointer
    /// The table this one takes over from, while that lasts.
    ///
    /// Written under the shard's lock: set before the table is published, cleared when the last entry has moved.
    @usableFromInline let previous: Atomic<UnsafeMutablePointer<MapTableHeader>?>
    /// The size of the memory at `controls`; 0 for the table that all empty shards share.
    @usableFromInline let byteCount: Int

    // Under the shard's lock.

    /// One version per slot, or `nil` as long as nobody asked for one: see `ShardWriter+Versions`.
    @usableFromInline var versions: UnsafeMutablePointer<UInt64>?
    /// Once buried: how much of the table's memory has been given back.
    @usableFromInline var releasedByteCount: Int

    @inlinable
    init(
        groupCount: UInt64, controls: UnsafeMutableRawPointer, slots: UnsafeMutableRawPointer, byteCount: Int
    ) {
        start = 0
        self.groupCount = groupCount
        self.controls = controls
        self.slots = slots
        self.byteCount = byteCount
        previous = Atomic(nil)
        versions = nil
        releasedByteCount = 0
    }
}

/// One open-addressing table of a shard: groups of 16 slots with one control byte each.
///
///     controls ──▶ │ group 0: 16 × 1 byte │ group 1 │ … │     packed: those of four groups share a cache line
///     slots    ──▶ │ group 0: 16 × stride │ group 1 │ … │     see `MapSlots` for what a slot holds
///
/// The control bytes are apart from the slots because they are sixteen times smaller: those of a million entries stay in
/// a second-level cache, so that a hit costs one cache miss, for its slot. A handle is one pointer.
@frozen
@usableFromInline
struct MapTable: BitwiseCopyable, Equatable, @unchecked Sendable {
    // Sendable because it is an address; MapShard's invariants say who may do what with the table there.

    @usableFromInline let header: UnsafeMutablePointer<MapTableHeader>

    @inlinable @inline(__always)
    init(_ header: UnsafeMutablePointer<MapTableHeader>) { self.header = header }

    /// The table of every shard that has never held anything: one group, empty, never written.
    @usableFromInline static let empty = MapTable.allocateEmpty()

    // SAFETY: the shared table is never written, so that every shard of every map may read it.
    private static func allocateEmpty() -> MapTable {
        let memory = strata_allocate_zeroed(64).unsafelyUnwrapped
        let header = allocateHeader()
        header.initialize(to: MapTableHeader(groupCount: 1, controls: memory, slots: memory + 16, byteCount: 0))
        return MapTable(header)
    }

    private static func allocateHeader() -> UnsafeMutablePointer<MapTableHeader> {
        precondition(MemoryLayout<MapTableHeader>.size == 64, "the header fills one cache line")
        return UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
            .bindMemory(to: MapTableHeader.self, capacity: 1)
    }

    /// A table without entries.
    ///
    /// Nothing of a large one's memory is touched: the kernel's zero pages are empty control bytes.
    @usableFromInline
    static func allocate(groupCount: UInt64, slotStride: Int) -> MapTable {
        // Slots that fill a cache line begin on one.
        let controlByteCount = slotStride == 64 ? (Int(groupCount) * 16 + 63) & ~63 : Int(groupCount) * 16
        let byteCount = controlByteCount + Int(groupCount) * 16 * slotStride
        let memory = MapMemory.allocateZeroed(byteCount)
        let header = allocateHeader()
        header.initialize(
            to: MapTableHeader(
                groupCount: groupCount, controls: memory, slots: memory + controlByteCount, byteCount: byteCount))
        return MapTable(header)
    }

    /// Gives everything back at once, except what the slots refer to.
    @usableFromInline
    func deallocate() {
        guard header.pointee.byteCount > 0 else { return }
        if let versions = header.pointee.versions { MapMemory.release(versions, versionByteCount) }
        MapMemory.release(header.pointee.controls, header.pointee.byteCount)
        deallocateHeader()
    }

    /// The last step of giving a table back in pieces.
    func deallocateHeader() {
        header.deinitialize(count: 1)
        UnsafeMutableRawPointer(header).deallocate()
    }

    /// The table that is being emptied into this one, if any.
    @inlinable @inline(__always)
    var previous: MapTable? {
        // acquiring: pairs with the releasing store that clears it in ShardWriter.finishMove(); a reader that sees it
        // cleared sees everything that was moved.
        header.pointee.previous.load(ordering: .acquiring).map(MapTable.init)
    }

    @inlinable @inline(__always)
    var groupCount: UInt64 { header.pointee.groupCount }

    /// Whether this is the table that empty shards share.
    @inlinable @inline(__always)
    var isPlaceholder: Bool { header.pointee.byteCount == 0 }

    @inlinable
    var slotCount: Int { Int(truncatingIfNeeded: groupCount) &* 16 }

    @inlinable
    var versionByteCount: Int { slotCount &* 8 }

    /// What the table takes, with its header and versions.
    @usableFromInline
    var totalByteCount: Int {
        isPlaceholder ? 0 : header.pointee.byteCount + 64 + (header.pointee.versions == nil ? 0 : versionByteCount)
    }

    /// The group where the probe for a hash starts.
    ///
    /// Hash order is table order, whatever the size.
    @inlinable @inline(__always)
    func homeGroup(of hash: UInt64) -> UInt64 {
        hash.multipliedFullWidth(by: groupCount).high
    }

    @inlinable @inline(__always)
    func group(after group: UInt64) -> UInt64 {
        let next = group &+ 1
        return next == groupCount ? 0 : next
    }

    /// The address of a group's control bytes.
    @inlinable @inline(__always)
    func controls(ofGroup group: UInt64) -> UnsafeMutableRawPointer {
        header.pointee.controls + Int(truncatingIfNeeded: group &* 16)
    }

    @inlinable @inline(__always)
    func controlGroup(_ group: UInt64) -> ControlGroup { ControlGroup(of: controls(ofGroup: group)) }

    /// The position in its group that an entry with this hash takes if it is free: readers ask for the memory there
    /// while the control bytes are still on their way.
    @inlinable @inline(__always)
    static func preferredIndex(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: (hash &>> 28) & 15)
    }
}
