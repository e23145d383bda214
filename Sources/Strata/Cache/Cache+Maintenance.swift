import Synchronization

extension Cache {
    /// What the entries may weigh together; how many there may be, where each weighs 1.
    ///
    /// Setting a lower bound evicts what is too much before it returns.
    ///
    /// **Concurrency:** from any thread; setting locks one shard after the other. Two threads that set it at once may leave the
    /// bound of either, with entries evicted for the lower one.
    public var maximumWeight: UInt64 {
        get { UInt64(budget.pointee.maximumWeight) }
        set { setMaximumWeight(CacheBudget.bounded(newValue)) }
    }

    private func setMaximumWeight(_ maximum: Int64) {
        let former = budget.pointee.maximum.exchange(maximum, ordering: .relaxed)
        // May make it negative: then nobody takes from it until the shards have given enough back.
        budget.pointee.give(maximum - former)
        if shardCount == 1 { return claimAll() }
        guard maximum < former else { return }
        for index in 0..<shardCount {
            let shard = shards + index
            shard.pointee.lock.lock()
            let tooMuch = shard.pointee.allowance - budget.pointee.share
            if tooMuch > 0 {
                shard.pointee.allowance -= tooMuch
                budget.pointee.give(tooMuch)
            }
            shard.pointee.lock.unlock()
            trim(shard)
        }
    }

    /// Gives a lone shard the whole bound.
    private func claimAll() {
        shards.pointee.lock.lock()
        let rest = budget.pointee.unassigned.exchange(0, ordering: .relaxed)
        shards.pointee.allowance += rest
        shards.pointee.lock.unlock()
        trim(shards)
    }

    /// Evicts from other shards until an entry can find room in its own, if it is too heavy for what a shard holds by itself.
    @usableFromInline
    func makeRoom(for weight: UInt32, shardIndex own: Int) {
        guard shardCount > 1, Int64(weight) > budget.pointee.share / 2 else { return }
        shards[own].lock.lock()
        let allowance = shards[own].allowance
        shards[own].lock.unlock()
        var missing = Int64(weight) - allowance - Swift.max(budget.pointee.unassigned.load(ordering: .relaxed), 0)
        for index in 0..<shardCount where index != own && missing > 0 {
            let shard = shards + index
            shard.pointee.lock.lock()
            let given = Swift.min(missing, Swift.max(shard.pointee.allowance, 0))
            shard.pointee.allowance -= given
            shard.pointee.lock.unlock()
            // Evicted first, given then: the bound holds meanwhile.
            trimToAllowance(shard)
            budget.pointee.give(given)
            missing -= given
        }
    }

    /// Evicts from a shard without letting it take from the common rest.
    private func trimToAllowance(_ shard: CacheShardAddress) {
        var isUnfinished = true
        while isUnfinished {
            withShard(shard) { aftermath in
                for _ in 0..<CacheShard.evictionsPerHold {
                    guard let block = shard.evictOne(nil) else {
                        isUnfinished = false
                        return
                    }
                    discard(block, .size, shard, &aftermath)
                }
            }
        }
    }

    /// Does at once what writes otherwise do bit by bit: removes entries that have expired, and gives memory back that
    /// readers are done with.
    ///
    /// Call it now and then for a cache that is rarely written to, or to hear of expirations in time.
    ///
    /// - Complexity: O(what there is to do); a shard is locked for a few dozen entries at a time.
    ///
    /// **Concurrency:** from any thread.
    public func performMaintenance() {
        for index in 0..<shardCount {
            let shard = shards + index
            var isUnfinished = true
            while isUnfinished {
                withShard(shard) { aftermath in
                    isUnfinished = false
                    guard isTimed else { return }
                    var steps = 64
                    let now = now()
                    while let block = shard.expireOne(now: now, steps: &steps) {
                        discard(block, .expired, shard, &aftermath)
                    }
                    isUnfinished = steps == 0
                    shard.giveBack(budget)
                }
            }
            trim(shard)
            withShard(shard) { shard.reclaim(garbage: &$0.garbage) }
        }
    }

    /// What the cache has done so far.
    ///
    /// - Complexity: O(shards + threads). Locks one shard after the other.
    public var statistics: CacheStatistics {
        var statistics = CacheStatistics()
        statistics.hitCount = counters.sum(.hits)
        statistics.missCount = counters.sum(.misses)
        statistics.loadCount = counters.sum(.loads)
        statistics.loadFailureCount = counters.sum(.loadFailures)
        statistics.totalLoadTime = .nanoseconds(counters.sum(.loadNanoseconds))
        for index in 0..<shardCount {
            let shard = shards + index
            shard.pointee.lock.withLock {
                statistics.sizeEvictionCount += shard.pointee.sizeEvictionCount
                statistics.expirationCount += shard.pointee.expirationCount
                statistics.evictedWeight += shard.pointee.evictedWeight
            }
        }
        return statistics
    }
}

extension CacheShardAddress {
    /// Lets the table finish a change of its size, and collects what readers are done with.
    ///
    /// Under the lock.
    func reclaim(garbage: inout CacheGarbage) {
        for _ in 0..<64 where pointee.table.needsStep(additional: 0) { continueMove() }
        pointee.retired.flush { memory, byteCount in garbage.take(memory, byteCount) }
    }
}
