import NIOCore
import StrataTiering

/// The servers that a client knows, each with its connections; made when they are first asked for.
final class NodeTable: Sendable {
    private struct State {
        var nodes: [RedisEndpoint: RedisNode] = [:]
        var isClosed = false
    }

    private let state = Guarded(State())
    private let group: any EventLoopGroup
    private let environment: LaneEnvironment

    init(group: any EventLoopGroup, environment: LaneEnvironment) {
        self.group = group
        self.environment = environment
    }

    /// The connections to a server.
    ///
    /// - Throws: ``RedisError/Code/closed`` after ``shutdown(grace:)``.
    func node(_ endpoint: RedisEndpoint) throws(RedisError) -> RedisNode {
        let node = state.withLock { state -> RedisNode? in
            if let node = state.nodes[endpoint] { return node }
            if state.isClosed { return nil }
            let node = RedisNode(endpoint, group: group, environment: environment)
            state.nodes[endpoint] = node
            return node
        }
        guard let node, !isClosed else { throw RedisError(.closed, "the client was shut down") }
        return node
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// The servers there are connections for.
    var endpoints: [RedisEndpoint] { state.withLock { Array($0.nodes.keys) } }

    /// The servers there are connections for, with these.
    var all: [RedisNode] { state.withLock { Array($0.nodes.values) } }

    /// Forgets servers that have left, after their outstanding answers have come.
    func retain(_ endpoints: Set<RedisEndpoint>) {
        let leaving = state.withLock { state in
            let leaving = state.nodes.filter { !endpoints.contains($0.key) }
            for endpoint in leaving.keys { state.nodes[endpoint] = nil }
            return leaving.values
        }
        for node in leaving { Task { await node.shutdown(grace: .seconds(5)) } }
    }

    func shutdown(grace: Duration) async {
        let nodes = state.withLock { state in
            state.isClosed = true
            return Array(state.nodes.values)
        }
        await withTaskGroup { group in
            for node in nodes { group.addTask { await node.shutdown(grace: grace) } }
        }
    }
}
