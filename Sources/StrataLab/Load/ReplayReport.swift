import Histogram

/// What a replay measured.
package struct ReplayReport: Sendable {
    /// Lookups that found a value.
    package var hitCount: Int
    /// Lookups that found none.
    package var missCount: Int
    /// Values stored.
    package var storedCount: Int
    /// Requests answered with an error.
    package var errorCount: Int
    /// The first error's text.
    package var firstError: String?
    /// The time from the first request to the last reply.
    package var seconds: Double
    /// How long lookups waited for their reply.
    package var lookups: Latencies
    /// How long stores waited for their reply.
    package var stores: Latencies

    /// Percentiles of waiting times in nanoseconds.
    package struct Latencies: Sendable, Equatable {
        /// The percentiles that are kept.
        static let percentiles = [50.0, 90, 99, 99.9]
        /// How many times there were.
        package var count: UInt64
        /// One value for each of ``percentiles``.
        package var values: [UInt64]
        /// The longest.
        package var maximum: UInt64

        /// Reads the percentiles off a histogram.
        init(_ histogram: Histogram<UInt64>) {
            let isEmpty = histogram.totalCount == 0
            self.count = histogram.totalCount
            self.values = Self.percentiles.map { isEmpty ? 0 : histogram.valueAtPercentile($0) }
            self.maximum = isEmpty ? 0 : histogram.max
        }
    }

    /// Lookups answered with a value or its absence.
    package var lookupCount: Int { hitCount + missCount }

    /// The share of lookups that were hits.
    package var hitRatio: Double {
        lookupCount == 0 ? 0 : Double(hitCount) / Double(lookupCount)
    }

    /// Commands answered per second, stores included.
    package var commandsPerSecond: Double {
        seconds > 0 ? Double(lookupCount + storedCount + errorCount) / seconds : 0
    }
}

// MARK: - For people

extension ReplayReport {
    /// The report as lines of text.
    package var text: String {
        var rows = [
            ("requests", "\(lookupCount)"),
            ("hits", "\(hitCount)"),
            ("misses", "\(missCount)"),
            ("hit ratio", Self.fixed(hitRatio, digits: 4)),
            ("rate", "\(Int(commandsPerSecond)) commands/s (HGET and HSET) over \(Self.fixed(seconds, digits: 2)) s"),
            ("HGET latency", Self.line(lookups)),
        ]
        if storedCount > 0 {
            rows.append(("HSET latency", Self.line(stores)))
        }
        if errorCount > 0 {
            rows.append(("errors", "\(errorCount), the first: \(firstError ?? "")"))
        }
        return rows.map { $0.0 + String(repeating: " ", count: 14 - $0.0.count) + $0.1 + "\n" }.joined()
    }

    private static func line(_ latencies: Latencies) -> String {
        let parts = zip(["P50", "P90", "P99", "P99.9"], latencies.values).map { "\($0) \(duration($1))" }
        return (parts + ["max \(duration(latencies.maximum))"]).joined(separator: "  ")
    }

    /// A time in the unit that suits it.
    static func duration(_ nanoseconds: UInt64) -> String {
        switch nanoseconds {
        case ..<1_000: "\(nanoseconds) ns"
        case ..<1_000_000: "\(fixed(Double(nanoseconds) / 1e3, digits: 1)) µs"
        case ..<1_000_000_000: "\(fixed(Double(nanoseconds) / 1e6, digits: 2)) ms"
        default: "\(fixed(Double(nanoseconds) / 1e9, digits: 2)) s"
        }
    }

    /// A number with a fixed count of decimals.
    static func fixed(_ value: Double, digits: Int) -> String {
        var factor = 1.0
        for _ in 0..<digits { factor *= 10 }
        let scaled = Int((value.magnitude * factor).rounded())
        let whole = scaled / Int(factor)
        let fraction = String(scaled % Int(factor))
        let padding = String(repeating: "0", count: digits - fraction.count)
        return "\(value < 0 ? "-" : "")\(whole).\(padding)\(fraction)"
    }
}
