import Strata

/// How many replies were errors, by the code they begin with.
final class ErrorStatistics: Sendable {
    /// Codes beyond this many are not told apart; somebody could make them up.
    private static let maximumCodeCount = 128
    private let counts = Locked<[String: Int]>([:])

    /// Counts an error reply.
    func count(_ text: String) {
        let code = String(text.prefix { $0 != " " })
        counts.withLock { counts in
            guard counts[code] != nil || counts.count < Self.maximumCodeCount else { return }
            counts[code, default: 0] += 1
        }
    }

    /// The counts by code, in the order of the codes.
    func all() -> [(code: String, count: Int)] {
        counts.withLock { $0.map { ($0.key, $0.value) } }.sorted { $0.code < $1.code }
    }

    /// The count of all errors.
    var total: Int { counts.withLock { $0.values.reduce(0, +) } }

    /// Forgets everything.
    func reset() {
        counts.withLock { $0 = [:] }
    }
}
