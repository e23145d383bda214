extension HashStore {
    /// What the tables of the keys hold and how they are doing.
    ///
    /// The figures of one shard belong together; those of different shards are of slightly different moments. Probe lengths are not
    /// measured: that would mean a walk through every table.
    ///
    /// - Complexity: O(shards).
    ///
    /// **Concurrency:** locks one shard at a time.
    public var statistics: MapStatistics {
        var statistics = MapStatistics()
        for index in 0..<shardCount {
            let shard = shards + index
            shard.pointee.lock.lock()
            defer { shard.pointee.lock.unlock() }
            let figures = shard.pointee.table.figures
            statistics.count += figures.count
            statistics.capacity += figures.slotCount
            statistics.tombstoneCount += figures.tombstoneCount
            statistics.movingCount += figures.isMoving ? 1 : 0
            statistics.movedSlotCount += figures.slotsMoved
            statistics.maximumSlotsMoved = max(statistics.maximumSlotsMoved, figures.maximumSlotsMoved)
        }
        statistics.byteCount = byteCount
        return statistics
    }
}
