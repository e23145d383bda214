/// The beginnings of the keys that a stream of invalidations is about.
struct TrackingPrefixes: Sendable {
    /// What the user wants to hear of.
    let observed: [[UInt8]]
    /// What the server is asked for: no prefix begins with another, which servers refuse.
    ///
    /// One empty prefix stands for all keys.
    let requested: [[UInt8]]

    /// - Parameter observed: What the user wants to hear of; the store's own keys are added.
    init(_ observed: [[UInt8]]) {
        self.observed = Self.normalized(observed)
        requested = Self.normalized(observed + [StoreKeys.leasePrefix, StoreKeys.canaryPrefix])
    }

    /// Without those that begin with another one.
    ///
    /// - Complexity: O(n · log n) comparisons of prefixes.
    static func normalized(_ prefixes: [[UInt8]]) -> [[UInt8]] {
        var kept: [[UInt8]] = []
        // In lexicographical order whatever begins with a prefix follows it.
        for prefix in prefixes.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            if let last = kept.last, prefix.starts(with: last) { continue }
            kept.append(prefix)
        }
        return kept
    }

    /// Whether the user wants to hear of a key.
    func isObserved(_ key: [UInt8]) -> Bool { observed.contains { key.starts(with: $0) } }

    /// What turns the reports on.
    ///
    /// Source: Redis command reference, `CLIENT TRACKING`.
    var command: RedisCommand {
        var arguments = ["TRACKING", "ON", "BCAST"].bytes
        for prefix in requested where !prefix.isEmpty { arguments += [Array("PREFIX".utf8), prefix] }
        return RedisCommand("CLIENT", bytes: arguments)
    }
}
