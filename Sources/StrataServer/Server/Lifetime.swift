import Strata

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// When the server was started, and how this run of it is told from others.
final class Lifetime: Sendable {
    /// In ticks.
    let startedAt: Int64
    /// Seconds since 1970.
    let startedAtUnixSeconds: Int
    let processIdentifier = Int(getpid())
    private let identifiers = Locked((run: "", replication: ""))

    init(now: Int64) {
        startedAt = now
        startedAtUnixSeconds = MonotonicClock.unixMicroseconds() / 1_000_000
        identifiers.withLock { $0 = (Self.randomIdentifier(), Self.randomIdentifier()) }
    }

    /// Forty hexadecimal digits that no other run has.
    var runIdentifier: String { identifiers.withLock { $0.run } }

    /// Forty hexadecimal digits for the history of the data.
    var replicationIdentifier: String { identifiers.withLock { $0.replication } }

    /// Draws another ``replicationIdentifier``.
    func changeReplicationIdentifier() {
        let identifier = Self.randomIdentifier()
        identifiers.withLock { $0.replication = identifier }
    }

    private static func randomIdentifier() -> String {
        let digits = Array("0123456789abcdef")
        return String((0..<40).map { _ in digits[Int.random(in: 0..<16)] })
    }
}
