extension MapMonitor {
    /// All metrics of this moment: of maps, tiers and breakers, forecasts, the process, and what others have registered.
    ///
    /// - Complexity: O(shards of all maps); takes each shard's lock for some tens of nanoseconds. Probe lengths and windows are those of the last tick.
    ///
    /// - Returns: The metrics; those of one name may be in several pieces.
    public func metrics() -> [MetricFamily] { ownMetrics() + registry.otherMetrics }

    /// The metrics of maps, tiers and breakers, forecasts, and of the process.
    func ownMetrics() -> [MetricFamily] {
        let second = Int(clock.now())
        let subjects = registry.maps.compactMap { map -> MapMetrics.Subject? in
            guard var figures = map.figures(probeSampleCount: 0) else { return nil }
            if let sampled = map.past.withLock({ $0.figures?.probeLengths }) { figures.probeLengths = sampled }
            return MapMetrics.Subject(map: map, figures: figures)
        }
        let tiers = registry.tiers.compactMap { tiers in tiers.figures().map { (tiers.name, $0) } }
        return MapMetrics(subjects: subjects, second: second).families + TierMetrics(subjects: tiers).families
            + limits.families + processMetrics()
    }

    /// All metrics as text.
    ///
    /// - Parameters:
    ///   - accept: The `Accept` header of the request, which decides the format.
    ///   - seriesLimit: How many time series are written at most.
    /// - Returns: The text as UTF-8, and what `Content-Type` is to say.
    public func metricsText(
        accept: String? = nil, seriesLimit: Int = ExpositionWriter.usualSeriesLimit
    ) -> (bytes: [UInt8], contentType: String) {
        let format = ExpositionFormat(accepting: accept)
        return (ExpositionWriter.text(metrics(), format: format, seriesLimit: seriesLimit), format.contentType)
    }

    private func processMetrics() -> [MetricFamily] {
        let state = current()
        guard let process = state.process else { return [] }
        return [
            .counter(
                "process_cpu_seconds_total", help: "Processor time used by the process, in seconds.",
                [.init(process.processorSeconds)]),
            .gauge(
                "process_resident_memory_bytes", help: "Memory in use by the process, in bytes.",
                [.init(process.residentByteCount)]),
            .gauge(
                "strata_processor_limit",
                help: "Processors the process may use, by its affinity and its control group.",
                [.init(process.processorCount)]),
            .gauge(
                "strata_processor_ratio", help: "Used processor time of what may be used.",
                [.init(state.load.processor)]),
            .gauge(
                "strata_load_factor",
                help: "How busy the process is, from processor use, connections and latency: 0 to 1.",
                [.init(state.load.factor)]),
            .gauge(
                "strata_scale_out_advised", help: "1 while the load factor has been above 0.75 for a minute.",
                [.init(state.rule.isAdvising ? 1 : 0)]),
            .counter(
                "strata_lost_events_total", help: "Events not kept because two threads wrote at once.",
                [.init(registry.journal.lostCount)]),
        ]
    }
}
