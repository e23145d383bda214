import CStrata
import Synchronization

// Everything here runs under the shard's lock. Entries that are handed back are unlinked: the caller retires them.
extension CacheShardAddress {
    /// Puts in an entry for a key that has none.
    ///
    /// - Parameters:
    ///   - block: The entry, complete but for its slot.
    ///   - isTimed: Whether it has times.
    ///   - garbage: Takes what the growth of the policy left behind.
    @usableFromInline
    func insert(_ block: CacheBlock, isTimed: Bool, garbage: inout CacheGarbage) {
        if pointee.policy.needsGrowth { grow(isTimed: isTimed, garbage: &garbage) }
        prefetchLikelyVictim()
        let slot = pointee.policy.insert(hash: block.hash, weight: block.weight)
        block.header.pointee.slot = slot
        (pointee.entries + Int(slot)).initialize(to: CacheResident(block))
        if isTimed { pointee.deadlines.set(block.deadline, of: slot) }
        pointee.table.insert(
            block.hash, hashOf: { CacheBlock($0.pointer).hash }, write: { $0.replace(with: block.base) })
        publishFigures(1)
    }

    /// Puts another entry in the place of a key's present one.
    ///
    /// Positions found before are invalid afterwards.
    @usableFromInline
    func replace(_ position: PointerTable.Position, _ old: CacheBlock, with block: CacheBlock, isTimed: Bool) {
        let slot = old.slot
        block.header.pointee.slot = slot
        pointee.entries[Int(slot)] = CacheResident(block)
        if block.weight != old.weight { pointee.policy.setWeight(block.weight, of: slot) }
        if isTimed { pointee.deadlines.set(block.deadline, of: slot) }
        position.slot.replace(with: block.base)
        recordHit(block)
        publishFigures(0)
        continueMove()
    }

    /// Takes an entry out.
    @usableFromInline
    func remove(_ position: PointerTable.Position, _ block: CacheBlock) {
        pointee.policy.remove(block.slot)
        unlink(position, block.slot)
    }

    /// Takes out an entry that is in the table, wherever that is.
    @usableFromInline
    func remove(_ block: CacheBlock) {
        guard let position = position(of: CacheResident(block)) else { return }
        remove(position, block)
    }

    /// Lets a table that is changing its size get on.
    func continueMove() {
        guard pointee.table.needsStep(additional: 0) else { return }
        pointee.table.step(additional: 0, hashOf: { CacheBlock($0.pointer).hash })
    }

    private func position(of resident: CacheResident) -> PointerTable.Position? {
        pointee.table.find(resident.hash) { $0.pointer == resident.block.base }
    }

    private func unlink(_ position: PointerTable.Position, _ slot: UInt32) {
        pointee.entries[Int(slot)] = nil
        pointee.table.remove(position, hashOf: { CacheBlock($0.pointer).hash })
        publishFigures(-1)
    }

    private func publishFigures(_ difference: Int) {
        // relaxed, all: only the holder of the lock stores.
        pointee.liveCount.addAlone(difference)
        pointee.heldWeight.store(pointee.policy.totalWeight, ordering: .relaxed)
    }
}

// MARK: - Room
extension CacheShardAddress {
    /// Takes out an entry if the shard holds more than it may.
    ///
    /// - Parameter budget: Where it may take more from, `nil` if it must not.
    /// - Returns: The entry; `nil` if nothing has to go.
    @usableFromInline
    func evictOne(_ budget: UnsafeMutablePointer<CacheBudget>?) -> CacheBlock? {
        let missing = Int64(pointee.policy.totalWeight) - pointee.allowance
        guard missing > 0 else { return nil }
        if let budget { pointee.allowance += budget.pointee.take(missing) }
        guard Int64(pointee.policy.totalWeight) > pointee.allowance, let slot = pointee.policy.victim() else {
            return nil
        }
        publishAdaptation()
        pointee.policy.prefetchEviction(of: slot)
        guard let resident = pointee.entries[Int(slot)], let position = position(of: resident) else {
            preconditionFailure("I2: no entry in slot \(slot)")
        }
        pointee.sizeEvictionCount += 1
        // From the policy: the entry itself isn't touched.
        pointee.evictedWeight += UInt64(pointee.policy.weight(slot))
        pointee.policy.evict(slot)
        unlink(position, slot)
        if let next = pointee.policy.likelyVictim { strata_prefetch(pointee.entries + Int(next)) }
        return resident.block
    }

    /// Gives back what the shard doesn't need for what it holds.
    @usableFromInline
    func giveBack(_ budget: UnsafeMutablePointer<CacheBudget>) {
        guard budget.pointee.shardCount > 1 else { return }
        let step = budget.pointee.step
        let spare = pointee.allowance - Int64(pointee.policy.totalWeight)
        let floor = budget.pointee.share / 2
        guard spare > 2 * step, pointee.allowance > floor else { return }
        let given = min(spare - step, pointee.allowance - floor)
        pointee.allowance -= given
        budget.pointee.give(given)
    }

    /// Counts an entry as expired that the caller takes out.
    @usableFromInline
    func countExpired(_ block: CacheBlock) {
        pointee.expirationCount += 1
        pointee.evictedWeight += UInt64(block.weight)
    }

    /// Counts an entry as evicted that was too heavy to be let in.
    @usableFromInline
    func countRefused(weight: UInt32) {
        pointee.sizeEvictionCount += 1
        pointee.evictedWeight += UInt64(weight)
    }

    /// Takes out an entry whose deadline has passed.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - steps: How many deadlines may be looked at; what is left of it.
    /// - Returns: The entry; `nil` if there is none, or after the last step.
    @usableFromInline
    func expireOne(now: Int64, steps: inout Int) -> CacheBlock? {
        while steps > 0, pointee.deadlines.earliest <= now {
            steps -= 1
            let slot = pointee.deadlines.firstSlot
            let block = pointee.entries[Int(slot)]?.block
            let deadline = block?.deadline ?? CacheBlock.noDeadline
            guard deadline > now else {
                pointee.deadlines.removeFirst()
                guard let block else { continue }
                countExpired(block)
                remove(block)
                return block
            }
            if deadline == CacheBlock.noDeadline {
                pointee.deadlines.removeFirst()
            } else {
                pointee.deadlines.postponeFirst(to: deadline)
            }
        }
        return nil
    }

    /// Retires an entry that was unlinked.
    @usableFromInline
    func retire(_ block: CacheBlock, garbage: inout CacheGarbage) {
        // No byte count: the number of entries freed at once must stay small whatever they hold.
        // A part of the entries that is the same for small and large caches: retired entries are memory beyond the bound.
        let interval = Swift.min(Swift.max(pointee.policy.count >> 5, 8), 512)
        pointee.retired.retireSteadily(block.base, byteCount: 0, interval: interval) { memory, byteCount in
            garbage.take(memory, byteCount)
        }
        // The next one will be freed by a write to come.
        guard let ring = pointee.retired.ring else { return }
        let next = ring[pointee.retired.head].pointer
        strata_prefetch(next)
        // Where the allocator keeps the size.
        strata_prefetch(next - 8)
    }

    /// Asks for the place in the table of the entry that the insertion may evict, while it does other things.
    private func prefetchLikelyVictim() {
        guard Int64(pointee.policy.totalWeight) >= pointee.allowance, let slot = pointee.policy.likelyVictim,
            let resident = pointee.entries[Int(slot)]
        else { return }
        pointee.table.prefetch(resident.hash)
        pointee.policy.prefetchEviction(of: slot)
    }

    /// Tells readers, and writers before they lock, what the policy has changed.
    private func publishAdaptation() {
        let places = pointee.policy.ghosts.places
        guard pointee.ghostPlaces.load(ordering: .relaxed) != places else { return }
        pointee.sampleMask.store(pointee.policy.monitor.sampleMask, ordering: .relaxed)
        pointee.ghostPlaces.store(places, ordering: .relaxed)
        pointee.ghostSetCount.store(pointee.policy.ghosts.setCount, ordering: .relaxed)
    }

    /// Doubles the number of slots.
    @inline(never)
    private func grow(isTimed: Bool, garbage: inout CacheGarbage) {
        let formerCapacity = pointee.policy.slotCapacity
        let former = pointee.policy.grow()
        let capacity = pointee.policy.slotCapacity
        // releasing: pairs with recordHit(_:).
        pointee.words.store(pointee.policy.recorder.words, ordering: .releasing)
        let entries = UnsafeMutablePointer<CacheResident?>.allocate(capacity: capacity)
        entries.update(from: pointee.entries, count: formerCapacity)
        pointee.entries.deallocate()
        pointee.entries = entries
        if isTimed { pointee.deadlines.grow(capacity: capacity) }
        pointee.retired.retire(UnsafeMutableRawPointer(former), byteCount: formerCapacity * 8) { memory, byteCount in
            garbage.take(memory, byteCount)
        }
    }
}
