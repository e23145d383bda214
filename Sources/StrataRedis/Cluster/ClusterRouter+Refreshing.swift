import Logging
import NIOCore
import StrataRESP
import StrataTiering

extension ClusterRouter {
    private static let minimumInterval = TimeAmount.milliseconds(100)
    /// How long one member may take to tell the layout before the next is asked.
    private static let patience = TimeAmount.milliseconds(500)

    /// Asks members for the layout, one after the other, until one tells it.
    func performRefresh(last: NIODeadline?) async {
        if let last {
            let pause = last + Self.minimumInterval - .now()
            if pause > .zero { try? await Task.sleep(for: .nanoseconds(pause.nanoseconds)) }
        }
        var failure = RedisError(.unavailable, "no member of the cluster tells its layout")
        var topology: ClusterTopology?
        for endpoint in candidates() {
            do throws(RedisError) {
                let shards = try await ask(endpoint)
                let known = self.topology ?? ClusterTopology()
                topology = known.updated(with: shards)
                break
            } catch {
                failure = error
            }
        }
        finishRefresh(topology, failure)
    }

    /// Members in the order in which to ask them: primaries that are known, then whatever else is.
    private func candidates() -> [RedisEndpoint] {
        let topology = topology
        let primaries = (topology?.shards.filter { !$0.slots.isEmpty }.map(\.primary) ?? []).shuffled()
        var seen: Set<RedisEndpoint> = []
        let replicas = (topology?.shards.flatMap(\.replicas) ?? []).shuffled()
        return (primaries + replicas + configuration.endpoints).filter { seen.insert($0).inserted }
    }

    private func ask(_ endpoint: RedisEndpoint) async throws(RedisError) -> [ClusterTopology.Shard] {
        let lane = try nodes.node(endpoint).lane
        let deadline = NIODeadline.now() + Self.patience
        let shardsCommand = ["CLUSTER", "SHARDS"].map { Array($0.utf8) }
        let reply = try await lane.call([shardsCommand], effect: .readOnly, deadline: deadline)[0]
        if let shards = ClusterTopology.shards(in: reply, asked: endpoint, usesTLS: configuration.tls != nil) {
            return try Self.checked(shards, endpoint)
        }
        let slotsCommand = ["CLUSTER", "SLOTS"].map { Array($0.utf8) }
        let older = try await lane.call([slotsCommand], effect: .readOnly, deadline: deadline)[0]
        if let message = older.errorMessage {
            throw RedisError(
                message.hasPrefix("NOPERM") ? .denied : .unavailable, "\(endpoint) doesn't tell the layout: \(message)")
        }
        guard let shards = ClusterTopology.shards(inSlots: older, asked: endpoint) else {
            throw RedisError(.malformedAnswer, "\(endpoint) tells a layout that can't be understood")
        }
        return try Self.checked(shards, endpoint)
    }

    private static func checked(
        _ shards: [ClusterTopology.Shard], _ endpoint: RedisEndpoint
    ) throws(RedisError) -> [ClusterTopology.Shard] {
        // Somebody who was just reset, or hasn't joined yet, knows nobody.
        guard shards.contains(where: { !$0.slots.isEmpty }) else {
            throw RedisError(.unavailable, "\(endpoint) knows of no slots")
        }
        return shards
    }

    private func finishRefresh(_ topology: ClusterTopology?, _ failure: RedisError) {
        let observers = state.withLock { state in
            state.refresh = nil
            state.lastRefresh = .now()
            guard let topology else {
                state.failure = failure
                return [@Sendable (ClusterTopology) -> Void]()
            }
            state.failure = nil
            let isChanged = state.topology != topology
            state.topology = topology
            if isChanged { owners.update(to: topology) }
            return isChanged ? Array(state.observers.values) : []
        }
        guard let topology, !observers.isEmpty || !nodes.endpoints.isEmpty else { return }
        let members = topology.endpoints.union(configuration.endpoints)
        nodes.retain(members)
        servers.retain(members)
        for observer in observers { observer(topology) }
    }
}
