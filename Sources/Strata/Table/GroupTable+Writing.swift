public import CStrata
public import Synchronization

// Everything here runs under the shard's lock.
extension GroupTable {
    /// How many groups one write moves while the table changes size: 32 slots, half of the promised bound of 64.
    @inlinable static var groupsPerStep: Int { 2 }

    /// Inserts an element that is not in the table.
    ///
    /// Positions found before are invalid afterwards.
    ///
    /// - Parameters:
    ///   - hash: The element's hash.
    ///   - hashOf: The hash of the element in a slot; called for the at most 32 elements that move.
    ///   - write: Fills the slot. Where the slot's word decides, it stores that word once, atomically with release order.
    /// - Complexity: O(1): at most 32 slots moved.
    @inlinable @inline(__always)
    func insert(
        _ hash: UInt64, hashOf: (UnsafeMutablePointer<Slot>) -> UInt64, write: (UnsafeMutablePointer<Slot>) -> Void
    ) {
        if needsStep(additional: 1) { step(additional: 1, hashOf: hashOf) }
        let region = newest
        let index = Self.freeIndex(in: region, for: hash)
        if Slot.wordDecides {
            Self.publish(ControlByte.fingerprint(of: hash), at: index, in: region)
            write(region.slot(index))
        } else {
            write(region.slot(index))
            Self.publish(ControlByte.fingerprint(of: hash), at: index, in: region)
        }
    }

    /// Removes an element.
    ///
    /// Where the control byte decides, the slot keeps its words for readers that have matched it.
    ///
    /// - Parameters:
    ///   - position: Where it is.
    ///   - hashOf: As for `insert`.
    @inlinable @inline(__always)
    func remove(_ position: Position, hashOf: (UnsafeMutablePointer<Slot>) -> UInt64) {
        let region = position.region
        let isOld = region.base != newest.base
        Slot.clear(position.slot)
        if Slot.wordDecides, !isOld, region.hasEmptySlot(inGroup: position.index >> 4) {
            // I5 holds: the group has an empty byte already. releasing: not needed by readers, keeps TSan's view simple.
            region.control(position.index).pointee.store(ControlByte.empty, ordering: .releasing)
            region.usedCount &-= 1
        } else {
            // releasing: pairs with the group load of probes.
            region.control(position.index).pointee.store(ControlByte.tombstone, ordering: .releasing)
        }
        region.liveCount &-= 1
        if needsStep(additional: 0) { step(additional: 0, hashOf: hashOf) }
    }

    /// Whether a write has more to do than its own element.
    ///
    /// Kept small, because every write asks.
    @inlinable @inline(__always)
    func needsStep(additional: Int) -> Bool {
        let region = newest
        // relaxed: writers only.
        if region.previousAddress.pointee.load(ordering: .relaxed) != 0 { return true }
        if core.pointee.retiredRegions.count > 0 || !core.pointee.graveyard.isEmpty { return true }
        return region.usedCount &+ additional > Self.maximumUsed(region.groupCount)
            || (additional == 0 && region.liveCount < Self.minimumLive(region.groupCount)
                && region.groupCount > core.pointee.minimumGroupCount)
    }

    /// One bounded step of whatever is under way: moving, starting to move, giving memory back.
    ///
    /// - Returns: Whether anything is left to do.
    @inlinable @discardableResult
    func step(additional: Int, hashOf: (UnsafeMutablePointer<Slot>) -> UInt64) -> Bool {
        var region = newest
        if region.previous == nil {
            if region.usedCount + additional > Self.maximumUsed(region.groupCount) {
                // Mostly tombstones: clean at the same size. Else double.
                let isCrowded = region.liveCount * 2 > region.groupCount * 16
                startMove(toGroupCount: isCrowded ? region.groupCount * 2 : region.groupCount)
            } else if additional == 0, region.liveCount < Self.minimumLive(region.groupCount),
                region.groupCount > core.pointee.minimumGroupCount
            {
                startMove(toGroupCount: max(region.groupCount / 2, core.pointee.minimumGroupCount))
            }
            region = newest
        }
        if let old = region.previous {
            moveGroups(from: old, to: region, hashOf: hashOf)
        }
        return giveBack()
    }

    /// Makes room for a number of elements in one growth, which later writes carry out in steps.
    ///
    /// The table keeps at
    /// least this size from then on.
    @inlinable
    func reserve(_ count: Int) {
        let region = newest
        let groupCount = (count + 13) / 14 + 1
        core.pointee.minimumGroupCount = max(core.pointee.minimumGroupCount, groupCount)
        if region.previous == nil, groupCount > region.groupCount { startMove(toGroupCount: groupCount) }
    }

    /// Live and tombstone bytes a region may have: 14 of 16.
    @inlinable @inline(__always)
    static func maximumUsed(_ groupCount: Int) -> Int { groupCount &* 14 }

    /// Under this number of elements a region shrinks: 2 of 16.
    ///
    /// Half as large, it is a quarter full.
    @inlinable @inline(__always)
    static func minimumLive(_ groupCount: Int) -> Int { groupCount &* 2 }

    /// A place for a new element: the first group of its probe with one.
    @inlinable @inline(__always)
    static func freeIndex(in region: TableRegion<Slot>, for hash: UInt64) -> Int {
        var group = region.homeGroup(of: hash)
        while true {
            let bytes = strata_group_load(region.controlGroup(group))
            var free = strata_group_match(bytes, ControlByte.empty)
            if Slot.wordDecides {
                let tombstones = strata_group_match(bytes, ControlByte.tombstone)
                if tombstones != 0 { free = tombstones }
            }
            if free != 0 { return group &* 16 &+ free.trailingZeroBitCount }
            group = group &+ 1 == region.groupCount ? 0 : group &+ 1
        }
    }

    /// Makes a written slot visible.
    @inlinable @inline(__always)
    static func publish(_ fingerprint: UInt8, at index: Int, in region: TableRegion<Slot>) {
        let control = region.control(index)
        // relaxed: under the lock.
        if control.pointee.load(ordering: .relaxed) == ControlByte.empty { region.usedCount &+= 1 }
        region.liveCount &+= 1
        // releasing: pairs with the group load of probes.
        control.pointee.store(fingerprint, ordering: .releasing)
    }

    @usableFromInline
    func startMove(toGroupCount groupCount: Int) {
        let old = newest
        let region = TableRegion<Slot>.allocate(groupCount: groupCount)
        // relaxed: published by the store that follows.
        region.previousAddress.pointee.store(UInt(bitPattern: old.base), ordering: .relaxed)
        core.pointee.movingGroup = 0
        core.pointee.movesStarted += 1
        core.pointee.byteCount += region.byteCount
        // releasing: pairs with the acquiring loads of readers.
        core.pointee.current.store(UInt(bitPattern: region.base), ordering: .releasing)
    }

    @inlinable
    func moveGroups(
        from old: TableRegion<Slot>, to region: TableRegion<Slot>, hashOf: (UnsafeMutablePointer<Slot>) -> UInt64
    ) {
        let first = core.pointee.movingGroup
        let end = min(first + Self.groupsPerStep, old.groupCount)
        for group in first..<end {
            var live = old.liveMask(ofGroup: group)
            while live != 0 {
                Slot.prefetch(old.slot(group &* 16 &+ live.trailingZeroBitCount))
                live &= live &- 1
            }
        }
        var moved = 0
        for group in first..<end {
            var live = old.liveMask(ofGroup: group)
            while live != 0 {
                let index = group &* 16 &+ live.trailingZeroBitCount
                move(index, of: old, to: region, hash: hashOf(old.slot(index)))
                moved &+= 1
                live &= live &- 1
            }
        }
        core.pointee.slotsMoved &+= moved
        core.pointee.maximumSlotsMoved = max(core.pointee.maximumSlotsMoved, moved)
        core.pointee.movingGroup = end
        if end == old.groupCount { finishMove(of: old, to: region) }
    }

    /// Moves one element: into the new region first, out of the old one then (I2).
    @inlinable @inline(__always)
    func move(_ index: Int, of old: TableRegion<Slot>, to region: TableRegion<Slot>, hash: UInt64) {
        let target = Self.freeIndex(in: region, for: hash)
        if Slot.wordDecides { Self.publish(ControlByte.fingerprint(of: hash), at: target, in: region) }
        let source = UnsafeMutableRawPointer(old.slot(index)).assumingMemoryBound(to: Atomic<UInt64>.self)
        let destination = UnsafeMutableRawPointer(region.slot(target)).assumingMemoryBound(to: Atomic<UInt64>.self)
        for word in 0..<(MemoryLayout<Slot>.stride / 8) {
            // relaxed load: under the lock. releasing store: a reader may follow the word without having looked at the
            // control byte again; it must find what the word points to complete.
            destination[word].store(source[word].load(ordering: .relaxed), ordering: .releasing)
        }
        if !Slot.wordDecides { Self.publish(ControlByte.fingerprint(of: hash), at: target, in: region) }
        // releasing, both: whoever misses the element here also sees it in the new region.
        Slot.clear(old.slot(index))
        old.control(index).pointee.store(ControlByte.tombstone, ordering: .releasing)
        old.liveCount &-= 1
    }

    @usableFromInline
    func finishMove(of old: TableRegion<Slot>, to region: TableRegion<Slot>) {
        assert(old.liveCount == 0, "a region is retired only when all its elements have moved")
        // releasing: readers that no longer look at the old region see all its elements in the new one.
        region.previousAddress.pointee.store(0, ordering: .releasing)
        core.pointee.retiredRegions.retire(old.base, byteCount: old.byteCount, free: Self.burier(core))
    }

    /// Gives memory of retired regions back, a piece per call.
    ///
    /// Returns whether some is left.
    @usableFromInline
    func giveBack() -> Bool {
        if core.pointee.retiredRegions.count > 0 {
            core.pointee.writesSinceAdvance &+= 1
            if core.pointee.writesSinceAdvance & 31 == 0 { Epoch.advance() }
            core.pointee.retiredRegions.collect(limit: 1, free: Self.burier(core))
        }
        if !core.pointee.graveyard.isEmpty { core.pointee.graveyard.releasePiece() }
        return newest.previous != nil || core.pointee.retiredRegions.count > 0 || !core.pointee.graveyard.isEmpty
    }

    /// What is done with a retired region after its grace period.
    static func burier(_ core: UnsafeMutablePointer<Core>) -> (UnsafeMutableRawPointer, Int) -> Void {
        { base, byteCount in
            core.pointee.byteCount -= byteCount
            core.pointee.graveyard.bury(base, byteCount: byteCount, isMapped: TableRegion<Slot>(base: base).isMapped)
        }
    }

    /// Puts an empty region of the smallest size in place of everything.
    ///
    /// - Parameter body: Called for each element that was in the table, after no new reader can find it.
    /// - Complexity: O(slots).
    @inlinable
    func removeAll(_ body: (UnsafeMutablePointer<Slot>) -> Void) {
        let region = newest
        let old = region.previous
        let empty = TableRegion<Slot>.allocate(groupCount: core.pointee.minimumGroupCount)
        core.pointee.byteCount += empty.byteCount
        // releasing: pairs with the acquiring loads of readers.
        core.pointee.current.store(UInt(bitPattern: empty.base), ordering: .releasing)
        if let old { detach(old, body) }
        detach(region, body)
    }

    @inlinable
    func detach(_ region: TableRegion<Slot>, _ body: (UnsafeMutablePointer<Slot>) -> Void) {
        for group in 0..<region.groupCount {
            var live = region.liveMask(ofGroup: group)
            while live != 0 {
                body(region.slot(group &* 16 &+ live.trailingZeroBitCount))
                live &= live &- 1
            }
        }
        retire(region)
    }

    @usableFromInline
    func retire(_ region: TableRegion<Slot>) {
        core.pointee.retiredRegions.retire(region.base, byteCount: region.byteCount, free: Self.burier(core))
    }
}
