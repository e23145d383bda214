public import Logging
public import NIOCore
public import NIOPosix
import NIOSSL
public import StrataRESP
import Synchronization

/// A client of a Redis or Valkey server or cluster: any command in, its reply out, over a few pipelined connections per server.
///
/// ```swift
/// let client = try RedisClient(RedisConfiguration(url: "redis://127.0.0.1"))
/// let reply = try await client.send(RedisCommand("HGET", "user:1", "name"), timeout: .milliseconds(50))
/// await client.shutdown()
/// ```
///
/// - Calls of many tasks share the connections; each goes out at once behind the others, and what is sent within one turn of an
///   event loop leaves in one write.
/// - A call ends by its deadline. It then leaves the connection to the others; its answer, when it comes, is dropped.
/// - A connection that is lost is made again for as long as the client lives. A ``RedisCommand/Effect/write`` whose answer got
///   lost is never sent twice: it fails with ``RedisError/Code/unknownOutcome``.
/// - In a cluster, commands go where their key lives, and follow it when it moves.
/// - Connects at first use. ``shutdown(grace:)`` must be called: a client that isn't shut down lives on.
///
/// **Concurrency:** everything here may be called from any task.
public final class RedisClient: Sendable {
    /// What the client was made with.
    public let configuration: RedisConfiguration
    let environment: LaneEnvironment
    let group: any EventLoopGroup
    let nodes: NodeTable
    let servers: ServerTable
    let cluster: ClusterRouter?
    let logger: Logger
    /// Commands that a server answered, with an error or not.
    ///
    /// Written by whoever calls, read by whoever watches. Relaxed: nothing hangs on it.
    let answeredCommandCount = Atomic<Int>(0)
    /// Commands that none answered.
    ///
    /// See above.
    let failedCommandCount = Atomic<Int>(0)

    /// A client.
    ///
    /// Reads the TLS files; connects to nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: Where to and how.
    ///   - eventLoopGroup: What connections run on; by default the one that the process shares.
    ///   - logger: Is told about connections at debug level; by default nothing is logged.
    /// - Throws: ``RedisError/Code/invalidRequest`` if a TLS file can't be used.
    public convenience init(
        _ configuration: RedisConfiguration, eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger = Logger(label: "strata.redis") { _ in SwiftLogNoOpLogHandler() }
    ) throws(RedisError) {
        try self.init(configuration, group: eventLoopGroup, logger: logger, random: { Double.random(in: 0...1) })
    }

    init(
        _ configuration: RedisConfiguration, group: any EventLoopGroup, logger: Logger,
        random: @escaping @Sendable () -> Double
    ) throws(RedisError) {
        guard !configuration.endpoints.isEmpty else {
            throw RedisError(.invalidRequest, "there is no server to connect to")
        }
        let servers = ServerTable()
        self.configuration = configuration
        self.group = group
        self.logger = logger
        self.servers = servers
        environment = LaneEnvironment(
            configuration: configuration,
            tls: try configuration.tls.map { tls throws(RedisError) in try tls.makeContext() },
            logger: logger, random: random, onConnect: { servers.connected($0, $1) })
        nodes = NodeTable(group: group, environment: environment)
        cluster =
            configuration.topology == .cluster
            ? ClusterRouter(configuration, nodes: nodes, servers: servers, logger: logger, random: random) : nil
    }

    /// Sends a command and waits for its reply.
    ///
    /// In a cluster, a command without a key goes to any primary; see ``sendToAll(_:timeout:)``.
    ///
    /// Commands that change what a connection is (`SELECT`, `SUBSCRIBE`, `MULTI`, …) or block it (`BLPOP`, …) are refused: they
    /// need a ``RedisSession``. For `MULTI` see ``transaction(_:effect:timeout:)``.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - timeout: When to give up; ``RedisConfiguration/commandTimeout`` if `nil`.
    /// - Returns: What the server answers, an error included.
    /// - Throws: ``RedisError`` if there is no answer.
    public func send(_ command: RedisCommand, timeout: Duration? = nil) async throws(RedisError) -> RESPValue {
        try Self.check(command)
        let replies = try await execute(
            [command.arguments], effect: command.effect, key: command.key, deadline: deadline(timeout))
        guard let reply = replies.first else { throw RedisError(.malformedAnswer, "there is no reply") }
        return reply
    }

    /// Sends commands together and waits for their replies: one round trip per server that is concerned.
    ///
    /// Each stands for itself: others may be carried out between them.
    ///
    /// - Parameters:
    ///   - commands: The commands.
    ///   - timeout: When to give up on all of them; ``RedisConfiguration/commandTimeout`` if `nil`.
    /// - Returns: What became of each, in order. If one is of those that ``send(_:timeout:)`` refuses, none is sent.
    public func pipeline(
        _ commands: [RedisCommand], timeout: Duration? = nil
    ) async -> [Result<RESPValue, RedisError>] {
        do throws(RedisError) {
            for command in commands { try Self.check(command) }
        } catch {
            return commands.map { _ in .failure(error) }
        }
        return await pipeline(commands, deadline: deadline(timeout))
    }

    /// Sends a command to every primary at once: for commands without a key, as `FLUSHALL`, `DBSIZE` or `SCRIPT FLUSH`.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - timeout: When to give up; ``RedisConfiguration/commandTimeout`` if `nil`.
    /// - Returns: What became of it at each server; a single server is the only one.
    /// - Throws: ``RedisError`` if it isn't known which servers there are.
    public func sendToAll(
        _ command: RedisCommand, timeout: Duration? = nil
    ) async throws(RedisError) -> [RedisEndpoint: Result<RESPValue, RedisError>] {
        try Self.check(command)
        let deadline = deadline(timeout)
        var endpoints = configuration.endpoints
        if let cluster {
            endpoints = try await cluster.currentTopology(deadline: deadline).shards.filter { !$0.slots.isEmpty }.map(
                \.primary)
        }
        return await withTaskGroup(of: (RedisEndpoint, Result<RESPValue, RedisError>).self) { group in
            for endpoint in endpoints {
                group.addTask {
                    do throws(RedisError) {
                        let lane = try self.nodes.node(endpoint).lane
                        let replies = try await lane.call(
                            [command.arguments], effect: command.effect, deadline: deadline)
                        return (endpoint, .success(replies[0]))
                    } catch {
                        return (endpoint, .failure(error))
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// Carries commands out as one, with `MULTI` and `EXEC`: all or, if one of them is refused beforehand, none.
    ///
    /// - Parameters:
    ///   - commands: The commands; in a cluster, all of one slot.
    ///   - effect: What repeating all of it would do; by default the strongest effect of the commands.
    ///   - timeout: When to give up; ``RedisConfiguration/commandTimeout`` if `nil`.
    /// - Returns: Their replies, or the error that refused them.
    /// - Throws: ``RedisError`` if there is no answer.
    public func transaction(
        _ commands: [RedisCommand], effect: RedisCommand.Effect? = nil, timeout: Duration? = nil
    ) async throws(RedisError) -> RESPValue {
        for command in commands { try Self.check(command) }
        let key = commands.lazy.compactMap(\.key).first
        let replies = try await execute(
            CommandBatch.transaction(commands.map(\.arguments)), effect: effect ?? commands.strongestEffect, key: key,
            deadline: deadline(timeout))
        // If a command was refused when it was queued, its error says more than that of EXEC.
        if let refused = replies.dropLast().first(where: \.isError) { return refused }
        return replies.last ?? .null
    }

    /// Ends all connections, after their outstanding answers have come.
    ///
    /// - Parameter grace: How long to wait for answers.
    public func shutdown(grace: Duration = .seconds(5)) async {
        cluster?.stop()
        await nodes.shutdown(grace: grace)
    }

    /// What servers have said of themselves, by endpoint, as far as there were connections.
    public var serverInformation: [RedisEndpoint: ServerInformation] { servers.all }

    func deadline(_ timeout: Duration?) -> NIODeadline { .now() + TimeAmount(timeout ?? configuration.commandTimeout) }

    private static func check(_ command: RedisCommand) throws(RedisError) {
        guard !command.arguments.isEmpty else { throw RedisError(.invalidRequest, "there is no command") }
        if CommandTraits.needsSession(command.arguments) {
            throw RedisError(.invalidRequest, "\(command.name) needs a connection of its own, a RedisSession")
        }
    }
}
