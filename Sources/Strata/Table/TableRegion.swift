public import CStrata
public import Synchronization

/// One allocation that holds one table: header, control bytes, slots.
///
///     byte 0                 64                 64 + 16 g                     64 + 16 g + 16 g × stride
///          ┌─────────────────┬──────────────────┬─────────────────────────────┐
///          │ header          │ g × 16 control   │ g × 16 slots                │
///          └─────────────────┴──────────────────┴─────────────────────────────┘
///     header: groupCount 8 | previous 8 (atomic) | byteCount 8 | usedCount 8 | liveCount 8 | isMapped 8 | unused 16
///
/// The control bytes are packed: those of four groups share a cache line, so that a table of a million slots has one
/// megabyte of them, which stays in the second-level cache; a hit then costs one miss, for its slot.
///
/// A handle is one pointer; copying it copies nothing.
@frozen
@usableFromInline
struct TableRegion<Slot: TableSlot>: BitwiseCopyable {
    @usableFromInline let base: UnsafeMutableRawPointer

    @inlinable @inline(__always)
    init(base: UnsafeMutableRawPointer) { self.base = base }

    @inlinable static var headerByteCount: Int { 64 }
    /// Regions from this size on come from the kernel as untouched zero pages; smaller ones from the allocator.
    @inlinable static var mappedFrom: Int { 64 << 10 }

    @inlinable
    static func byteCount(groupCount: Int) -> Int {
        let count = headerByteCount + groupCount * 16 * (1 + MemoryLayout<Slot>.stride)
        return count >= mappedFrom ? (count + 4095) & ~4095 : count
    }

    /// An empty table.
    ///
    /// Nothing of a large one is touched but its first page.
    @usableFromInline
    static func allocate(groupCount: Int) -> Self {
        precondition(MemoryLayout<Slot>.stride % 8 == 0 && MemoryLayout<Slot>.alignment <= 8)
        let byteCount = byteCount(groupCount: groupCount)
        var base: UnsafeMutableRawPointer?
        let isMapped = byteCount >= mappedFrom
        if isMapped { base = strata_pages_allocate(byteCount) }
        guard let base = base ?? strata_allocate_zeroed(byteCount) else {
            preconditionFailure("no memory for a table of \(byteCount) bytes")
        }
        let region = Self(base: base)
        region.header[0] = groupCount
        region.header[2] = byteCount
        region.header[5] = isMapped ? 1 : 0
        return region
    }

    @inlinable @inline(__always)
    var header: UnsafeMutablePointer<Int> { base.assumingMemoryBound(to: Int.self) }

    @inlinable @inline(__always)
    var groupCount: Int { header[0] }

    /// The table this one takes over from, while the move lasts; 0 otherwise.
    ///
    /// Written by the shard's writers: set before the region is published, cleared when the last group has moved.
    @inlinable @inline(__always)
    var previousAddress: UnsafeMutablePointer<Atomic<UInt>> {
        // SAFETY: Atomic<UInt> has the layout of the word it is laid over; nothing else touches this word.
        (base + 8).assumingMemoryBound(to: Atomic<UInt>.self)
    }

    @inlinable @inline(__always)
    var previous: Self? {
        // acquiring: pairs with the releasing stores in startMove and finishMove.
        guard let base = UnsafeMutableRawPointer(bitPattern: previousAddress.pointee.load(ordering: .acquiring)) else {
            return nil
        }
        return Self(base: base)
    }

    @inlinable var byteCount: Int { header[2] }
    /// Control bytes that are not empty: live elements and tombstones.
    ///
    /// Writers only.
    @inlinable var usedCount: Int {
        get { header[3] }
        nonmutating set { header[3] = newValue }
    }
    /// Live elements.
    ///
    /// Writers only.
    @inlinable var liveCount: Int {
        get { header[4] }
        nonmutating set { header[4] = newValue }
    }
    @inlinable var isMapped: Bool { header[5] != 0 }
    @inlinable var slotCount: Int { groupCount * 16 }

    @inlinable @inline(__always)
    func controlGroup(_ group: Int) -> UnsafeMutableRawPointer { base + (64 + group &* 16) }

    @inlinable @inline(__always)
    func control(_ index: Int) -> UnsafeMutablePointer<Atomic<UInt8>> {
        (base + (64 + index)).assumingMemoryBound(to: Atomic<UInt8>.self)
    }

    @inlinable @inline(__always)
    func slot(_ index: Int) -> UnsafeMutablePointer<Slot> {
        (base + (64 + groupCount &* 16)).assumingMemoryBound(to: Slot.self) + index
    }

    /// The group where the probe for a hash starts: hash order is table order, whatever the size.
    @inlinable @inline(__always)
    func homeGroup(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(truncatingIfNeeded: groupCount)).high)
    }

    /// Looks for an element.
    ///
    /// - Parameters:
    ///   - hash: The element's hash.
    ///   - body: Called for each slot with the right fingerprint; the first result that isn't `nil` ends the probe.
    /// - Returns: That result, `nil` without one.
    @inlinable @inline(__always)
    func probe<Result>(_ hash: UInt64, _ body: (UnsafeMutablePointer<Slot>, Int) -> Result?) -> Result? {
        let fingerprint = ControlByte.fingerprint(of: hash)
        let groupCount = groupCount
        let slots = (base + (64 + groupCount &* 16)).assumingMemoryBound(to: Slot.self)
        var group = Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(truncatingIfNeeded: groupCount)).high)
        // The slots are asked for while the control bytes are still on their way: both misses overlap.
        strata_prefetch(slots + group &* 16)
        if MemoryLayout<Slot>.stride == 8 { strata_prefetch(slots + group &* 16 + 8) }
        var left = groupCount
        repeat {
            let bytes = strata_group_load(controlGroup(group))
            var candidates = strata_group_match(bytes, fingerprint)
            while candidates != 0 {
                let index = group &* 16 &+ candidates.trailingZeroBitCount
                if let result = body(slots + index, index) { return result }
                candidates &= candidates &- 1
            }
            if strata_group_match(bytes, ControlByte.empty) != 0 { return nil }
            group = group &+ 1 == groupCount ? 0 : group &+ 1
            left &-= 1
        } while left > 0
        return nil
    }

    /// A mask of the live slots of a group.
    @inlinable @inline(__always)
    func liveMask(ofGroup group: Int) -> UInt32 {
        let bytes = strata_group_load(controlGroup(group))
        return ~(strata_group_match(bytes, ControlByte.empty) | strata_group_match(bytes, ControlByte.tombstone))
            & 0xffff
    }

    @inlinable @inline(__always)
    func hasEmptySlot(inGroup group: Int) -> Bool {
        strata_group_match(strata_group_load(controlGroup(group)), ControlByte.empty) != 0
    }
}
