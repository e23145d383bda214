import Foundation

/// What a running service tells at `/metrics` about its maps, as far as it bears on where data should be.
package struct ServiceSignals: Codable, Sendable, Equatable {
    /// Hits of all caches, or of one.
    package private(set) var hits = 0.0
    /// Misses.
    package private(set) var misses = 0.0
    /// The share of the processors' time that maps take, the largest stated.
    package private(set) var processorShare: Double?

    /// No figure was found that says anything.
    package struct Missing: Error, CustomStringConvertible {
        /// What was looked for.
        package let description: String
    }

    /// Below this hit ratio a cache does little.
    package static let poorHitRatio = 0.7
    /// From this share of the processors' time on maps are a load of their own.
    package static let largeProcessorShare = 0.15

    /// Reads the text that `/metrics` answers with.
    ///
    /// - Parameters:
    ///   - text: Prometheus' text format or OpenMetrics.
    ///   - cache: The `cache_name` to look at; `nil` for all together.
    /// - Throws: ``Missing`` if there is nothing of caches in it.
    package init(metrics text: String, cache: String? = nil) throws {
        var found = false
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            let nameEnd = line.firstIndex { $0 == "{" || $0 == " " } ?? line.endIndex
            let name = line[..<nameEnd]
            guard ["cache_hits_total", "cache_misses_total", "strata_map_cpu_share"].contains(name) else { continue }
            var rest = line[nameEnd...]
            var labels: Substring = ""
            if rest.first == "{", let end = rest.lastIndex(of: "}") {
                labels = rest[rest.index(after: rest.startIndex)..<end]
                rest = rest[rest.index(after: end)...]
            }
            if let cache, !labels.contains("cache_name=\"\(cache)\"") { continue }
            guard let first = rest.split(separator: " ").first, let value = Double(first), value.isFinite else {
                continue
            }
            found = true
            switch name {
            case "cache_hits_total": hits += value
            case "cache_misses_total": misses += value
            default: processorShare = max(processorShare ?? 0, value)
            }
        }
        guard found else {
            let whose = cache.map { " with the cache_name '\($0)'" } ?? ""
            throw Missing(description: "there is no cache_hits_total or cache_misses_total\(whose) in what it answers")
        }
    }

    /// Hits of all lookups, `nil` before the first.
    package var hitRatio: Double? { hits + misses > 0 ? hits / (hits + misses) : nil }

    /// What the signals say, in sentences.
    package var findings: [String] {
        var findings: [String] = []
        if let hitRatio {
            let percent = Figures.fixed(hitRatio * 100, 1)
            findings.append(
                hitRatio < Self.poorHitRatio
                    ? "hit ratio \(percent) %, below \(Figures.fixed(Self.poorHitRatio * 100, 0)) %: more room or a second tier may pay"
                    : "hit ratio \(percent) %: fine")
        }
        if let processorShare {
            let percent = Figures.fixed(processorShare * 100, 1)
            findings.append(
                processorShare > Self.largeProcessorShare
                    ? "maps take \(percent) % of the processors, above \(Figures.fixed(Self.largeProcessorShare * 100, 0)) %: divide the load"
                    : "maps take \(percent) % of the processors: fine")
        }
        return findings
    }

    /// Facts with what was measured put in.
    package func applied(to facts: DecisionFacts) -> DecisionFacts {
        var facts = facts
        if let hitRatio { facts.measuredHitRatio = hitRatio }
        if let processorShare { facts.measuredProcessorShare = processorShare }
        return facts
    }
}
