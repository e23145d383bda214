/// The metrics of what is made of tiers, and of their breakers.
struct TierMetrics {
    let subjects: [(name: String, figures: TierFigures)]

    var families: [MetricFamily] { tiers + breakers + servers + whole }

    private typealias Sample = MetricFamily.Sample

    private func tierSamples(_ figure: (TierFigures.Tier) -> Int) -> [MetricFamily.Sample] {
        subjects.flatMap { subject in
            subject.figures.tiers.map {
                Sample(figure($0), labels: [("cache_name", subject.name), ("tier", $0.name)])
            }
        }
    }

    private var tiers: [MetricFamily] {
        [
            .counter("cache_tier_hits_total", help: "Reads that a tier answered.", tierSamples(\.hitTotal)),
            .counter("cache_tier_misses_total", help: "Reads that a tier could not answer.", tierSamples(\.missTotal)),
            .counter("cache_tier_failures_total", help: "Calls of a tier that failed.", tierSamples(\.failureTotal)),
        ]
    }

    private func breakerSamples(_ figure: (TierFigures.Breaker) -> Int?) -> [MetricFamily.Sample] {
        subjects.flatMap { subject in
            subject.figures.breakers.compactMap { breaker in
                figure(breaker).map { Sample($0, labels: [("cache_name", subject.name), ("shard", breaker.name)]) }
            }
        }
    }

    private var breakers: [MetricFamily] {
        [
            .gauge(
                "cache_breaker_state", help: "What a breaker lets pass: 0 everything, 1 a trial, 2 nothing.",
                breakerSamples { $0.state.rawValue }),
            .counter(
                "cache_breaker_openings_total", help: "Times a breaker has opened.", breakerSamples(\.openingTotal)),
            .gauge(
                "cache_shard_connected", help: "1 while changes of the shard's keys are being reported.",
                breakerSamples { $0.isConnected.map { $0 ? 1 : 0 } }),
        ]
    }

    private var servers: [MetricFamily] {
        func samples(_ figure: (TierFigures.Server) -> Int) -> [MetricFamily.Sample] {
            subjects.flatMap { subject in
                subject.figures.servers.map {
                    Sample(figure($0), labels: [("cache_name", subject.name), ("server", $0.name)])
                }
            }
        }
        return [
            .gauge(
                "cache_server_connections", help: "Connections to a server that are up.", samples(\.connectionCount)),
            .gauge(
                "cache_server_calls", help: "Calls of a server that are under way or wait.", samples(\.callCount)),
        ]
    }

    private var whole: [MetricFamily] {
        func samples(_ figure: (TierFigures) -> Double?) -> [MetricFamily.Sample] {
            subjects.compactMap { subject in
                figure(subject.figures).map { Sample($0, labels: [("cache_name", subject.name)]) }
            }
        }
        return [
            .counter(
                "cache_stale_served_total", help: "Values served although they might be out of date.",
                samples { $0.staleServedTotal.map(Double.init) }),
            .gauge(
                "cache_queued_writes", help: "Writes that wait to be sent on.",
                samples { $0.queueDepth.map(Double.init) }),
            .gauge(
                "cache_invalidation_lag_seconds", help: "99th percentile of how long reports of changes take.",
                samples(\.invalidationLagSeconds)),
        ]
    }
}
