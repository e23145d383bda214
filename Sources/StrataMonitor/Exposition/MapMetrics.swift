import Strata

/// The metrics of maps, caches, stores and pools.
///
/// Names don't say what kind of map it is: a dashboard for one is a dashboard for all. The label is always `cache_name`.
struct MapMetrics {
    /// A map with its figures of this moment.
    struct Subject {
        var map: RegisteredMap
        var figures: MapFigures
    }

    let subjects: [Subject]
    let second: Int

    /// The window for ratios and rates, in seconds.
    static let window = 30

    var families: [MetricFamily] { requests + contents + tables + windows + loads + pools }

    private typealias Sample = MetricFamily.Sample

    private func samples(
        _ kinds: Set<MapKind> = MapMetrics.tabular, _ figure: (Subject) -> Double?
    ) -> [MetricFamily.Sample] {
        subjects.compactMap { subject in
            guard kinds.contains(subject.map.kind), let value = figure(subject) else { return nil }
            return Sample(value, labels: [("cache_name", subject.map.name)])
        }
    }

    private func samples(_ kinds: Set<MapKind>, _ figure: (MapFigures) -> Int) -> [MetricFamily.Sample] {
        samples(kinds) { subject -> Double? in Double(figure(subject.figures)) }
    }

    private func samples(_ figure: KeyPath<MapFigures, Int>) -> [MetricFamily.Sample] {
        samples(Self.tabular) { subject -> Double? in Double(subject.figures[keyPath: figure]) }
    }

    /// What has a table.
    private static let tabular: Set<MapKind> = [.map, .cache, .store, .other]

    private var requests: [MetricFamily] {
        [
            .counter("cache_hits_total", help: "Requests that found a value.", samples(\.hitTotal)),
            .counter("cache_misses_total", help: "Requests that found no value.", samples(\.missTotal)),
            .counter(
                "cache_evictions_total", help: "Entries removed to make room.",
                samples([.cache, .store, .other], \.evictionTotal)),
            .counter(
                "cache_expired_keys_total", help: "Entries removed because their deadline had passed.",
                samples([.cache, .store, .other], \.expirationTotal)),
            MetricFamily(
                .histogram, "cache_request_duration_seconds",
                help: "Time of an operation, from a sample of all; each sampled one counts for those it stands for.",
                durations),
            MetricFamily(
                .histogram, "cache_bulk_request_duration_seconds",
                help: "Time of a call for many keys, from a sample; each sampled one counts for those it stands for.",
                bulkDurations),
            .counter("cache_operations_total", help: "Operations, estimated from a sample.", operations),
        ]
    }

    /// The operations on single keys.
    private static let single = MapOperation.allCases.filter { $0 != .getMany }

    private var durations: [MetricFamily.Sample] {
        subjects.flatMap { subject in
            Self.single.compactMap { operation in
                duration(subject, operation, [("operation", operation.label)])
            }
        }
    }

    private var bulkDurations: [MetricFamily.Sample] {
        subjects.compactMap { duration($0, .getMany, []) }
    }

    private func duration(
        _ subject: Subject, _ operation: MapOperation, _ labels: [(String, String)]
    ) -> MetricFamily.Sample? {
        let distribution = subject.map.recorder.distribution(operation)
        guard distribution.count > 0 else { return nil }
        let exemplars = subject.map.recorder.exemplars(operation).mapValues {
            MetricFamily.Exemplar(labels: [("trace_id", $0.traceID)], value: $0.seconds, unixTime: $0.unixTime)
        }
        return Sample(
            MetricFamily.Histogram(
                bounds: MetricFamily.latencyBounds,
                counts: distribution.counts(between: MetricFamily.latencyBounds),
                sum: distribution.totalSeconds, exemplars: exemplars),
            labels: [("cache_name", subject.map.name)] + labels)
    }

    private var operations: [MetricFamily.Sample] {
        subjects.flatMap { subject in
            Self.single.compactMap { operation in
                let count = subject.map.recorder.count(operation)
                guard count > 0 else { return nil }
                return Sample(count, labels: [("cache_name", subject.map.name), ("operation", operation.label)])
            }
        }
    }

    private var contents: [MetricFamily] {
        [
            .gauge("cache_entries", help: "Entries held.", samples(\.count)),
            .gauge("cache_bytes", help: "Memory held, tables included, in bytes.", samples(\.byteCount)),
            .gauge(
                "cache_weight", help: "What the entries weigh, in units of the cache's own.",
                samples { $0.figures.weight.map(Double.init) }),
            .gauge(
                "cache_weight_limit", help: "What the entries may weigh.",
                samples { $0.figures.maximumWeight.map(Double.init) }),
        ]
    }

    private var tables: [MetricFamily] {
        [
            .gauge("cache_capacity", help: "Slots of the tables that hold the entries.", samples(\.capacity)),
            .gauge(
                "cache_load_factor", help: "Part of the slots in use.",
                samples { subject -> Double? in subject.figures.loadFactor }),
            .gauge(
                "cache_tombstones", help: "Slots of removed entries, free again after the next cleaning.",
                samples(\.tombstoneCount)),
            .gauge("cache_resizing_tables", help: "Tables that are changing their size.", samples(\.movingCount)),
            .gauge(
                "cache_resizing_slots", help: "Slots of the tables that entries are being moved from.",
                samples(\.previousCapacity)),
            .counter("cache_growths_total", help: "Times a table began to grow.", samples([.map], \.growthTotal)),
            .counter("cache_shrinks_total", help: "Times a table began to shrink.", samples([.map], \.shrinkTotal)),
            .counter(
                "cache_cleanings_total", help: "Times a table began to be cleaned of tombstones.",
                samples([.map], \.cleaningTotal)),
            .counter(
                "cache_resizings_total", help: "Times a table began to grow, to shrink or to be cleaned.",
                samples(\.startedMoveTotal)),
            .counter(
                "cache_moved_slots_total", help: "Slots moved by growing, shrinking and cleaning tables.",
                samples(\.movedSlotTotal)),
            .gauge(
                "cache_moved_slots_max", help: "The most slots that a single operation moved.",
                samples(\.maximumSlotsMoved)),
            .gauge(
                "cache_probe_length_ratio",
                help: "Part of the sampled entries that are found in the nth group looked at.", probeLengths),
            .gauge(
                "cache_shard_imbalance_ratio", help: "Entries of the fullest shard divided by the mean of all.",
                samples { $0.figures.shardImbalance }),
        ]
    }

    private var probeLengths: [MetricFamily.Sample] {
        subjects.flatMap { subject -> [MetricFamily.Sample] in
            let lengths = subject.figures.probeLengths
            let count = subject.figures.probedCount
            guard count > 0, let last = lengths.lastIndex(where: { $0 > 0 }) else { return [] }
            return (0...last).map { index in
                Sample(
                    Double(lengths[index]) / Double(count),
                    labels: [
                        ("cache_name", subject.map.name),
                        ("groups", index == lengths.count - 1 ? "\(index + 1)+" : "\(index + 1)"),
                    ])
            }
        }
    }

    private var windows: [MetricFamily] {
        func window(_ path: KeyPath<MapWindows, SlidingWindow>) -> (Subject) -> SlidingWindow.Step {
            { $0.map.windows[keyPath: path].sum(over: Self.window, at: second) }
        }
        return [
            .gauge(
                "cache_collision_ratio",
                help: "Part of the sampled entries not in the first group of their probe, last 30 s.",
                samples { window(\.collisions)($0).ratio }),
            .gauge(
                "cache_hit_ratio", help: "Hits of all requests in the last 30 s.", samples { window(\.hits)($0).ratio }),
            .gauge(
                "cache_processor_ratio",
                help: "Part of the process's processor time spent in operations, estimated, last 30 s.",
                samples { window(\.time)($0).ratio }),
            .gauge(
                "cache_low_hit_ratio", help: "1 while less than 70 % of the requests of the last 15 minutes were hits.",
                samples { MapSignals($0.map, second: second).isHitRatioLow.map { $0 ? 1 : 0 } }),
            .gauge(
                "cache_high_processor_use",
                help: "1 while operations took more than 15 % of the process's processor time in the last 15 minutes.",
                samples { MapSignals($0.map, second: second).isProcessorUseHigh.map { $0 ? 1 : 0 } }),
        ]
    }

    private var loads: [MetricFamily] {
        [
            .counter("cache_loads_total", help: "Values loaded.", samples([.cache], \.loadTotal)),
            .counter("cache_load_failures_total", help: "Loads that failed.", samples([.cache], \.loadFailureTotal)),
            .counter(
                "cache_load_seconds_total", help: "Time that loads took, in seconds.",
                samples([.cache]) { subject -> Double? in subject.figures.loadSecondsTotal }),
        ]
    }

    private var pools: [MetricFamily] {
        func samples(_ figure: (MapFigures.PoolFigures) -> Int) -> [MetricFamily.Sample] {
            self.samples([.pool]) { subject -> Double? in subject.figures.pool.map { Double(figure($0)) } }
        }
        return [
            .counter("cache_pool_takes_total", help: "Objects handed out.", samples(\.takeTotal)),
            .counter(
                "cache_pool_creations_total", help: "Objects made because none was idle.", samples(\.creationTotal)),
            .counter("cache_pool_returns_total", help: "Objects that came back.", samples(\.returnTotal)),
            .counter("cache_pool_discards_total", help: "Objects let go for lack of room.", samples(\.discardTotal)),
            .gauge("cache_pool_idle", help: "Objects that wait to be handed out.", self.samples([.pool], \.count)),
            .gauge("cache_pool_in_use", help: "Objects in use.", samples(\.inUseCount)),
        ]
    }
}
