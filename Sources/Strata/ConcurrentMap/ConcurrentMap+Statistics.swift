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
                writer.addFigures(to: &statistics, tombstoneCount: writer.shard.lockedTable.tombstoneCount)
                return false
            }
        }
        return statistics
    }
}

extension ShardWriter {
    /// Adds what the shard counts.
    ///
    /// - Parameters:
    ///   - statistics: What to add to.
    ///   - tombstoneCount: The tombstones of the current table, counted or computed.
    @inlinable
    func addFigures(to statistics: inout MapStatistics, tombstoneCount: @autoclosure () -> Int) {
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
            statistics.tombstoneCount += tombstoneCount()
        }
        if let previous {
            statistics.byteCount += previous.totalByteCount
            statistics.previousCapacity += previous.slotCount
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
        statistics.startedMoveCount +=
            shard.pointee.growthCount + shard.pointee.shrinkCount + shard.pointee.cleaningCount
        statistics.movedSlotCount += shard.pointee.movedCount
        statistics.maximumSlotsMoved = max(statistics.maximumSlotsMoved, shard.pointee.maximumMoved)
    }
}

extension ConcurrentMap {
    /// What the map holds and how well its tables are doing, with the probe lengths of a random sample of its entries.
    ///
    /// For looking often: entries that don't belong to the sample aren't touched. Tombstones of a table that is changing its size aren't counted.
    ///
    /// - Parameter probeSampleCount: How many entries' probe lengths to look at, about; 0 for none.
    /// - Returns: The figures; ``MapStatistics/probeLengths`` are those of the sample.
    /// - Complexity: O(shards + sample). A shard is locked for about a microsecond at a time.
    @inlinable
    public func statistics(probeSampleCount: Int) -> MapStatistics {
        var statistics = MapStatistics()
        statistics.byteCount = shardCount * MemoryLayout<MapShard>.stride
        for index in 0..<shardCount {
            withShard(index) { writer in
                writer.addFigures(to: &statistics, tombstoneCount: writer.computedTombstoneCount)
                return false
            }
        }
        var heapEntries = 0
        var scans = 0
        // Eight groups at a time: 100 entries of a well filled table; an empty one doesn't keep us long.
        while statistics.probedCount < probeSampleCount, scans < 8 + probeSampleCount / 16 {
            scans += 1
            var position = ScanPosition()
            position.shardIndex = Int.random(in: 0..<shardCount)
            position.hash = UInt64.random(in: .min ... .max)
            _ = scan(&position) { found, distance in
                if Slots.areWide, Slots.heapEntry(of: found) != nil { heapEntries += 1 }
                statistics.probeLengths[Swift.min(distance, MapStatistics.probeLengthLimit - 1)] += 1
            }
        }
        if statistics.probedCount > 0 {
            statistics.byteCount += statistics.count * heapEntries / statistics.probedCount * Slots.entryByteCount
        }
        return statistics
    }

    /// How many entries each shard has.
    ///
    /// - Complexity: O(shards); takes no lock.
    public var shardEntryCounts: [Int] {
        // relaxed: figures.
        (0..<shardCount).map { shards[$0].liveCount.load(ordering: .relaxed) }
    }

    /// Sets who is told of a sample of the operations; `nil` for nobody.
    package func attach(_ observer: (any OperationObserver)?) { probe.attach(observer) }
}

extension ShardWriter {
    /// The tombstones of the current table by its books: what isn't empty any more less what is there; 0 while entries move.
    @inlinable
    var computedTombstoneCount: Int {
        let table = shard.lockedTable
        guard table.previous == nil else { return 0 }
        // relaxed: only the holder of the lock stores.
        let live = shard.pointee.liveCount.load(ordering: .relaxed)
        return Swift.max(Int(truncatingIfNeeded: table.groupCount) &* 14 &- shard.pointee.emptyLeft &- live, 0)
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
