public import Synchronization

extension ConcurrentMap {
    /// What the map holds and how well its tables are doing.
    ///
    /// - Complexity: O(capacity): every entry is looked at, under the lock of one shard for a microsecond or two at a
    ///   time. For the number of entries alone use `count`.
    @inlinable
    public var statistics: MapStatistics {
        var statistics = MapStatistics()
        statistics.byteCount = shardCount * MemoryLayout<MapShard>.stride
        var position = ScanPosition()
        while scan(
            &position,
            { found, distance in
                if Slots.areWide, Slots.heapEntry(of: found) != nil { statistics.byteCount += Slots.entryByteCount }
                statistics.probeLengths[Swift.min(distance, MapStatistics.probeLengthLimit - 1)] += 1
            })
        {}
        for index in 0..<shardCount {
            withShard(index) { writer in
                writer.addFigures(to: &statistics)
                return false
            }
        }
        return statistics
    }
}

extension ShardWriter {
    /// Adds what the shard counts.
    @inlinable
    func addFigures(to statistics: inout MapStatistics) {
        let table = shard.lockedTable
        let previous = table.previous
        // relaxed: only the holder of the lock stores.
        let live = shard.pointee.liveCount.load(ordering: .relaxed)
        statistics.count += live
        statistics.byteCount += table.totalByteCount + shard.pointee.graveyard.byteCount
        statistics.buriedByteCount += shard.pointee.graveyard.byteCount
        statistics.byteCount += shard.pointee.retired.ringByteCount
        if !table.isPlaceholder {
            statistics.capacity += table.slotCount
            statistics.tombstoneCount += table.tombstoneCount
        }
        if let previous {
            statistics.byteCount += previous.totalByteCount
            statistics.movingCount += 1
        }
        if !Slots.areInline {
            statistics.byteCount += live * Slots.entryByteCount
        }
        if Slots.mayHaveEntries { statistics.byteCount += shard.pointee.retired.count * Slots.entryByteCount }
        statistics.retiredCount += shard.pointee.retired.count
        statistics.growthCount += shard.pointee.growthCount
        statistics.shrinkCount += shard.pointee.shrinkCount
        statistics.cleaningCount += shard.pointee.cleaningCount
        statistics.movedSlotCount += shard.pointee.movedCount
        statistics.maximumSlotsMoved = max(statistics.maximumSlotsMoved, shard.pointee.maximumMoved)
    }
}

extension MapTable {
    /// Slots of removed entries.
    ///
    /// Under the lock.
    @usableFromInline
    var tombstoneCount: Int {
        (0..<groupCount).reduce(0) { $0 + controlGroup($1).slots(equalTo: ControlByte.tombstone).count }
    }
}
