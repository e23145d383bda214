public import CStrata
public import Synchronization

/// Growing, shrinking and cleaning, in bounded steps.
///
/// A new table is put in front of the old one, and each write moves two groups of the old one, in order. The sizes are
/// chosen so that the new table can't fill up before the old one is empty. With G the old number of groups, the move
/// takes G/2 writes, each of which uses at most one more slot:
///
///     growing   14 G entries at most          + G/2 + 1 ≤ 28 G      twice as large, 14/16 usable
///     cleaning   8 G entries at most          + G/2 + 1 ≤ 14 G      the same size
///     shrinking  2 G entries at most          + G/2 + 1 ≤ 3.5 G     a quarter, from G = 16 on
///                2 G entries at most          + G/2 + 1 ≤ 7 G       half, or as `groupCount(before:)` says
extension ShardWriter {
    /// How many groups a write moves.
    @inlinable static var groupsPerStep: UInt64 { 2 }

    /// Replaces the table by one with room; later writes move the entries.
    @inlinable @inline(never)
    mutating func makeRoom() {
        // Not reached with the sizes above; correct all the same.
        while shard.lockedTable.previous != nil { moveStep() }
        guard shard.pointee.emptyLeft == 0 else { return }
        let groupCount = shard.lockedTable.groupCount
        let live = UInt64(truncatingIfNeeded: shard.pointee.liveCount.load(ordering: .relaxed))
        if shard.lockedTable.isPlaceholder {
            replaceTable(groupCount: shard.pointee.minimumGroupCount)
        } else if live > groupCount &* 8 {
            shard.pointee.growthCount &+= 1
            replaceTable(groupCount: max(self.groupCount(after: groupCount), shard.pointee.minimumGroupCount))
        } else {
            // Mostly tombstones.
            shard.pointee.cleaningCount &+= 1
            replaceTable(groupCount: max(groupCount, shard.pointee.minimumGroupCount))
        }
    }

    @inlinable @inline(never)
    mutating func shrink() {
        let groupCount = shard.lockedTable.groupCount
        // relaxed: only the holder of the lock stores.
        guard groupCount > 1, shard.lockedTable.header.pointee.previous.load(ordering: .relaxed) == nil else { return }
        shard.pointee.shrinkCount &+= 1
        replaceTable(groupCount: max(self.groupCount(before: groupCount), shard.pointee.minimumGroupCount))
    }

    /// The size to grow to.
    ///
    /// From four groups on it depends on the shard, so that shards don't all grow at the same time and the map as a
    /// whole is filled evenly: 4, 5, 6 or 7 groups, doubled from then on.
    @inlinable
    func groupCount(after groupCount: UInt64) -> UInt64 {
        switch groupCount {
        case 1: 2
        case 2: 4 &+ UInt64(shard.pointee.stagger)
        default: groupCount &* 2
        }
    }

    /// The size to shrink to.
    @inlinable
    func groupCount(before groupCount: UInt64) -> UInt64 {
        switch groupCount {
        case ..<4: 1
        case ..<8: 2
        case ..<16: groupCount / 2
        default: groupCount / 4
        }
    }

    /// Puts an empty table in front of the current one, or in its place when that has no entries.
    @inlinable
    mutating func replaceTable(groupCount: UInt64) {
        let old = shard.lockedTable
        let table = MapTable.allocate(groupCount: groupCount, slotStride: Slots.stride)
        if shard.pointee.keepsVersions { table.allocateVersions() }
        let isEmpty = shard.pointee.liveCount.load(ordering: .relaxed) == 0
        if !isEmpty {
            // relaxed: published by the store of the table.
            table.header.pointee.previous.store(old.header, ordering: .relaxed)
        }
        shard.pointee.cursor = 0
        shard.pointee.emptyLeft = Int(truncatingIfNeeded: groupCount) &* 14
        publish(table)
        if isEmpty { shard.pointee.graveyard.bury(old) }
    }

    @inlinable
    func publish(_ table: MapTable) {
        // releasing: pairs with ShardAddress.acquiredTable; readers find the header complete.
        shard.pointee.table.store(table.header, ordering: .releasing)
    }

    /// Moves the next two groups.
    @inlinable @inline(never)
    mutating func moveStep() {
        let table = shard.lockedTable
        guard let old = table.previous else { return }
        let end = min(shard.pointee.cursor &+ Self.groupsPerStep, old.groupCount)
        if !Slots.areInline { prefetchEntries(shard.pointee.cursor..<end, of: old) }
        for group in shard.pointee.cursor..<end {
            let occupied = old.controlGroup(group).fullSlots
            guard !occupied.isEmpty else { continue }
            movedCount &+= occupied.count
            move(occupied, inGroup: group, of: old, to: table)
        }
        shard.pointee.cursor = end
        if end == old.groupCount { finishMove(from: old, to: table) }
    }

    /// Moves one group: all its entries into the new table first, then all of them out of the old (MapShard.I2).
    @inlinable @inline(__always)
    mutating func move(_ occupied: SlotMask, inGroup group: UInt64, of old: MapTable, to table: MapTable) {
        var left = occupied
        while !left.isEmpty {
            let index = left.removeFirst()
            let slot = Slots.slot(index, ofGroup: group, in: old)
            guard let occupant = Slots.occupant(of: slot) else { continue }
            let hash = Slots.hash(of: occupant, hashKey)
            let free = table.freePosition(for: hash, reusingTombstones: !Slots.areInline)
            if free.isEmpty { shard.pointee.emptyLeft &-= 1 }
            Slots.copy(slot, hash, to: free.position.index, ofGroup: free.position.group, in: table)
            copySlotVersion(
                from: MapTable.Position(table: old, group: group, index: index), to: free.position)
        }
        Slots.removeAll(inGroup: group, of: old, occupied)
        if Slots.areWide { retireReplacements(occupied, inGroup: group, of: old) }
    }

    /// Leaves the entries that wide slots have pointed to to the epoch, after their values were copied and no new reader
    /// finds the slots.
    @inlinable
    mutating func retireReplacements(_ moved: SlotMask, inGroup group: UInt64, of old: MapTable) {
        var moved = moved
        while !moved.isEmpty {
            let slot = Slots.slot(moved.removeFirst(), ofGroup: group, in: old)
            if let entry = Slots.heapEntry(of: slot) { retire(entry) }
        }
    }

    @inlinable
    func finishMove(from old: MapTable, to table: MapTable) {
        // releasing: pairs with MapTable.previous; whoever no longer looks at the old table finds everything in the new.
        table.header.pointee.previous.store(nil, ordering: .releasing)
        shard.pointee.graveyard.bury(old)
    }

    /// Asks for the entries of some groups, so that their cache misses overlap.
    @inlinable
    func prefetchEntries(_ groups: Range<UInt64>, of table: MapTable) {
        for group in groups {
            var occupied = table.controlGroup(group).fullSlots
            while !occupied.isEmpty {
                let slot = Slots.slot(occupied.removeFirst(), ofGroup: group, in: table)
                if let occupant = Slots.occupant(of: slot) { strata_prefetch(occupant) }
            }
        }
    }
}
