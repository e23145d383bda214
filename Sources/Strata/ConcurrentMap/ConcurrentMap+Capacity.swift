public import Synchronization

extension ConcurrentMap {
    /// Makes room for a number of entries, and keeps it: the map doesn't shrink below that.
    ///
    /// The map grows on its own in small steps; this spares the work of the steps between. The entries that are there
    /// are moved by later writes. `reserveCapacity(0)` allows the map to shrink again.
    ///
    /// - Complexity: O(shards), and O(entries) if the map is growing already. Memory is taken from the kernel, but not
    ///   touched.
    @inlinable
    public func reserveCapacity(_ minimumCapacity: Int) {
        // Keys spread over the shards with a deviation of √n: four of those leave one shard in 10 000 too small.
        let perShard = Double(Swift.max(minimumCapacity, 0)) / Double(shardCount)
        let groupCount = UInt64((perShard + 4 * perShard.squareRoot()) / 14) + 1
        for index in 0..<shardCount {
            withShard(index) { writer in
                writer.reserve(groupCount: groupCount)
                return false
            }
        }
    }

    /// Removes all entries.
    ///
    /// Shard by shard: an entry that another thread puts in during the call may stay or go.
    ///
    /// - Complexity: O(shards) for keys and values inside the tables, else O(entries). Other writers wait O(1).
    @inlinable
    public func removeAll() {
        for index in 0..<shardCount {
            var removed: MapTable?
            withShard(index) { writer in
                removed = writer.detachTable()
                return false
            }
            if let removed { retireEntries(of: removed, inShard: index) }
        }
    }

    /// Finishes what writes have left to later writes: moves entries out of tables that are being replaced, and releases
    /// replaced and removed values and tables, as far as no reader is looking at them any more.
    ///
    /// Call this where the delay matters: when values hold files or connections, or when the map won't be written to for
    /// a long time. Writers wait no longer for it than for each other.
    ///
    /// - Complexity: O(shards), the entries to move and the values to release.
    @inlinable
    public func reclaim() {
        for index in 0..<shardCount {
            withShard(index) { writer in
                writer.advance()
                return writer.shard.lockedTable.previous != nil
            }
        }
        for _ in 0..<3 { Epoch.advance() }
        for index in 0..<shardCount {
            withShard(index) { writer in writer.reclaimSome() }
        }
    }

    /// Works on a shard under its lock, as long as `body` says that there is more to do; others get their turn between.
    @inlinable
    func withShard(_ index: Int, _ body: (inout ShardWriter<Key, Value>) -> Bool) {
        var isUnfinished = true
        while isUnfinished {
            var writer = ShardWriter<Key, Value>(locking: shards + index, hashKey)
            isUnfinished = body(&writer)
            writer.finish()
        }
    }

    /// Retires the entries of tables that were taken out of a shard.
    ///
    /// This thread is the only one that works on them; late readers may still look.
    @inlinable
    func retireEntries(of table: MapTable, inShard index: Int) {
        if Slots.mayHaveEntries {
            for table in [table.previous, table] {
                guard let table else { continue }
                var group: UInt64 = 0
                withShard(index) { writer in
                    // A few groups at a time, so that writers of the shard don't wait long.
                    let end = Swift.min(group &+ 4, table.groupCount)
                    writer.retireEntries(inGroups: group..<end, of: table)
                    group = end
                    return end < table.groupCount
                }
            }
        }
        withShard(index) { writer in
            if let previous = table.previous { writer.shard.pointee.graveyard.bury(previous) }
            writer.shard.pointee.graveyard.bury(table)
            return false
        }
    }
}

extension ShardWriter {
    /// Makes the shard's table at least this large.
    @inlinable
    mutating func reserve(groupCount: UInt64) {
        shard.pointee.minimumGroupCount = groupCount
        guard groupCount > shard.lockedTable.groupCount else { return }
        while shard.lockedTable.previous != nil { moveStep() }
        movedCount = 0  // Asked for: not one of the small steps that writes are held to.
        replaceTable(groupCount: groupCount)
    }

    /// Puts the empty table in the place of the current one.
    @inlinable
    mutating func detachTable() -> MapTable? {
        let table = shard.lockedTable
        guard !table.isPlaceholder else { return nil }
        publish(MapTable.empty)
        shard.pointee.emptyLeft = 0
        // relaxed: only the holder of the lock stores.
        shard.pointee.liveCount.store(0, ordering: .relaxed)
        return table
    }

    @inlinable
    mutating func retireEntries(inGroups groups: Range<UInt64>, of table: MapTable) {
        for group in groups {
            var occupied = table.controlGroup(group).fullSlots
            while !occupied.isEmpty {
                let slot = Slots.slot(occupied.removeFirst(), ofGroup: group, in: table)
                if let entry = Slots.heapEntry(of: slot) { retire(entry) }
            }
        }
    }

    /// Collects a number of entries and gives some memory back.
    ///
    /// - Returns: Whether there may be more.
    @inlinable
    mutating func reclaimSome() -> Bool {
        let before = shard.pointee.retired.count
        var due = garbage.first
        shard.pointee.retired.collect(limit: 256) { entry, _ in MapGarbage.chain(entry, before: &due) }
        garbage.first = due
        let hasBuried = !shard.pointee.graveyard.isEmpty && shard.pointee.graveyard.visit()
        return hasBuried || (shard.pointee.retired.count > 0 && shard.pointee.retired.count < before)
    }
}
