import Strata

extension Server: ServerMetricsSource {
    package func metrics() -> ServerMetrics {
        var metrics = ServerMetrics()
        let now = WallClock.nowTicks()
        metrics.uptimeSeconds = Double(now - state.lifetime.startedAt) / 1000
        metrics.connectedClientCount = state.clients.count
        metrics.maximumClientCount = state.settings.maximumClients.current
        metrics.acceptedConnectionCount = UInt64(state.sum { $0.acceptedConnections.current })
        metrics.rejectedConnectionCount = UInt64(state.clients.rejectedCount)
        metrics.protocolErrorCount = UInt64(state.sum { $0.protocolErrors.current })
        metrics.processedCommandCount = UInt64(state.sum { $0.processedCommands.current })
        metrics.failedCommandCount = UInt64(state.sum { $0.failedCommands.current })
        metrics.receivedByteCount = UInt64(state.sum { $0.receivedBytes.current })
        metrics.sentByteCount = UInt64(state.sum { $0.sentBytes.current })
        metrics.usedMemoryByteCount = state.databases.budget.usedBytes
        metrics.maximumMemoryByteCount = state.databases.budget.maximumBytes
        metrics.requestDurations = requestDurations()
        for index in 0..<Databases.count {
            let store = state.databases[index]
            guard index == 0 || store.keyCount > 0 else { continue }
            var cache = CacheMetrics(name: "db\(index)")
            cache.entryCount = store.keyCount
            cache.expiringEntryCount = store.expiringKeyCount
            cache.byteCount = store.byteCount
            let tables = store.statistics
            cache.capacity = tables.capacity
            cache.tombstoneCount = tables.tombstoneCount
            cache.movedSlotCount = tables.movedSlotCount
            cache.maximumMovedSlotCount = tables.maximumSlotsMoved
            // What the whole server counts; databases are not told apart on the way there.
            if index == 0 {
                cache.hitCount = UInt64(state.sum { $0.hits.current })
                cache.missCount = UInt64(state.sum { $0.misses.current })
                cache.evictionCount = UInt64(state.keyWatcher.evictionCount)
                cache.expiredKeyCount = UInt64(state.keyWatcher.expiryCount)
                cache.expiredFieldCount = UInt64(state.keyWatcher.fieldExpiryCount)
            }
            metrics.caches.append(cache)
        }
        return metrics
    }

    /// The distribution of all commands' durations, from the buckets that each command has.
    private func requestDurations() -> DurationHistogram {
        var histogram = DurationHistogram()
        for worker in state.allWorkers {
            for index in 0..<state.commands.commands.count {
                let entry = worker.commandStatistics[index]
                guard entry.pointee.calls.current > 0 else { continue }
                for bucket in 0..<CommandStatistics.bucketCount {
                    let count = entry.pointee.durations[bucket].current
                    guard count > 0 else { continue }
                    let seconds = CommandStatistics.typicalSeconds(ofBucket: bucket)
                    let position = histogram.upperBounds.firstIndex { seconds <= $0 } ?? histogram.upperBounds.count
                    histogram.counts[position] += UInt64(count)
                }
                histogram.sum += Double(entry.pointee.nanoseconds.current) / 1e9
            }
        }
        return histogram
    }
}
