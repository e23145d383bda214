/// The text formats in which metrics are handed out.
public enum ExpositionFormat: Hashable, Sendable {
    /// What Prometheus has always read, version 0.0.4.
    case prometheus
    /// OpenMetrics 1.0, which has exemplars.
    case openMetrics

    /// What `Content-Type` says.
    public var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// The format that suits an `Accept` header best.
    ///
    /// Types are weighed by their `q` (RFC 9110, section 12.5.1); of equal ones OpenMetrics is taken, since only who knows it names it. Without a header, or
    /// with one that names neither, it is the older format.
    ///
    /// - Parameter accept: The header's value; several are joined by commas.
    public init(accepting accept: String?) {
        var best = (weight: 0.0, format: ExpositionFormat.prometheus)
        for range in (accept ?? "").split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.trimmingSpaces.lowercased() }
            let weight =
                parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            switch parts.first {
            case "application/openmetrics-text"
            where weight >= best.weight && weight > 0 && Self.isKnown(parts.dropFirst()):
                best = (weight, .openMetrics)
            case "text/plain", "text/*", "*/*":
                if weight > best.weight { best = (weight, .prometheus) }
            default: break
            }
        }
        self = best.format
    }

    /// Whether the version asked for is one that is written.
    private static func isKnown(_ parameters: some Sequence<String>) -> Bool {
        parameters.allSatisfy { !$0.hasPrefix("version=") || ["version=1.0.0", "version=0.0.1"].contains($0) }
    }
}

extension Substring {
    /// Without spaces and tabs at both ends.
    fileprivate var trimmingSpaces: Substring {
        var rest = self
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
