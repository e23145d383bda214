import Strata
import StrataMonitor
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
        metrics.receivedByteCount = UInt64(statistics.count(.receivedBytes))
        metrics.sentByteCount = UInt64(statistics.count(.sentBytes))
        metrics.usedMemoryByteCount = near.tier.store.byteCount
        metrics.maximumMemoryByteCount = configuration.maximumMemory
        metrics.makesRoom = true
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

    var caches: [MonitoredCache] {
        [MonitoredCache(name: "near", source: nearFigures, recorder: nearRecorder)]
    }

    var tiers: [(name: String, figures: @Sendable () -> TierFigures?)] {
        [("near", { [weak near] in near?.tierFigures })]
    }

    func beginRecording() {}
}

/// What a sidecar keeps, as the monitor sees it.
final class NearFigures: MapFigureSource {
    private let near: NearCache

    init(_ near: NearCache) { self.near = near }

    var mapKind: MapKind { .store }

    func mapFigures(probeSampleCount: Int) -> MapFigures {
        var figures = near.tier.store.mapFigures(probeSampleCount: probeSampleCount)
        figures.areHitsEstimated = false
        figures.hitTotal = near.statistics.count(.hits)
        figures.missTotal = near.statistics.count(.misses)
        return figures
    }
}

extension NearCache {
    /// What the sidecar's memory and the servers behind it have answered.
    var tierFigures: TierFigures {
        var figures = TierFigures()
        let passedOn = statistics.count(.passedOn)
        let unanswered = statistics.count(.unanswered)
        figures.tiers = [
            TierFigures.Tier(name: "local", hitTotal: statistics.count(.hits), missTotal: statistics.count(.misses)),
            TierFigures.Tier(name: "remote", hitTotal: max(passedOn - unanswered, 0), failureTotal: unanswered),
        ]
        figures.staleServedTotal = statistics.count(.suspectsServed)
        return figures
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

    /// The figures as metrics.
    var families: [MetricFamily] {
        var families: [MetricFamily] = [
            .counter("strata_upstream_commands_total", help: "Commands passed on upstream.", [.init(passedOnCount)]),
            .counter(
                "strata_upstream_failures_total", help: "Commands that upstream did not answer.",
                [.init(unansweredCount)]),
            .counter("strata_invalidated_keys_total", help: "Keys reported as changed.", [.init(invalidationCount)]),
            .counter(
                "strata_suspects_served_total", help: "Reads answered although changes may have gone unreported.",
                [.init(suspectCount)]),
            .counter(
                "strata_tracking_losses_total", help: "Times a stream of reported changes was lost.",
                [.init(streamLossCount)]),
            .gauge(
                "strata_tracked_shards", help: "Shards whose changes are reported.", [.init(reportedShardCount)]),
            .gauge("strata_known_shards", help: "Shards of the upstream.", [.init(knownShardCount)]),
        ]
        if let lagSeconds {
            families.append(
                .gauge(
                    "strata_invalidation_lag_seconds", help: "How long the last report of a change took.",
                    [.init(lagSeconds)]))
        }
        return families
    }
}
