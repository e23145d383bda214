import Strata
import StrataTiering

extension SidecarServer {
    func metrics() -> ServerMetrics {
        var metrics = ServerMetrics()
        let statistics = near.statistics
        metrics.uptimeSeconds = Double(WallClock.nowTicks() - startedAt) / 1000
        metrics.connectedClientCount = statistics.connectedCount
        metrics.maximumClientCount = configuration.limits.maximumClientCount
        metrics.acceptedConnectionCount = UInt64(statistics.count(.connections))
        metrics.rejectedConnectionCount = UInt64(statistics.count(.rejectedConnections))
        metrics.protocolErrorCount = UInt64(statistics.count(.protocolErrors))
        metrics.processedCommandCount = UInt64(statistics.count(.hits) + statistics.count(.passedOn))
        metrics.failedCommandCount = UInt64(statistics.count(.unanswered))
        metrics.usedMemoryByteCount = near.tier.store.byteCount
        metrics.maximumMemoryByteCount = configuration.maximumMemory
        var cache = CacheMetrics(name: "near")
        cache.hitCount = UInt64(statistics.count(.hits))
        cache.missCount = UInt64(statistics.count(.misses))
        cache.entryCount = near.tier.store.count
        cache.byteCount = near.tier.store.byteCount
        metrics.caches.append(cache)
        let coverage = near.coverage
        var sidecar = SidecarMetrics()
        sidecar.passedOnCount = UInt64(statistics.count(.passedOn))
        sidecar.unansweredCount = UInt64(statistics.count(.unanswered))
        sidecar.invalidationCount = UInt64(statistics.count(.invalidations))
        sidecar.suspectCount = UInt64(statistics.count(.suspectsServed))
        sidecar.streamLossCount = UInt64(statistics.count(.streamsLost))
        sidecar.reportedShardCount = coverage.reported
        sidecar.knownShardCount = coverage.known
        sidecar.lagSeconds = statistics.lastLag.map { $0 / .seconds(1) }
        metrics.sidecar = sidecar
        return metrics
    }
}

/// The figures of a sidecar beside those that every server has.
package struct SidecarMetrics: Sendable {
    /// Commands passed on to the servers behind.
    package var passedOnCount: UInt64 = 0
    /// Commands that those didn't answer.
    package var unansweredCount: UInt64 = 0
    /// Keys reported as changed.
    package var invalidationCount: UInt64 = 0
    /// Reads answered with what changes may have gone unreported of.
    package var suspectCount: UInt64 = 0
    /// Streams of reports lost.
    package var streamLossCount: UInt64 = 0
    /// Shards whose changes are reported now.
    package var reportedShardCount = 0
    /// Shards known.
    package var knownShardCount = 0
    /// How long the last report took; `nil` if that wasn't measured.
    package var lagSeconds: Double?

    /// The figures as `/metrics` shows them.
    func write(to writer: inout PrometheusWriter) {
        writer.counter("strata_upstream_commands_total", help: "Commands passed on upstream.", [.init(passedOnCount)])
        writer.counter(
            "strata_upstream_failures_total", help: "Commands that upstream did not answer.", [.init(unansweredCount)])
        writer.counter("strata_invalidated_keys_total", help: "Keys reported as changed.", [.init(invalidationCount)])
        writer.counter(
            "strata_suspects_served_total", help: "Reads answered although changes may have gone unreported.",
            [.init(suspectCount)])
        writer.counter(
            "strata_tracking_losses_total", help: "Times a stream of reported changes was lost.",
            [.init(streamLossCount)])
        writer.gauge("strata_tracked_shards", help: "Shards whose changes are reported.", [.init(reportedShardCount)])
        writer.gauge("strata_known_shards", help: "Shards of the upstream.", [.init(knownShardCount)])
        if let lagSeconds {
            writer.gauge(
                "strata_invalidation_lag_seconds", help: "How long the last report of a change took.",
                [.init(lagSeconds)])
        }
    }
}
