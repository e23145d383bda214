public import StrataMonitor
import Synchronization

/// What a monitor sees of a client: commands answered and failed, and the connections to each server.
///
/// ```swift
/// let registration = try MapRegistry.shared.register(client, name: "sessions")
/// ```
extension RedisClient: TierFigureSource {
    /// The figures of this moment.
    ///
    /// - Complexity: O(connections).
    public func tierFigures() -> TierFigures {
        var figures = TierFigures()
        // relaxed: counters.
        let failures = failedCommandCount.load(ordering: .relaxed)
        figures.tiers = [
            .init(
                name: "remote", hitTotal: answeredCommandCount.load(ordering: .relaxed), failureTotal: failures)
        ]
        figures.servers = nodes.all.map { node in
            // relaxed: hints, see there.
            .init(
                name: "\(node.endpoint)",
                connectionCount: node.lanes.count { $0.isUsable.load(ordering: .relaxed) },
                callCount: node.lanes.reduce(0) { $0 + max($1.load.load(ordering: .relaxed), 0) })
        }.sorted { $0.name < $1.name }
        figures.staleServedTotal = nil
        figures.queueDepth = nil
        return figures
    }
}
