/// Over how much time alert rules look.
public enum AlertWindows: String, Sendable, CaseIterable {
    /// Minutes: for people on call.
    case usual
    /// Seconds: for trying things out, and for tests.
    case short

    /// Over how much time rates are taken, in Prometheus' notation.
    var rate: String { self == .usual ? "5m" : "15s" }
    /// How often rules are evaluated.
    var interval: String { self == .usual ? "30s" : "1s" }
    /// For how many seconds something must hold before it is a warning.
    var warningSeconds: Int { self == .usual ? 300 : 2 }
    /// For how many seconds something must hold before it is critical.
    var criticalSeconds: Int { self == .usual ? 120 : 2 }
}

/// Alert rules for Prometheus, in pairs of warning and critical, with thresholds of one's own.
///
/// ```swift
/// let rules = try AlertRules(thresholds: ["hit-ratio-warning=0.9"], windows: "usual")
/// print(rules.text)
/// ```
public struct AlertRules: Sendable {
    private let pairs: [AlertPair]
    private let windows: AlertWindows

    /// The names that thresholds have: that of a pair, and `-warning` or `-critical`.
    public static var thresholdNames: [String] {
        AlertPair.all.flatMap { ["\($0.key)-warning", "\($0.key)-critical"] }
    }

    /// Rules.
    ///
    /// - Parameters:
    ///   - thresholds: As name=value, each for one of ``thresholdNames``; of two for the same, the last counts.
    ///   - windows: The name of one of ``AlertWindows``.
    /// - Throws: ``AlertRulesError``.
    public init(thresholds: [String] = [], windows: String = AlertWindows.usual.rawValue) throws(AlertRulesError) {
        guard let windows = AlertWindows(rawValue: windows) else { throw .unknownWindows(windows) }
        self.windows = windows
        var pairs = AlertPair.all
        for threshold in thresholds {
            let parts = threshold.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw .thresholdIsNoPair(threshold) }
            let name = String(parts[0])
            guard let index = pairs.firstIndex(where: { name == "\($0.key)-warning" || name == "\($0.key)-critical" })
            else { throw .unknownThreshold(name) }
            let range = pairs[index].range
            guard let value = Double(parts[1]), range.contains(value) else {
                throw .thresholdIsOutOfRange(name: name, value: String(parts[1]), range: range)
            }
            if name.hasSuffix("-warning") { pairs[index].warning = value } else { pairs[index].critical = value }
        }
        for pair in pairs where pair.isBelow ? pair.critical > pair.warning : pair.critical < pair.warning {
            throw .criticalComesFirst(key: pair.key, warning: pair.warning, critical: pair.critical)
        }
        self.pairs = pairs
    }

    /// The rules as a file for Prometheus.
    public var text: String {
        var lines = [
            "# Alert rules for caches, in pairs: a critical alert silences the warning of the same name and cache (see alertmanager.yml).",
            "# Made by 'strata rules', which takes other thresholds and windows.",
            "groups:",
            "  - name: strata-figures",
            "    interval: \(windows.interval)",
            "    rules:",
        ]
        for (name, expression) in Self.recordings {
            lines += ["      - record: \(name)", "        expr: >-"]
            lines += expression.map { "          " + $0.replacing("WINDOW", with: windows.rate) }
        }
        lines += ["  - name: strata-alerts", "    interval: \(windows.interval)", "    rules:"]
        for pair in pairs {
            lines += rule(pair, severity: "warning", level: 1, threshold: pair.warning, seconds: windows.warningSeconds)
            lines += rule(
                pair, severity: "critical", level: 2, threshold: pair.critical, seconds: windows.criticalSeconds)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Figures that rules and dashboards share.
    private static let recordings: [(name: String, expression: [String])] = [
        (
            "cache:requests:rate",
            [
                "sum by (job, instance, cache_name) (rate(cache_hits_total[WINDOW]))",
                "+ sum by (job, instance, cache_name) (rate(cache_misses_total[WINDOW]))",
            ]
        ),
        (
            "cache:hit_ratio",
            ["sum by (job, instance, cache_name) (rate(cache_hits_total[WINDOW])) / (cache:requests:rate > 0)"]
        ),
        (
            "cache:request_duration_seconds:p99",
            [
                "histogram_quantile(0.99,",
                "sum by (job, instance, cache_name, le) (rate(cache_request_duration_seconds_bucket[WINDOW])))",
            ]
        ),
        (
            "cache:evictions:share_per_minute",
            [
                "60 * sum by (job, instance, cache_name) (rate(cache_evictions_total[WINDOW]))",
                "/ (sum by (job, instance, cache_name) (cache_entries) > 0)",
            ]
        ),
    ]

    private func rule(
        _ pair: AlertPair, severity: String, level: Int, threshold: Double, seconds: Int
    ) -> [String] {
        let comparison = "\(pair.value) \(pair.isBelow ? "<" : ">") \(Self.text(threshold))"
        let expression = (pair.condition.isEmpty ? comparison : "\(comparison) \(pair.condition)")
            .replacing("WINDOW", with: windows.rate).replacing("LEVEL", with: "\(level)")
        return [
            "      - alert: \(pair.name)",
            "        expr: \(expression)",
            "        for: \(pair.seconds ?? seconds)s",
            "        labels:",
            "          severity: \(severity)",
            "        annotations:",
            "          summary: \"\(pair.summary)\"",
            "          description: \"\(pair.advice)\"",
        ]
    }

    /// A number as short as it can be.
    static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}
