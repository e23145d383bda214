import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Strata
import StrataMonitor
import StrataRedis
import StrataTiering
import Synchronization

/// A near cache in front of Redis or Valkey, single or cluster, for any Redis client: reads of hashes, strings and other keys are answered
/// from this process where it has the answer, everything else is passed on.
///
/// What clients see is what the servers behind would answer, except that a read may be as old as a report of a change is on its way
/// (`invalidation_lag_usec` in `INFO strata`): a client always sees what was written through this sidecar before.
final class SidecarServer: RedisFacing {
    let configuration: ServerConfiguration
    let near: NearCache
    let nearFigures: NearFigures
    let nearRecorder = OperationRecorder()
    let client: RedisClient
    let passwords: Passwords
    let logger: Logger
    let startedAt = WallClock.nowTicks()
    private let store: RedisStore
    private let upstream: RedisConfiguration
    private let phase = Locked<Phase>(.idle)
    private let connections = Locked<[ObjectIdentifier: any Channel]>([:])
    private let nextIdentifier = Atomic<Int>(0)
    /// Until when the servers behind count as unreachable, on the clock of tiers.
    private let downUntil = Atomic<Int64>(.min)

    private enum Phase {
        case idle
        case running(
            listener: any Channel, group: MultiThreadedEventLoopGroup, watch: Task<Void, Never>, upkeep: RepeatedTask)
        case stopped
    }

    /// How long a command that is passed on may take: longer than finding a dead link, since some commands are slow.
    static let commandTimeout = Duration.seconds(30)
    /// For how long the servers behind aren't asked for what is suspect, after they couldn't be reached.
    private static let pauseAfterFailure = Duration.seconds(1)
    private static let gracePeriod = Duration.seconds(3)
    /// How often what has expired is collected and what was removed is given back.
    private static let upkeepInterval = TimeAmount.milliseconds(100)

    /// Prepares a sidecar; nothing is bound and nobody is connected to yet.
    ///
    /// - Throws: ``ConfigurationError`` if a TLS file of the upstream can't be used.
    init(_ configuration: ServerConfiguration, upstream: RedisConfiguration, logger: Logger) throws(ConfigurationError)
    {
        var upstream = upstream
        upstream.clientName = upstream.clientName ?? "strata"
        do throws(RemoteStoreError) {
            store = try RedisStore(upstream, logger: logger)
        } catch {
            throw ConfigurationError(origin: "--upstream", reason: error.message)
        }
        self.configuration = configuration
        self.upstream = upstream
        self.logger = logger
        client = store.client
        passwords = Passwords(configuration.password)
        near = NearCache(store, configuration, clock: .system, logger: logger)
        nearFigures = NearFigures(near)
    }

    /// The upstream for people, without its password.
    var upstreamText: String { upstream.description }

    /// Whether the servers behind are a cluster.
    var isCluster: Bool { upstream.topology == .cluster }

    func start() async throws -> SocketAddress {
        let threadCount = configuration.threadCount > 0 ? configuration.threadCount : System.coreCount
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threadCount)
        do {
            let tls = try configuration.tls.map(Server.tlsContext)
            let listener = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 511)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(.socketOption(.so_keepalive), value: 1)
                .childChannelOption(.maxMessagesPerRead, value: 1)
                .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 16 << 10))
                .childChannelInitializer { [self] channel in
                    channel.eventLoop.makeCompletedFuture {
                        if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                        if configuration.limits.idleTimeoutSeconds > 0 {
                            let timeout = TimeAmount.seconds(Int64(configuration.limits.idleTimeoutSeconds))
                            try channel.pipeline.syncOperations.addHandler(IdleStateHandler(readTimeout: timeout))
                        }
                        try channel.pipeline.syncOperations.addHandler(SidecarConnection(self))
                    }
                }
                .bind(host: configuration.bindAddress, port: configuration.port).get()
            guard let address = listener.localAddress else { throw ChannelError.unknownLocalAddress }
            let watch = Task {
                async let announcement: Void = self.announceUpstream()
                await self.watch()
                await announcement
            }
            let near = near
            let upkeep = group.next().scheduleRepeatedTask(
                initialDelay: Self.upkeepInterval, delay: Self.upkeepInterval
            ) { _ in near.tier.store.performMaintenance() }
            phase.withLock { $0 = .running(listener: listener, group: group, watch: watch, upkeep: upkeep) }
            return address
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Says whom it stands before, or why nobody answers there: a sidecar may be started before what is behind it.
    private func announceUpstream() async {
        var lastReason: String?
        while !Task.isCancelled {
            do throws(RemoteStoreError) {
                try await store.connect(deadline: TieringClock.system.now().advanced(by: upstream.connectTimeout))
                return describeUpstream()
            } catch {
                let reason = error.message
                // Once for each reason, not once for each attempt.
                if reason != lastReason, error.code != .cancelled {
                    logger.warning(
                        "the upstream doesn't answer: commands fail until it does, which is tried every second",
                        metadata: ["upstream": "\(upstreamText)", "reason": "\(reason)"])
                }
                lastReason = reason
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private func describeUpstream() {
        let servers = client.serverInformation
        var metadata: Logger.Metadata = ["upstream": "\(upstreamText)"]
        if let server = servers.first?.value { metadata["server"] = "\(server.name) \(server.version)" }
        if isCluster { metadata["shards"] = "\(store.shards.count)" }
        logger.info("the upstream answers", metadata: metadata)
        if !isCluster, servers.values.contains(where: \.isCluster) {
            logger.error(
                "the upstream is a member of a cluster: keys of other members fail; say redis-cluster:// instead of redis://",
                metadata: ["upstream": "\(upstreamText)"])
        }
    }

    /// Listens for changes until it is cancelled.
    private func watch() async {
        while !Task.isCancelled {
            do throws(RemoteStoreError) {
                try await store.observeInvalidations(prefixes: [[]]) { self.near.receive($0) }
                return
            } catch {
                logger.error(
                    "the upstream can't report changes, so nothing is cached", metadata: ["reason": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(5))
        }
    }

    func shutdown() async {
        let running = phase.withLock { phase in
            defer { if case .running = phase { phase = .stopped } }
            return phase
        }
        guard case .running(let listener, let group, let watch, let upkeep) = running else { return }
        upkeep.cancel()
        try? await listener.close().get()
        for channel in connections.withLock({ Array($0.values) }) {
            channel.pipeline.fireUserInboundEventTriggered(SidecarConnection.Shutdown())
        }
        let deadline = ContinuousClock.now + Self.gracePeriod
        while !connections.withLock(\.isEmpty), ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(5))
        }
        watch.cancel()
        await watch.value
        await client.shutdown(grace: .seconds(1))
        try? await group.shutdownGracefully()
    }

    // MARK: For connections

    /// Lets a client in, unless there are too many.
    func admit(_ channel: any Channel) -> Int? {
        near.statistics.add(.connections)
        guard near.statistics.changeConnected(by: 1) <= configuration.limits.maximumClientCount else {
            near.statistics.changeConnected(by: -1)
            near.statistics.add(.rejectedConnections)
            return nil
        }
        connections.withLock { $0[ObjectIdentifier(channel)] = channel }
        return nextIdentifier.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// Sees a client off.
    func dismiss(_ channel: any Channel) {
        near.statistics.changeConnected(by: -1)
        connections.withLock { $0[ObjectIdentifier(channel)] = nil }
    }

    /// Whether the servers behind couldn't be reached a moment ago.
    var isUpstreamDown: Bool {
        // relaxed: a hint.
        TieringClock.system.now().nanoseconds < downUntil.load(ordering: .relaxed)
    }

    /// Notes what became of a call.
    func note(_ error: RedisError?) {
        guard let error else { return }
        near.statistics.add(.unanswered)
        guard error.code == .unavailable || error.code == .timeout || error.code == .connectionLost else { return }
        let until = TieringClock.system.now().advanced(by: Self.pauseAfterFailure)
        downUntil.store(until.nanoseconds, ordering: .relaxed)
    }
}

/// What a process shows to Redis clients.
protocol RedisFacing: AnyObject, ServerMetricsSource, Sendable {
    /// Binds the port and begins to serve.
    func start() async throws -> SocketAddress
    /// Stops.
    func shutdown() async
}

extension Server: RedisFacing {}
