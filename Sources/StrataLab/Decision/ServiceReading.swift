/// What a service answers at `/metrics` at one moment, as far as a decision asks for it.
package struct ServiceReading: Sendable, Equatable {
    /// One line.
    package struct Sample: Sendable, Equatable {
        /// The metric.
        package var name: String
        /// Its labels.
        package var labels: [String: String]
        /// Its value.
        package var value: Double
    }

    /// The lines that were understood.
    package private(set) var samples: [Sample] = []

    /// The names of the metrics that are asked for; those of `StrataMonitor` and of its server.
    package enum Name: String, CaseIterable, Sendable {
        /// Requests that found a value.
        case hits = "cache_hits_total"
        /// Requests that found none.
        case misses = "cache_misses_total"
        /// Operations by kind.
        case operations = "cache_operations_total"
        /// Entries held.
        case entries = "cache_entries"
        /// Memory held.
        case bytes = "cache_bytes"
        /// A map's share of the processor time that the process uses.
        case mapUse = "cache_processor_ratio"
        /// What the tiers of a cache answered.
        case tierHits = "cache_tier_hits_total"
        /// Processor time used by the process.
        case processorSeconds = "process_cpu_seconds_total"
        /// Processors the process may use.
        case processorLimit = "strata_processor_limit"
        /// Used processor time of what may be used, last second.
        case processorUse = "strata_processor_ratio"
        /// Clients of a server.
        case clients = "strata_connected_clients"
    }

    /// Reads Prometheus' text format or OpenMetrics.
    ///
    /// Lines that can't be read, other metrics, and values that aren't finite are passed over.
    package init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            let nameEnd = line.firstIndex { $0 == "{" || $0 == " " } ?? line.endIndex
            guard let name = Name(rawValue: String(line[..<nameEnd])) else { continue }
            var rest = line[nameEnd...]
            var labels: [String: String] = [:]
            if rest.first == "{" { labels = Self.labels(&rest) }
            guard let first = rest.split(separator: " ").first, let value = Double(first), value.isFinite else {
                continue
            }
            samples.append(Sample(name: name.rawValue, labels: labels, value: value))
        }
    }

    /// Takes `{name="value",…}` from the beginning of a line.
    private static func labels(_ rest: inout Substring) -> [String: String] {
        var labels: [String: String] = [:]
        rest.removeFirst()
        while let first = rest.first, first != "}" {
            let name = rest.prefix { $0 != "=" && $0 != "}" }
            rest = rest[name.endIndex...].dropFirst()
            guard rest.first == "\"" else { break }
            rest.removeFirst()
            var value = ""
            var isEscaped = false
            while let character = rest.popFirst() {
                if isEscaped {
                    value.append(character == "n" ? "\n" : character)
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    break
                } else {
                    value.append(character)
                }
            }
            labels[name.trimmingPrefix { $0 == " " }.description] = value
            rest = rest.drop { $0 == "," || $0 == " " }
        }
        rest = rest.dropFirst()
        return labels
    }

    /// The samples of a metric; of those with a `cache_name` only the one asked for.
    func samples(_ name: Name, cache: String?) -> [Sample] {
        samples.filter { sample in
            guard sample.name == name.rawValue else { return false }
            guard let cache, let own = sample.labels["cache_name"] else { return true }
            return own == cache
        }
    }

    /// The sum over all caches, or of one; `nil` without any sample.
    func sum(_ name: Name, cache: String?, where isWanted: (Sample) -> Bool = { _ in true }) -> Double? {
        let found = samples(name, cache: cache).filter(isWanted)
        return found.isEmpty ? nil : found.reduce(0) { $0 + $1.value }
    }
}
