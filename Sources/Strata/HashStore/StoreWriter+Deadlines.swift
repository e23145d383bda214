import Synchronization

extension EntryBlock {
    /// A time not after the earliest deadline of the key and its fields, `Deadline.none` if there is none.
    ///
    /// - Complexity: O(1), but O(fields) for a compact hash with field deadlines.
    var earliestDeadline: Int64 {
        if flags.contains(.table) { return min(deadline, fieldTable.pointee.earliestDeadline) }
        if flags.contains(.fieldDeadlines) { return min(deadline, CompactFields(payload).earliestDeadline()) }
        return deadline
    }

    /// Whether some field of a hash has a deadline.
    ///
    /// - Complexity: O(1), but O(fields) for a compact hash that has or had field deadlines.
    var hasFieldDeadlines: Bool {
        if flags.contains(.table) { return fieldTable.pointee.deadlines.coveredCount > 0 }
        return flags.contains(.fieldDeadlines) && CompactFields(payload).earliestDeadline() != Deadline.none
    }

    /// Whether some field of a hash may have expired.
    ///
    /// The caller holds the lock.
    ///
    /// - Complexity: O(1), but O(fields) for a compact hash that has or had field deadlines.
    func mayHaveExpiredFields(now: Int64) -> Bool {
        if flags.contains(.table) { return fieldTable.pointee.mayHaveExpiredFields(now: now) }
        return flags.contains(.fieldDeadlines)
            && Deadline.hasPassed(CompactFields(payload).earliestDeadline(), at: now)
    }

    /// The fields of a table hash.
    @inline(__always)
    var fieldTable: UnsafeMutablePointer<FieldTable> {
        tableWord.pointee.assumingMemoryBound(to: FieldTable.self)
    }
}

extension StoreWriter {
    /// The covered block with this hash, for the deadline index.
    func coveredBlock(_ hash: UInt64) -> EntryBlock? {
        let position = shard.pointee.table.find(hash) { slot in
            let block = EntryBlock(slot.pointer)
            return block.ownerByte != DeadlineIndex.uncovered && self.hash(of: block) == hash
        }
        return position.map { EntryBlock($0.slot.pointer) }
    }

    /// Tells the index what became of a block's deadlines.
    func cover(hash: UInt64, oldOwner: UInt8, oldEarliest: Int64, block: EntryBlock?) {
        shard.pointee.deadlines.cover(
            hash: hash, oldOwner: oldOwner, oldEarliest: oldEarliest, block: block,
            earliest: block?.earliestDeadline ?? Deadline.none,
            find: { coveredBlock($0) }, earliestOf: { $0.earliestDeadline })
    }

    /// Settles index and counters when a block takes the place of another one.
    @inline(never)
    func replaceDeadlines(of old: EntryBlock, with block: EntryBlock, hash: UInt64) {
        let oldOwner = old.ownerByte
        cover(
            hash: hash, oldOwner: oldOwner,
            oldEarliest: oldOwner == DeadlineIndex.uncovered ? Deadline.none : old.earliestDeadline, block: block)
        countExpiring(before: old.deadline, after: block.deadline)
        countFieldExpiring(before: old.hasFieldDeadlines, after: block.hasFieldDeadlines)
        countStructures()
    }

    /// Counts a hash that gets its first field with a deadline or loses its last.
    func countFieldExpiring(before: Bool, after: Bool) {
        if before != after { shard.pointee.fieldExpiringKeyCount.addAlone(after ? 1 : -1) }
    }

    private func countExpiring(before: Int64, after: Int64) {
        let delta = (after == Deadline.none ? 0 : 1) - (before == Deadline.none ? 0 : 1)
        if delta != 0 { shard.pointee.expiringKeyCount.addAlone(delta) }
    }

    /// Gives a key another deadline: in place if its block has room for one, else in a copy of the block.
    func setDeadline(_ found: Found, _ deadline: Int64, hash: UInt64) {
        let block = found.block
        let oldDeadline = block.deadline
        guard oldDeadline != deadline else { return }
        let oldEarliest = block.earliestDeadline
        if block.setDeadline(deadline) {
            cover(hash: hash, oldOwner: block.ownerByte, oldEarliest: oldEarliest, block: block)
            countExpiring(before: oldDeadline, after: deadline)
            countStructures()
        } else {
            replace(found, with: block.copied(key: block.key, deadline: deadline), hash: hash)
        }
    }

    // MARK: Active expiry

    /// Removes what has expired: keys, and fields of hashes.
    ///
    /// - Parameter limit: How many items of the index to look at, and about how many fields to remove, at most.
    /// - Returns: How many keys and fields were removed, and how much of the limit is left.
    func expire(limit: Int) -> (removed: Int, left: Int) {
        var left = limit
        var removed = 0
        while left > 0, let (item, owner) = shard.pointee.deadlines.popDue(now: now) {
            left -= 1
            // Garbage, or an entry that another item covers: nothing to do.
            guard let block = coveredBlock(item.hash), block.ownerByte == owner else { continue }
            let earliest = block.earliestDeadline
            guard Deadline.hasPassed(earliest, at: now) else {
                shard.pointee.deadlines.putBack(block, hash: item.hash, earliest: earliest)
                continue
            }
            guard let found = findAny(HashStore.Key(bytes: block.key, hash: item.hash)) else { continue }
            if Deadline.hasPassed(block.deadline, at: now) {
                remove(found, hash: item.hash, .expired)
                removed += 1
            } else {
                // The popped item covered the block: cover it again at its deadline before the change settles the rest.
                shard.pointee.deadlines.putBack(block, hash: item.hash, earliest: earliest)
                let count = removeExpiredFields(found, hash: item.hash, limit: max(left, 1))
                removed += count
                left -= count
            }
        }
        if removed > 0 { countStructures() }
        return (removed, max(left, 0))
    }
}
