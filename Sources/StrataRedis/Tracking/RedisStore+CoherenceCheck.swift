import StrataRESP
public import StrataTiering

/// Whether the changes of a shard are reported to this process.
public enum CoherenceStatus: Hashable, Sendable {
    /// A change made for the purpose was reported after this time.
    case coherent(lag: Duration)
    /// None was; what is known of why.
    case degraded(reason: String)
}

extension RedisStore {
    /// Tests whether invalidations arrive: makes a change on each shard and waits until it is reported.
    ///
    /// To be called at start-up, before anybody relies on it, and loudly complained about if it fails. Uses connections of its own.
    ///
    /// - Parameter timeout: How long a report may take, connecting included.
    /// - Returns: What was found for each shard.
    /// - Throws: ``RemoteStoreError/Code/unavailable`` if the shards can't be found out.
    public func checkCoherence(timeout: Duration = .seconds(2)) async throws(RemoteStoreError) -> [ShardID:
        CoherenceStatus]
    {
        try await connect(deadline: clock.now().advanced(by: timeout))
        // A shard without slots has no keys, and none to test it with.
        let shards = client.cluster?.topology?.shards.filter { !$0.slots.isEmpty }.map(\.id) ?? [.single]
        let found = CoherenceFindings(shards)
        var environment = client.environment
        environment.configuration.canaryInterval = environment.configuration.canaryInterval ?? .milliseconds(100)
        let context = ShardStream.Context(
            prefixes: TrackingPrefixes([]), environment: environment, live: LiveStreams(), nextEpoch: { 0 },
            receive: { event in
                switch event {
                case .canary(let shard, let lag): found.set(shard, .coherent(lag: lag))
                case .disconnected(let shard, let reason): found.note(shard, reason)
                case .connected(let shard, _): found.note(shard, "no change was reported in time")
                default: break
                }
            }, onTrouble: { found.note($0, $1) }, onUnsupported: { error in found.failed(error.description) })
        var watch = ShardWatch(context, group: client.group, makeToken: { self.makeToken() })
        if let topology = client.cluster?.topology {
            await watch.follow(topology)
        } else {
            watch.watch(client.configuration.endpoints[0])
        }
        let deadline = clock.now().advanced(by: timeout)
        while !found.isComplete, clock.now() < deadline {
            guard (try? await Task.sleep(for: .milliseconds(2))) != nil else { break }
        }
        let result = found.result
        await watch.stop()
        return result
    }
}

/// What a test of coherence has found so far.
private final class CoherenceFindings: Sendable {
    private let state: Guarded<[ShardID: CoherenceStatus]>

    init(_ shards: [ShardID]) {
        let unknown = CoherenceStatus.degraded(reason: "no connection for invalidations could be made in time")
        state = Guarded(Dictionary(uniqueKeysWithValues: shards.map { ($0, unknown) }))
    }

    var result: [ShardID: CoherenceStatus] { state.withLock { $0 } }

    var isComplete: Bool {
        state.withLock { state in
            state.values.allSatisfy { if case .coherent = $0 { true } else { false } }
        }
    }

    func set(_ shard: ShardID, _ status: CoherenceStatus) {
        state.withLock { state in if state[shard] != nil { state[shard] = status } }
    }

    func note(_ shard: ShardID, _ reason: String) {
        state.withLock { state in
            guard case .degraded = state[shard] else { return }
            state[shard] = .degraded(reason: reason)
        }
    }

    func failed(_ reason: String) {
        state.withLock { state in
            for (shard, status) in state {
                if case .degraded = status { state[shard] = .degraded(reason: reason) }
            }
        }
    }
}
