/// How much a finding matters.
///
/// Ordered: a later one matters more.
public enum Severity: String, Sendable, CaseIterable, Comparable, Codable {
    /// Worth knowing: saves memory or time where the code is hot.
    case note
    /// Costs time or memory on any path that runs often.
    case warning
    /// Wrong under concurrent use, or grows without end.
    case error

    /// Whether the first matters less than the second.
    public static func < (first: Severity, second: Severity) -> Bool { first.rank < second.rank }

    private var rank: Int {
        switch self {
        case .note: 0
        case .warning: 1
        case .error: 2
        }
    }
}
