import Strata

extension TieredHash {
    /// What it has done, and how it stands.
    ///
    /// - Complexity: O(shards of both tiers + threads).
    public var statistics: TieredStatistics {
        var statistics = TieredStatistics()
        statistics.peekHitCount = counters[.peekHits]
        statistics.peekMissCount = counters[.peekMisses]
        statistics.localHitCount = counters[.localHits]
        statistics.localMissCount = counters[.localMisses]
        statistics.remoteHitCount = counters[.remoteHits]
        statistics.remoteReadCount = counters[.remoteReads]
        statistics.remoteWriteCount = counters[.remoteWrites]
        statistics.remoteFailureCount = counters[.remoteFailures]
        statistics.loadCount = counters[.loads]
        statistics.loadFailureCount = counters[.loadFailures]
        statistics.staleServedCount = counters[.staleServed]
        statistics.coalescedReadCount = counters[.coalescedReads]
        statistics.coalescedLoadCount = counters[.coalescedLoads]
        statistics.leaseWaitCount = counters[.leaseWaits]
        statistics.lostLeaseCount = counters[.leasesLost]
        statistics.refreshCount = counters[.refreshes]
        statistics.eagerRefreshCount = counters[.eagerRefreshes]
        statistics.refreshPutOffCount = counters[.refreshesPutOff]
        statistics.queuedWriteCount = counters[.queuedWrites]
        statistics.queueDepth = queue.count
        statistics.invalidatedKeyCount = counters[.invalidatedKeys]
        statistics.wholeInvalidationCount = counters[.wholeInvalidations]
        statistics.revalidatedKeyCount = counters[.revalidatedKeys]
        statistics.localKeyCount = local.store.keyCount
        statistics.localByteCount = local.store.byteCount
        statistics.taskCount = tasks.runningCount
        let report = coherence.withLock { $0 }
        statistics.invalidationLag = report.lag
        statistics.coherence = report.mode
        statistics.shards = shardStatistics
        return statistics
    }

    private var shardStatistics: [TieredStatistics.Shard] {
        var shards: [Int: TieredStatistics.Shard] = [:]
        for (index, gate) in gates.all {
            var shard = TieredStatistics.Shard(shard: ShardID(index))
            shard.breaker = gate.breaker.state
            shard.breakerOpeningCount = gate.breaker.openingCount
            shard.runningCallCount = gate.bulkhead.runningCount
            shard.waitingCallCount = gate.bulkhead.waiterCount
            shards[index] = shard
        }
        let now = clock.now()
        for (id, epoch) in epochs.all {
            var shard = shards[id.index] ?? TieredStatistics.Shard(shard: id)
            shard.isConnected = epoch.isConnected
            shard.epoch = epoch.number
            shard.lossCount = epoch.lossCount
            if case .coherent(let staleness) = epoch.standing(
                epoch: epoch.number, filled: Instant(nanoseconds: .min), now: now)
            {
                shard.stalenessBound = staleness
            }
            shards[id.index] = shard
        }
        return shards.values.sorted { $0.shard.index < $1.shard.index }
    }
}
