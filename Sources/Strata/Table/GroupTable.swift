public import CStrata
public import Synchronization

/// An open-addressing hash table in groups of 16 slots with one-byte fingerprints, for one shard: readers take no lock
/// and write nothing, writers hold the shard's lock.
///
/// The layout of the control bytes follows the flat hash tables of Abseil ("Swiss tables", 2017) and boost's
/// `unordered_flat_map`; what is different here is that the position is the high part of `hash × groupCount`, so that
/// any number of groups will do and elements keep the order of their hashes through every change of size: a scan cursor
/// is a position in hash space and survives growth and shrinking.
///
/// Growth, shrinking and cleaning (the same size without tombstones) never happen in one go. A new region is put in
/// front of the old one and each write moves two groups, at most 32 slots, until the old region is empty.
///
/// The table knows hashes and positions; what a slot means is its owner's business, who passes closures for matching and
/// hashing. They are inlined.
///
/// Invariants:
/// - I1. `current` always points to a complete region; it changes only under the lock.
/// - I2. While a move lasts, `current.previous` is the old region; an element is live in exactly one of both, but for the
///   moment of its move: then first in the new one, and still in the old.
/// - I3. A reader looks in the old region first, then in the new; after a miss it looks at `current` again and starts over
///   if that has changed. With I2 it can't miss an element that is present throughout: it either finds it in the old
///   region or has seen (acquire) the tombstone that was stored (release) after the copy.
/// - I4. Where the control byte decides, it becomes a fingerprint (release) after its slot has been written, and the slot
///   is not used again for another element. Where the slot's word decides, the word becomes non-zero (release) after the
///   control byte has become the fingerprint, and zero before it becomes anything else; the place may be used again.
/// - I5. A group that ever was full never has an empty byte again in the same region, so that a probe may end at an empty
///   byte.
/// - I6. `usedCount` of a region stays under its slots by at least a sixteenth: every probe ends.
/// - I7. Regions are freed only after the epoch's grace period.
@frozen
@usableFromInline
struct GroupTable<Slot: TableSlot>: ~Copyable {
    /// What readers and writers share and writers own.
    ///
    /// It stays at one address.
    @usableFromInline
    struct Core: ~Copyable {
        /// Nothing: the thread sanitizer reports a change of any stored property at the address where the properties
        /// begin, and readers must not read there.
        @usableFromInline let start: UInt64 = 0
        /// The address of the newest region.
        ///
        /// Written under the lock (release), read by anyone (acquire).
        @usableFromInline let current: Atomic<UInt>
        // Writers only, under the shard's lock.
        @usableFromInline var movingGroup = 0
        @usableFromInline var minimumGroupCount: Int
        @usableFromInline var movesStarted = 0
        @usableFromInline var slotsMoved = 0
        @usableFromInline var maximumSlotsMoved = 0
        @usableFromInline var writesSinceAdvance = 0
        @usableFromInline var byteCount: Int
        @usableFromInline var retiredRegions = RetireList()
        @usableFromInline var graveyard = RegionGraveyard()

        @usableFromInline
        init(minimumGroupCount: Int) {
            self.minimumGroupCount = max(minimumGroupCount, 1)
            let region = TableRegion<Slot>.allocate(groupCount: self.minimumGroupCount)
            current = Atomic(UInt(bitPattern: region.base))
            byteCount = region.byteCount
        }
    }

    @usableFromInline let core: UnsafeMutablePointer<Core>

    /// An empty table.
    ///
    /// - Parameter minimumGroupCount: The size it starts with and never shrinks below, in groups of 16 slots.
    @inlinable
    init(minimumGroupCount: Int = 1) {
        core = .allocate(capacity: 1)
        core.initialize(to: Core(minimumGroupCount: minimumGroupCount))
    }

    /// Frees the regions.
    ///
    /// The owner has freed what the slots refer to, and no reader can be inside.
    @inlinable
    deinit {
        var next: TableRegion<Slot>? = newest
        while let region = next {
            next = region.previous
            RegionGraveyard.release(region.base, byteCount: region.byteCount, isMapped: region.isMapped)
        }
        core.pointee.retiredRegions.drain { base, byteCount in
            RegionGraveyard.release(base, byteCount: byteCount, isMapped: TableRegion<Slot>(base: base).isMapped)
        }
        core.pointee.graveyard.releaseAll()
        core.deinitialize(count: 1)
        core.deallocate()
    }

    /// The newest region, for writers.
    @inlinable @inline(__always)
    var newest: TableRegion<Slot> {
        // relaxed: only writers call this, and the lock orders them.
        TableRegion(
            base: UnsafeMutableRawPointer(bitPattern: core.pointee.current.load(ordering: .relaxed)).unsafelyUnwrapped)
    }

    /// Where an element is: valid under the lock until the next insertion, removal or step.
    @frozen
    @usableFromInline
    struct Position: BitwiseCopyable {
        @usableFromInline let region: TableRegion<Slot>
        @usableFromInline let index: Int

        @inlinable @inline(__always)
        init(region: TableRegion<Slot>, index: Int) {
            self.region = region
            self.index = index
        }

        /// The slot of the element.
        @inlinable @inline(__always)
        var slot: UnsafeMutablePointer<Slot> { region.slot(index) }
    }

    // MARK: Reading

    /// Looks for an element, without a lock.
    ///
    /// The caller has pinned the epoch, and stays pinned while it uses what it found.
    ///
    /// - Parameters:
    ///   - hash: The element's hash.
    ///   - body: Called for each slot with the right fingerprint; returns `nil` if that isn't the element.
    /// - Returns: What the closure returned for the element, `nil` without one.
    /// - Complexity: O(1) expected: one group, one false candidate in 16 lookups.
    @inlinable @inline(__always)
    func read<Result>(_ hash: UInt64, _ body: (UnsafeMutablePointer<Slot>) -> Result?) -> Result? {
        // acquiring: pairs with the releasing store in startMove.
        var address = core.pointee.current.load(ordering: .acquiring)
        while true {
            let region = TableRegion<Slot>(base: UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped)
            if let old = region.previous, let result = old.probe(hash, { slot, _ in body(slot) }) { return result }
            if let result = region.probe(hash, { slot, _ in body(slot) }) { return result }
            let again = core.pointee.current.load(ordering: .acquiring)
            if again == address { return nil }
            address = again
        }
    }

    /// Asks the processor for the group a hash starts at: control bytes and slots.
    ///
    /// The caller has pinned the epoch, because the region's header is read.
    @inlinable @inline(__always)
    func prefetch(_ hash: UInt64) {
        // acquiring: pairs with the releasing store in startMove.
        let address = core.pointee.current.load(ordering: .acquiring)
        let region = TableRegion<Slot>(base: UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped)
        let group = region.homeGroup(of: hash)
        strata_prefetch(region.controlGroup(group))
        strata_prefetch(region.slot(group &* 16))
        if MemoryLayout<Slot>.stride == 8 { strata_prefetch(region.slot(group &* 16 &+ 8)) }
    }

    /// Looks for an element under the lock.
    @inlinable @inline(__always)
    func find(_ hash: UInt64, _ matches: (UnsafeMutablePointer<Slot>) -> Bool) -> Position? {
        let region = newest
        if let old = region.previous,
            let found = old.probe(hash, { slot, index in matches(slot) ? Position(region: old, index: index) : nil })
        {
            return found
        }
        return region.probe(hash) { slot, index in matches(slot) ? Position(region: region, index: index) : nil }
    }
}
