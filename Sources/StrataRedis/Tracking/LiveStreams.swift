import StrataTiering

/// The streams of a store that report changes at this moment.
///
/// **Concurrency:** from any thread.
final class LiveStreams: Sendable {
    private struct Entry {
        let stream: ObjectIdentifier
        let shard: ShardID
        let prefixes: TrackingPrefixes
    }

    private let entries = Guarded<[Entry]>([])

    func add(_ stream: ShardStream, _ shard: ShardID, _ prefixes: TrackingPrefixes) {
        let entry = Entry(stream: ObjectIdentifier(stream), shard: shard, prefixes: prefixes)
        entries.withLock { $0.append(entry) }
    }

    func remove(_ stream: ShardStream) {
        let identifier = ObjectIdentifier(stream)
        entries.withLock { $0.removeAll { $0.stream == identifier } }
    }

    /// Whether changes of a key on a shard are reported.
    ///
    /// - Complexity: O(streams × prefixes).
    func report(_ key: [UInt8], on shard: ShardID) -> Bool {
        entries.withLock { entries in entries.contains { $0.shard == shard && $0.prefixes.isObserved(key) } }
    }
}
