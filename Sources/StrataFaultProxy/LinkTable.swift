import NIOCore
import StrataTesting
import StrataTiering

/// The connections of a proxy, and what they suffer.
///
/// Each connection has a lot between 0 and 1, drawn when it begins: what befalls a part of the connections befalls those with the lowest.
final class LinkTable: Sendable {
    /// One of the two ways.
    enum Direction: Sendable {
        /// To the server.
        case requests
        /// To the client.
        case answers
    }

    /// What a part of the connections suffer.
    struct Hold: Sendable {
        /// The ways that carry nothing.
        var directions: [Direction]
        /// The part of the connections.
        var part: Double
    }

    private struct Connection {
        var lot: Double
        var relays: [RelayHandle] = []
        let client: any Channel
    }

    private struct State {
        var latency = Duration.zero
        var isStalled = false
        var refusedPart = 0.0
        var delays: [Int: Duration] = [:]
        var held: [Int: Hold] = [:]
        var connections: [ObjectIdentifier: Connection] = [:]
        var random = SeededRandom(seed: 0)
    }

    private let state = Guarded(State())

    var latency: Duration {
        get { state.withLock { $0.latency } }
        set { state.withLock { $0.latency = newValue } }
    }

    var isStalled: Bool {
        get { state.withLock { $0.isStalled } }
        set {
            state.withLock { $0.isStalled = newValue }
            if !newValue { deliver() }
        }
    }

    var refusedPart: Double {
        get { state.withLock { $0.refusedPart } }
        set { state.withLock { $0.refusedPart = newValue } }
    }

    var connectionCount: Int { state.withLock { $0.connections.count } }

    /// Begins to draw lots by a seed.
    func seed(_ seed: UInt64) { state.withLock { $0.random = SeededRandom(seed: seed) } }

    /// Sets or ends a delay up to a limit.
    func setDelay(_ limit: Duration?, number: Int) { state.withLock { $0.delays[number] = limit } }

    /// Holds back what a part of the connections carry, or lets it pass again.
    func setHold(_ hold: Hold?, number: Int) {
        state.withLock { $0.held[number] = hold }
        if hold == nil { deliver() }
    }

    /// Takes in a connection, or refuses it.
    func accept(_ client: any Channel) -> Bool {
        let identifier = ObjectIdentifier(client)
        let isAccepted = state.withLock { state in
            let lot = Double(state.random.next() >> 11) / 0x1p53
            guard lot >= state.refusedPart else { return false }
            state.connections[identifier] = Connection(lot: lot, client: client)
            return true
        }
        if isAccepted {
            client.closeFuture.whenComplete { _ in self.state.withLock { $0.connections[identifier] = nil } }
        }
        return isAccepted
    }

    /// Passes on what comes from one side of a connection.
    func join(_ source: any Channel, to target: any Channel, _ direction: Direction, client: any Channel) throws {
        let identifier = ObjectIdentifier(client)
        let lot = state.withLock { $0.connections[identifier]?.lot ?? 0 }
        let relay = Relay(to: target, links: self, direction, lot: lot)
        try source.pipeline.syncOperations.addHandler(relay)
        let handle = RelayHandle(relay: NIOLoopBound(relay, eventLoop: source.eventLoop), channel: source)
        state.withLock { $0.connections[identifier]?.relays.append(handle) }
    }

    /// How much longer the next piece takes.
    func delay() -> Duration {
        state.withLock { state in
            var delay = state.latency
            for number in state.delays.keys.sorted() {
                delay += state.random.duration(in: .zero...(state.delays[number] ?? .zero))
            }
            return delay
        }
    }

    /// Whether one way of a connection carries nothing.
    func isHeld(_ direction: Direction, lot: Double) -> Bool {
        state.withLock { state in
            state.isStalled || state.held.values.contains { $0.directions.contains(direction) && lot < $0.part }
        }
    }

    /// Ends a part of the connections there are.
    func cut(part: Double) {
        let channels = state.withLock { state in
            state.connections.values.filter { $0.lot < part }.flatMap { [$0.client] + $0.relays.map(\.channel) }
        }
        for channel in channels { channel.close(promise: nil) }
    }

    private func deliver() {
        let relays = state.withLock { $0.connections.values.flatMap(\.relays) }
        for handle in relays { handle.channel.eventLoop.execute { handle.relay.value.deliver() } }
    }
}

/// One way of a connection, as other threads know it.
private struct RelayHandle: Sendable {
    var relay: NIOLoopBound<Relay>
    var channel: any Channel
}
