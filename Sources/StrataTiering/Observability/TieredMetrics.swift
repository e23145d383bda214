import Metrics

/// Hands the figures of a tiered hash to swift-metrics.
///
/// Labels are bounded: the name of the cache, and the tier or the shard; never a key.
struct TieredMetrics {
    private let name: String

    init(name: String) { self.name = name }

    func report(_ statistics: TieredStatistics) {
        gauge("hits", statistics.peekHitCount + statistics.localHitCount, ("tier", "local"))
        gauge("misses", statistics.peekMissCount + statistics.localMissCount, ("tier", "local"))
        gauge("hits", statistics.remoteHitCount, ("tier", "remote"))
        gauge("misses", statistics.localMissCount - statistics.remoteHitCount, ("tier", "remote"))
        gauge("failures", statistics.remoteFailureCount, ("tier", "remote"))
        gauge("loads", statistics.loadCount, ("tier", "source"))
        gauge("failures", statistics.loadFailureCount, ("tier", "source"))
        gauge("stale_served", statistics.staleServedCount)
        gauge("coalesced_reads", statistics.coalescedReadCount)
        gauge("coalesced_loads", statistics.coalescedLoadCount)
        gauge("queue_depth", statistics.queueDepth)
        gauge("keys", statistics.localKeyCount)
        gauge("bytes", statistics.localByteCount)
        gauge("coherent", statistics.coherence == .tracking ? 1 : 0)
        if let lag = statistics.invalidationLag.quantile(0.99) {
            gauge("invalidation_lag_p99_seconds", lag / .seconds(1))
        }
        for shard in statistics.shards {
            let label = ("shard", "\(shard.shard.index)")
            gauge("breaker_open", shard.breaker == .closed ? 0 : 1, label)
            gauge("breaker_openings", shard.breakerOpeningCount, label)
            gauge("connected", shard.isConnected ? 1 : 0, label)
        }
    }

    private func gauge(_ figure: String, _ value: Int, _ label: (String, String)...) {
        gauge(figure, Double(value), label)
    }

    private func gauge(_ figure: String, _ value: Double, _ labels: [(String, String)] = []) {
        Gauge(label: "strata.tiers.\(figure)", dimensions: [("cache", name)] + labels).record(value)
    }
}
