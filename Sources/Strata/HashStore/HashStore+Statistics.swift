extension HashStore {
    /// What the tables of the keys hold and how they are doing.
    ///
    /// The figures of one shard belong together; those of different shards are of slightly different moments. Probe lengths are not
    /// measured: see ``statistics(probeSampleCount:)``.
    ///
    /// - Complexity: O(shards).
    ///
    /// **Concurrency:** locks one shard at a time.
    public var statistics: MapStatistics { statistics(probeSampleCount: 0) }

    /// What the tables of the keys hold and how they are doing, with the probe lengths of a random sample of the keys.
    ///
    /// - Parameter probeSampleCount: How many keys' probe lengths to look at, about; 0 for none.
    /// - Returns: The figures; ``MapStatistics/probeLengths`` are those of the sample.
    /// - Complexity: O(shards + sample).
    ///
    /// **Concurrency:** locks one shard at a time, for a few microseconds.
    public func statistics(probeSampleCount: Int) -> MapStatistics {
        var statistics = MapStatistics()
        for index in 0..<shardCount {
            (shards + index).pointee.lock.withLock {
                statistics.add((shards + index).pointee.table.figures)
            }
        }
        statistics.byteCount = byteCount
        var left = probeSampleCount
        var scans = 0
        while left > 0, scans < 8 + probeSampleCount / 16 {
            scans += 1
            let shard = shards + Int.random(in: 0..<shardCount)
            left -= shard.pointee.lock.withLock {
                shard.pointee.table.sampleProbeLengths(into: &statistics.probeLengths) {
                    hashKey.hash(EntryBlock($0.pointer).key)
                }
            }
        }
        return statistics
    }

    /// How many keys each shard has.
    ///
    /// - Complexity: O(shards); takes no lock.
    public var shardEntryCounts: [Int] { (0..<shardCount).map { keyCount(ofShard: $0) } }

    /// How many keys were removed to make room, those of other stores that share the budget included.
    public var evictedKeyCount: Int { budget.evictedKeyCount }

    /// Sets who is told of a sample of the operations; `nil` for nobody.
    package func attach(_ observer: (any OperationObserver)?) { probe.attach(observer) }

    /// A key as text, for people: its first bytes, with what isn't UTF-8 repaired.
    static func text(ofKey bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes.prefix(256), as: UTF8.self)
    }
}

extension MapStatistics {
    /// Adds what a table of pointers counts.
    mutating func add(_ figures: TableFigures) {
        count += figures.count
        capacity += figures.slotCount - figures.previousSlotCount
        previousCapacity += figures.previousSlotCount
        tombstoneCount += figures.tombstoneCount
        movingCount += figures.isMoving ? 1 : 0
        startedMoveCount += figures.movesStarted
        movedSlotCount += figures.slotsMoved
        maximumSlotsMoved = max(maximumSlotsMoved, figures.maximumSlotsMoved)
    }
}

extension GroupTable {
    /// Looks at a few groups from a random place on and counts how many groups a probe for each of their elements visits.
    ///
    /// Under the lock.
    ///
    /// - Returns: How many elements were looked at.
    func sampleProbeLengths(
        into histogram: inout [Int], hashOf: (UnsafeMutablePointer<Slot>) -> UInt64
    ) -> Int {
        let region = newest
        var count = 0
        let first = Int.random(in: 0..<region.groupCount)
        for offset in 0..<Swift.min(8, region.groupCount) {
            let group = (first + offset) % region.groupCount
            region.forEachLive(inGroups: group..<(group + 1)) { slot in
                let home = region.homeGroup(of: hashOf(slot))
                let distance = group >= home ? group - home : group + region.groupCount - home
                histogram[Swift.min(distance, histogram.count - 1)] += 1
                count += 1
            }
        }
        return count
    }
}
