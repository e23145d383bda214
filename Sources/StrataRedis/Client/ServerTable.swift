import StrataTiering

/// What servers said of themselves when they were connected to.
final class ServerTable: Sendable {
    private let state = Guarded<[RedisEndpoint: ServerInformation]>([:])

    func connected(_ endpoint: RedisEndpoint, _ information: ServerInformation) {
        state.withLock { $0[endpoint] = information }
    }

    var all: [RedisEndpoint: ServerInformation] { state.withLock { $0 } }

    /// Whether anything has been connected to yet.
    var isKnown: Bool { state.withLock { !$0.isEmpty } }

    /// Whether every server known so far lets fields have deadlines; false while none is known.
    var haveFieldDeadlines: Bool { state.withLock { !$0.isEmpty && $0.values.allSatisfy(\.hasFieldDeadlines) } }

    func retain(_ endpoints: Set<RedisEndpoint>) {
        state.withLock { servers in servers = servers.filter { endpoints.contains($0.key) } }
    }
}
