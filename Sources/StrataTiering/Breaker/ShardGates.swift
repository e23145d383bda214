/// The gates of all shards, made when they are first needed.
final class ShardGates: Sendable {
    private let gates = Guarded<[Int: ShardGate]>([:])
    private let make: @Sendable () -> ShardGate

    init(make: @escaping @Sendable () -> ShardGate) { self.make = make }

    /// The gate of a shard.
    subscript(shard: ShardID) -> ShardGate {
        gates.withLock { gates in
            if let gate = gates[shard.index] { return gate }
            let gate = make()
            gates[shard.index] = gate
            return gate
        }
    }

    /// All gates that there are, by the number of their shards.
    var all: [(shard: Int, gate: ShardGate)] {
        gates.withLock { gates in gates.map { ($0.key, $0.value) } }.sorted { $0.shard < $1.shard }
    }
}
