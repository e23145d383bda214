/// What a running service tells at `/metrics` about its maps, as far as it bears on where data should be.
///
/// From one reading: totals since its start, sizes, and the monitor's own shares of the last 30 seconds. From two: what happened between them.
package struct ServiceSignals: Codable, Sendable, Equatable {
    /// Hits of all caches, or of one.
    package private(set) var hits = 0.0
    /// Misses.
    package private(set) var misses = 0.0
    /// The share of the processor time that the process uses which goes into maps.
    package private(set) var mapUse: Double?
    /// The same as a share of all the processor time that the process may use.
    package private(set) var processorShare: Double?
    /// Reads a second; known from two readings.
    package private(set) var readsPerSecond: Double?
    /// Writes and removals a second; known from two readings.
    package private(set) var writesPerSecond: Double?
    /// Entries.
    package private(set) var entries: Double?
    /// What an entry takes.
    package private(set) var entryBytes: Double?
    /// Processors that the process may use.
    package private(set) var processorCount: Double?
    /// Why others than this process see what is kept, as a clause; `nil` if nothing says so.
    package private(set) var sharing: String?
    /// Whether it is a server, whose hits aren't those of the processes that use it.
    package private(set) var isServer = false
    /// Seconds between the readings; `nil` for one.
    package private(set) var seconds: Double?

    /// No figure was found that says anything.
    package struct Missing: Error, CustomStringConvertible {
        /// What was looked for.
        package let description: String
    }

    /// Below this hit ratio a cache does little.
    package static let poorHitRatio = 0.7
    /// From this share of the processor time on maps are a load of their own.
    package static let largeMapUse = 0.15
    /// Fewer requests than this say nothing about hits.
    package static let minimumRequestCount = 100.0

    /// Reads the text that `/metrics` answers with, once.
    ///
    /// - Parameters:
    ///   - text: Prometheus' text format or OpenMetrics.
    ///   - cache: The `cache_name` to look at; `nil` for all together.
    /// - Throws: ``Missing`` if there is nothing of caches in it.
    package init(metrics text: String, cache: String? = nil) throws {
        try self.init(ServiceReading(text), cache: cache)
    }

    /// Takes one reading, or two.
    ///
    /// - Parameters:
    ///   - reading: The newest.
    ///   - earlier: One from before, with the seconds between.
    ///   - cache: The `cache_name` to look at; `nil` for all together.
    /// - Throws: ``Missing`` if there is nothing of caches in it.
    package init(
        _ reading: ServiceReading, since earlier: (reading: ServiceReading, seconds: Double)? = nil,
        cache: String? = nil
    ) throws {
        guard let hits = reading.sum(.hits, cache: cache), let misses = reading.sum(.misses, cache: cache) else {
            let whose = cache.map { " with the cache_name '\($0)'" } ?? ""
            let there = Set(reading.samples.compactMap { $0.labels["cache_name"] }).sorted()
            throw Missing(
                description: "there is no cache_hits_total or cache_misses_total\(whose) in what the service answers"
                    + (there.isEmpty || cache == nil ? "" : "; there are \(there.joined(separator: ", "))"))
        }
        self.hits = hits
        self.misses = misses
        // A map that nobody reads has no share.
        mapUse = reading.sum(.mapUse, cache: cache).map { min($0, 1) }
        processorCount = reading.sum(.processorLimit, cache: cache)
        let count = reading.sum(.entries, cache: cache)
        entries = count
        if let count, count > 0, let bytes = reading.sum(.bytes, cache: cache), bytes > 0 { entryBytes = bytes / count }
        var use = reading.sum(.processorUse, cache: cache)
        if let earlier, earlier.seconds > 0 {
            compare(reading, with: earlier.reading, seconds: earlier.seconds, cache: cache)
            if let now = reading.sum(.processorSeconds, cache: cache),
                let before = earlier.reading.sum(.processorSeconds, cache: cache), now >= before,
                let processorCount, processorCount > 0
            {
                use = (now - before) / earlier.seconds / processorCount
            }
        }
        if let mapUse, let use { processorShare = min(mapUse * use, 1) }
        let remote = reading.sum(.tierHits, cache: cache) { $0.labels["tier"] == "remote" }
        let clients = reading.sum(.clients, cache: cache)
        isServer = clients != nil && remote == nil
        if remote != nil {
            sharing = "there is a second tier, which other processes use as well"
        } else if let clients, clients >= 2 {
            sharing = "\(Figures.fixed(clients, 0)) clients are connected to it"
        }
    }

    /// Counters that went back mean that the service was started anew: then the newest reading stands alone.
    private mutating func compare(
        _ reading: ServiceReading, with earlier: ServiceReading, seconds: Double, cache: String?
    ) {
        func difference(_ name: ServiceReading.Name, _ isWanted: (ServiceReading.Sample) -> Bool = { _ in true })
            -> Double?
        {
            guard let now = reading.sum(name, cache: cache, where: isWanted) else { return nil }
            let before = earlier.sum(name, cache: cache, where: isWanted) ?? 0
            return now >= before ? now - before : nil
        }
        guard let hits = difference(.hits), let misses = difference(.misses) else { return }
        self.seconds = seconds
        readsPerSecond = (hits + misses) / seconds
        let changes: Set = ["set", "update", "remove"]
        let writes = difference(.operations) { changes.contains($0.labels["operation"] ?? "") }
        writesPerSecond = writes.map { $0 / seconds }
        if hits + misses >= Self.minimumRequestCount {
            self.hits = hits
            self.misses = misses
        }
    }

    /// Hits of all lookups, `nil` while there are too few.
    package var hitRatio: Double? {
        hits + misses >= Self.minimumRequestCount ? hits / (hits + misses) : nil
    }

    /// What the signals say, in sentences.
    package var findings: [String] {
        var findings: [String] = []
        let span = seconds.map { " in \(Figures.fixed($0, 0)) s" } ?? " since its start"
        if let hitRatio {
            let percent = Figures.fixed(hitRatio * 100, 1)
            findings.append(
                hitRatio < Self.poorHitRatio
                    ? "hit ratio \(percent) %\(span), below \(Figures.fixed(Self.poorHitRatio * 100, 0)) %: more room or a second tier may pay"
                    : "hit ratio \(percent) %\(span): fine")
        } else {
            findings.append("too few requests\(span) to tell the hit ratio")
        }
        if let mapUse {
            let percent = Figures.fixed(mapUse * 100, 1)
            let part = processorShare.map { ", \(Figures.fixed($0 * 100, 1)) % of what it may use" } ?? ""
            findings.append(
                mapUse > Self.largeMapUse
                    ? "maps take \(percent) % of the processor time it uses\(part); above \(Figures.fixed(Self.largeMapUse * 100, 0)) %: divide the load"
                    : "maps take \(percent) % of the processor time it uses\(part): fine")
        }
        if let sharing { findings.append("its state is shared: \(sharing)") }
        if let readsPerSecond {
            let writes = writesPerSecond.map { " and \(Figures.short($0)) writes" } ?? ""
            findings.append("\(Figures.short(readsPerSecond)) reads\(writes) a second")
        }
        if let entries {
            let size = entryBytes.map { " of \(Figures.short($0.rounded())) bytes" } ?? ""
            findings.append("\(Figures.short(entries)) entries\(size)")
        }
        return findings
    }

    /// Facts with what was measured put in.
    ///
    /// - Parameters:
    ///   - facts: What is known otherwise.
    ///   - stated: The options that were given: what somebody says beats what is measured.
    /// - Returns: The facts.
    package func applied(to facts: DecisionFacts, stated: Set<String> = []) -> DecisionFacts {
        var facts = facts
        func take(_ option: String, _ path: WritableKeyPath<DecisionFacts, Double>, _ value: Double?) {
            if !stated.contains(option), let value, value > 0 { facts[keyPath: path] = value }
        }
        if sharing != nil {
            facts.isShared = true
            if !stated.contains("processes") { facts.processes = max(facts.processes, 2) }
        }
        // What a server counts comes from all processes, what a process counts from itself.
        let factor = isServer ? 1 : Double(facts.processes)
        take("reads", \.readsPerSecond, readsPerSecond.map { $0 * factor })
        if !stated.contains("writes"), let writesPerSecond { facts.writesPerSecond = writesPerSecond * factor }
        take("entries", \.entries, entries)
        take("entry-bytes", \.entryBytes, entryBytes)
        guard !isServer else { return facts }
        take("cores", \.coresPerProcess, processorCount)
        if !stated.contains("hit-ratio"), let hitRatio { facts.measuredHitRatio = hitRatio }
        if !stated.contains("cpu-share"), let processorShare {
            // It was measured at the load there is, not at the one that may have been stated.
            let measured = readsPerSecond.map { ($0 + (writesPerSecond ?? 0)) * factor } ?? facts.demand
            facts.measuredProcessorShare = measured > 0 ? min(processorShare * facts.demand / measured, 1) : nil
        }
        return facts
    }
}
