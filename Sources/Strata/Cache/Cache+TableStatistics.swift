import Synchronization

extension Cache {
    /// What the tables of the cache hold and how they are doing, with the probe lengths of a random sample of the entries.
    ///
    /// Its ``MapStatistics/byteCount`` counts tables and entries, without what keys and values refer to and without the policy.
    ///
    /// - Parameter probeSampleCount: How many entries' probe lengths to look at, about; 0 for none.
    /// - Returns: The figures; ``MapStatistics/probeLengths`` are those of the sample.
    /// - Complexity: O(shards + sample). A shard is locked for about a microsecond at a time.
    public func tableStatistics(probeSampleCount: Int = 0) -> MapStatistics {
        var statistics = MapStatistics()
        for index in 0..<shardCount {
            let shard = shards + index
            shard.pointee.lock.withLock {
                let figures = shard.pointee.table.figures
                statistics.add(figures)
                statistics.byteCount += figures.byteCount + MemoryLayout<CacheShard>.stride
                statistics.byteCount += figures.count * MemoryLayout<Entry>.stride
            }
        }
        var left = probeSampleCount
        var scans = 0
        while left > 0, scans < 8 + probeSampleCount / 16 {
            scans += 1
            let shard = shards + Int.random(in: 0..<shardCount)
            left -= shard.pointee.lock.withLock {
                shard.pointee.table.sampleProbeLengths(into: &statistics.probeLengths) { CacheBlock($0.pointer).hash }
            }
        }
        return statistics
    }

    /// How many entries each shard has.
    ///
    /// - Complexity: O(shards); takes no lock.
    public var shardEntryCounts: [Int] { (0..<shardCount).map { (shards + $0).liveCount } }

    /// Sets who is told of a sample of the operations; `nil` for nobody.
    package func attach(_ observer: (any OperationObserver)?) { probe.attach(observer) }
}
