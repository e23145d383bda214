import NIOCore
public import StrataRESP
import StrataTiering

/// A connection that one user has alone: for what the shared ones refuse, as `WATCH` with `MULTI`, blocking commands, `SELECT`,
/// `SUBSCRIBE` and `CLIENT TRACKING`.
///
/// What the connection is (its database, watched keys, subscriptions) ends with it, so it isn't made again: when it is lost, every
/// further call fails with ``RedisError/Code/closed``, and a new session is to be opened.
///
/// **Concurrency:** everything here may be called from any task. Commands are carried out in the order of the calls.
public final class RedisSession: LaneObserver, Sendable {
    /// The server it is connected to.
    public let endpoint: RedisEndpoint
    private let receive: @Sendable ([RESPValue]) -> Void
    private let lane = Guarded<ConnectionLane?>(nil)
    private let ended: @Sendable (RedisError) -> Void

    init(
        _ endpoint: RedisEndpoint, on eventLoop: any EventLoop, environment: LaneEnvironment,
        receive: @escaping @Sendable ([RESPValue]) -> Void, ended: @escaping @Sendable (RedisError) -> Void
    ) {
        self.endpoint = endpoint
        self.receive = receive
        self.ended = ended
        let lane = ConnectionLane(endpoint, on: eventLoop, environment: environment, observer: self, isSession: true)
        self.lane.withLock { $0 = lane }
    }

    deinit {
        if let lane = lane.withLock({ $0 }) { Task { await lane.shutdown(grace: .zero) } }
    }

    /// Sends a command and waits for its reply.
    ///
    /// For a subscription command with several channels, the reply is that for the last.
    ///
    /// - Parameters:
    ///   - command: Any command but `MONITOR`, `SYNC`, `PSYNC`, `HELLO`, `QUIT`, and `CLIENT REPLY`.
    ///   - timeout: When to give up; `nil` for never. A command that is given up may still be carried out.
    /// - Returns: What the server answers, an error included.
    /// - Throws: ``RedisError`` if there is no answer.
    public func send(_ command: RedisCommand, timeout: Duration? = nil) async throws(RedisError) -> RESPValue {
        let name = command.name
        guard !command.arguments.isEmpty, !Self.refused.contains(name) else {
            throw RedisError(.invalidRequest, "\(name) can't be sent here")
        }
        if name == "CLIENT", command.arguments.count > 1,
            String(decoding: command.arguments[1], as: UTF8.self).uppercased() == "REPLY"
        {
            throw RedisError(.invalidRequest, "CLIENT REPLY can't be sent here")
        }
        guard let lane = lane.withLock({ $0 }) else {
            throw RedisError(.closed, "the session with \(endpoint) has ended")
        }
        let deadline = timeout.map { .now() + TimeAmount($0) } ?? NIODeadline.distantFuture
        if Self.subscribing.contains(name) {
            guard command.arguments.count > 1 else {
                throw RedisError(.invalidRequest, "\(name) needs the names of channels here")
            }
            // One by one, so that each has one answer.
            let commands = command.arguments.dropFirst().map { [command.arguments[0], $0] }
            return try await lane.call(commands, effect: .write, deadline: deadline, isConfirmedByPush: true).last
                ?? .null
        }
        return try await lane.call([command.arguments], effect: command.effect, deadline: deadline)[0]
    }

    /// Ends the connection.
    public func close() async { await take()?.shutdown(grace: .zero) }

    /// Whether calls can still be made.
    public var isOpen: Bool { lane.withLock { $0 != nil } }

    private func take() -> ConnectionLane? {
        lane.withLock { lane in
            defer { lane = nil }
            return lane
        }
    }

    private func end(_ reason: RedisError) {
        guard let lane = take() else { return }
        ended(reason)
        Task { await lane.shutdown(grace: .zero) }
    }

    func laneDidConnect(_ information: ServerInformation) {}

    func laneDidReceive(_ push: [RESPValue]) { receive(push) }

    func laneDidDisconnect(_ reason: RedisError) { end(reason) }

    func laneDidFail(_ reason: RedisError) { end(reason) }

    private static let refused: Set<String> = ["MONITOR", "SYNC", "PSYNC", "HELLO", "QUIT", "RESET"]
    private static let subscribing: Set<String> = [
        "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE",
    ]
}

extension RedisClient {
    /// Opens a connection of its own.
    ///
    /// - Parameters:
    ///   - key: In a cluster, whose server to connect to; `nil` for any. Redirects aren't followed.
    ///   - timeout: When to give up; ``RedisConfiguration/connectTimeout`` if `nil`.
    ///   - receive: Is given push messages (subscriptions, invalidations) in order, on an event loop: it must be quick.
    ///   - ended: Is told, once, why the connection ended, unless ``RedisSession/close()`` ended it.
    /// - Returns: The session; connected.
    /// - Throws: ``RedisError``.
    public func openSession(
        for key: [UInt8]? = nil, timeout: Duration? = nil,
        receiving receive: @escaping @Sendable ([RESPValue]) -> Void = { _ in },
        ended: @escaping @Sendable (RedisError) -> Void = { _ in }
    ) async throws(RedisError) -> RedisSession {
        let deadline = NIODeadline.now() + TimeAmount(timeout ?? configuration.connectTimeout)
        guard !nodes.isClosed else { throw RedisError(.closed, "the client was shut down") }
        var endpoint = configuration.endpoints[0]
        if let cluster {
            let topology = try await cluster.currentTopology(deadline: deadline)
            let slot = key.map { HashSlot(of: $0).number }
            let shard = slot.map { topology.shard(ofSlot: $0) } ?? topology.shards.first { !$0.slots.isEmpty }
            guard let shard else { throw RedisError(.unavailable, "nobody in the cluster has the key") }
            endpoint = shard.primary
        }
        let session = RedisSession(
            endpoint, on: group.next(), environment: environment, receive: receive, ended: ended)
        let patience = max(deadline - .now(), .zero)
        _ = try await session.send(RedisCommand("PING"), timeout: .nanoseconds(patience.nanoseconds))
        return session
    }
}
