public import Synchronization

// Everything here runs under the shard's lock unless it says otherwise.
extension GroupTable {
    /// The number of elements.
    @inlinable
    var count: Int {
        let region = newest
        return region.liveCount + (region.previous?.liveCount ?? 0)
    }

    /// Calls a closure with each element, in hash order per region.
    @inlinable
    func forEach(_ body: (UnsafeMutablePointer<Slot>) throws -> Void) rethrows {
        let region = newest
        if let old = region.previous { try old.forEachLive(inGroups: 0..<old.groupCount, body) }
        try region.forEachLive(inGroups: 0..<region.groupCount, body)
    }

    /// Visits the elements of a stretch of hash space, so that a sequence of calls that begins with position 0 and goes on
    /// with each call's result visits every element that is present throughout, whatever the table's size does meanwhile.
    ///
    /// - Parameters:
    ///   - position: The smallest hash to visit.
    ///   - groupCount: How many groups of the newest region to visit.
    ///   - mask: Positions are cut to these high bits of a hash; its low bits are zero.
    ///   - hashOf: The hash of the element in a slot.
    ///   - body: Called with each element. It must not change the table.
    /// - Returns: Where to go on, or `nil` at the end of hash space.
    @inlinable
    func scan(
        from position: UInt64, groupCount: Int, mask: UInt64 = .max,
        hashOf: (UnsafeMutablePointer<Slot>) -> UInt64, _ body: (UnsafeMutablePointer<Slot>) -> Void
    ) -> UInt64? {
        let region = newest
        let first = region.homeGroup(of: position)
        var nextGroup = first + max(groupCount, 1)
        var end: UInt64 = 0
        while nextGroup < region.groupCount {
            // The smallest hash whose home is `nextGroup`, rounded up to the mask. With few bits and huge tables the
            // rounding may not get past `position`; then take one group more.
            end = Self.firstHash(ofGroup: nextGroup, groupCount: region.groupCount)
            let rounded = end & mask
            end = rounded == end ? end : rounded &+ (~mask &+ 1)
            if end > position { break }
            nextGroup += 1
        }
        let last = nextGroup < region.groupCount && end > position ? end &- 1 : UInt64.max
        if let old = region.previous { Self.scan(old, position...last, hashOf: hashOf, body) }
        Self.scan(region, position...last, hashOf: hashOf, body)
        return last == .max ? nil : end
    }

    @inlinable
    static func firstHash(ofGroup group: Int, groupCount: Int) -> UInt64 {
        // ceil(group × 2^64 / groupCount), for 0 < group < groupCount.
        let divided = UInt64(groupCount).dividingFullWidth((high: UInt64(group), low: 0))
        return divided.remainder == 0 ? divided.quotient : divided.quotient &+ 1
    }

    /// Visits the elements of one region whose hash is in a range: from its first home group to the first group with an
    /// empty byte at or after its last home group, which ends every probe that started before.
    @inlinable
    static func scan(
        _ region: TableRegion<Slot>, _ hashes: ClosedRange<UInt64>,
        hashOf: (UnsafeMutablePointer<Slot>) -> UInt64, _ body: (UnsafeMutablePointer<Slot>) -> Void
    ) {
        var group = region.homeGroup(of: hashes.lowerBound)
        let lastHome = region.homeGroup(of: hashes.upperBound)
        let homes = lastHome - group + 1
        for visited in 1...region.groupCount {
            var live = region.liveMask(ofGroup: group)
            while live != 0 {
                let slot = region.slot(group &* 16 &+ live.trailingZeroBitCount)
                if hashes.contains(hashOf(slot)) { body(slot) }
                live &= live &- 1
            }
            if visited >= homes, region.hasEmptySlot(inGroup: group) { return }
            group = group + 1 == region.groupCount ? 0 : group + 1
        }
    }

    /// The element at a random place, or `nil` if that place is free; every element is equally likely.
    @inlinable
    func randomElement(
        using generator: inout some RandomNumberGenerator
    ) -> UnsafeMutablePointer<Slot>? {
        let region = newest
        let old = region.previous
        var index = Int.random(in: 0..<(region.slotCount + (old?.slotCount ?? 0)), using: &generator)
        var chosen = region
        if index >= region.slotCount, let old {
            index -= region.slotCount
            chosen = old
        }
        // relaxed: under the lock.
        let control = chosen.control(index).pointee.load(ordering: .relaxed)
        return control > ControlByte.tombstone ? chosen.slot(index) : nil
    }

    /// The figures of this table, for `MapStatistics`.
    ///
    /// - Complexity: O(1).
    @inlinable
    var figures: TableFigures {
        let region = newest
        let old = region.previous
        return TableFigures(
            count: count,
            slotCount: region.slotCount + (old?.slotCount ?? 0),
            previousSlotCount: old?.slotCount ?? 0,
            tombstoneCount: region.usedCount - region.liveCount,
            byteCount: core.pointee.byteCount + core.pointee.graveyard.byteCount
                + core.pointee.retiredRegions.ringByteCount,
            movesStarted: core.pointee.movesStarted,
            slotsMoved: core.pointee.slotsMoved,
            maximumSlotsMoved: core.pointee.maximumSlotsMoved,
            isMoving: old != nil)
    }

    /// Counts for each element how many groups a probe for it visits: index 0 is the home group alone; the last index
    /// collects all longer ones.
    ///
    /// - Complexity: O(slots).
    @inlinable
    func probeLengths(upTo limit: Int = 16, hashOf: (UnsafeMutablePointer<Slot>) -> UInt64) -> [Int] {
        var histogram = [Int](repeating: 0, count: limit)
        let region = newest
        for region in [region.previous, region].compactMap({ $0 }) {
            for group in 0..<region.groupCount {
                region.forEachLive(inGroups: group..<(group + 1)) { slot in
                    let home = region.homeGroup(of: hashOf(slot))
                    let distance = group >= home ? group - home : group + region.groupCount - home
                    histogram[min(distance, limit - 1)] += 1
                }
            }
        }
        return histogram
    }
}

extension TableRegion {
    @inlinable
    func forEachLive(
        inGroups groups: Range<Int>, _ body: (UnsafeMutablePointer<Slot>) throws -> Void
    ) rethrows {
        for group in groups {
            var live = liveMask(ofGroup: group)
            while live != 0 {
                try body(slot(group &* 16 &+ live.trailingZeroBitCount))
                live &= live &- 1
            }
        }
    }
}

/// What one table holds and has done.
@frozen
@usableFromInline
struct TableFigures: Sendable {
    /// Live elements.
    @usableFromInline var count: Int
    /// Slots of the table, and of the one it takes over from while it changes size.
    @usableFromInline var slotCount: Int
    /// Slots of the table it takes over from; 0 while it doesn't.
    @usableFromInline var previousSlotCount: Int
    /// Slots that removed elements still occupy.
    @usableFromInline var tombstoneCount: Int
    /// Memory of the tables, including what waits to be given back.
    @usableFromInline var byteCount: Int
    /// How often the table began to change its size or to clean itself.
    @usableFromInline var movesStarted: Int
    /// Elements moved from one table to another since the beginning.
    @usableFromInline var slotsMoved: Int
    /// The most elements that a single operation moved.
    @usableFromInline var maximumSlotsMoved: Int
    /// Whether the table is changing its size.
    @usableFromInline var isMoving: Bool

    @inlinable
    init(
        count: Int, slotCount: Int, previousSlotCount: Int, tombstoneCount: Int, byteCount: Int, movesStarted: Int,
        slotsMoved: Int,
        maximumSlotsMoved: Int, isMoving: Bool
    ) {
        self.count = count
        self.slotCount = slotCount
        self.previousSlotCount = previousSlotCount
        self.tombstoneCount = tombstoneCount
        self.byteCount = byteCount
        self.movesStarted = movesStarted
        self.slotsMoved = slotsMoved
        self.maximumSlotsMoved = maximumSlotsMoved
        self.isMoving = isMoving
    }
}
