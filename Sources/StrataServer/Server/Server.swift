package import Logging
package import NIOCore
import NIOPosix
import NIOSSL
import Strata

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A server for Redis clients: event loops, a listening socket, and the data.
///
/// ```swift
/// let server = Server(configuration: configuration, logger: logger)
/// let address = try await server.start()
/// …
/// await server.shutdown()
/// ```
package final class Server: Sendable {
    private enum Phase {
        case idle
        case running(listener: any Channel, group: MultiThreadedEventLoopGroup)
        case stopped
    }

    /// What all event loops share.
    let state: ServerState
    private let configuration: ServerConfiguration
    private let logger: Logger
    private let phase: Locked<Phase>
    private let maintenance: Maintenance

    /// How much is read from a socket at once: enough for a deep pipeline of small requests.
    private static let receiveBufferSize = 16 << 10
    /// Above how many unsent bytes a client counts as one that doesn't read, and below how many it no longer does.
    private static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(low: 64 << 10, high: 256 << 10)
    /// How long clients may take to receive their last replies when the server stops.
    private static let gracePeriod = Duration.seconds(3)

    /// Prepares a server; nothing is bound and no thread is started yet.
    package init(configuration: ServerConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        phase = Locked(.idle)
        state = ServerState(configuration: configuration, logger: logger, now: WallClock.nowTicks())
        maintenance = Maintenance(server: state)
    }

    /// Binds the port and begins to serve.
    ///
    /// - Returns: The address that clients connect to.
    /// - Throws: What the system says if the address can't be bound, and what is wrong with the certificate or its key.
    package func start() async throws -> SocketAddress {
        let threadCount = configuration.threadCount > 0 ? configuration.threadCount : System.coreCount
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threadCount)
        do {
            let tls = try configuration.tls.map(Self.tlsContext)
            var workers: [Worker] = []
            for loop in group.makeIterator() {
                workers.append(
                    try await loop.submit { [state] in
                        let worker = Worker(server: state, eventLoop: loop)
                        worker.start()
                        return worker
                    }.get())
            }
            state.attach(workers)
            state.onShutdownRequest = { kill(getpid(), SIGTERM) }
            let listener = try await bootstrap(group, tls).bind(
                host: configuration.bindAddress, port: configuration.port
            ).get()
            guard let address = listener.localAddress else { throw ChannelError.unknownLocalAddress }
            state.settings.setPort(address.port ?? configuration.port)
            phase.withLock { $0 = .running(listener: listener, group: group) }
            maintenance.start(on: workers[0])
            return address
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private func bootstrap(_ group: MultiThreadedEventLoopGroup, _ tls: NIOSSLContext?) -> ServerBootstrap {
        let state = state
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 511)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // One read per wake-up: a second would find nothing nearly always, and the replies go out between two reads.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.receiveBufferSize)
            )
            // A client that sends its requests and shuts down its side still gets the replies.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: Self.waterMark)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let worker = KeyWatcher.currentWorker else {
                        throw ChannelError.inappropriateOperationForState
                    }
                    if state.settings.keepAliveSeconds.current > 0 {
                        try channel.syncOptions?.setOption(.socketOption(.so_keepalive), value: 1)
                    }
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(worker: worker))
                }
            }
    }

    /// What the port for Redis clients is secured with.
    static func tlsContext(_ files: ServerConfiguration.TLSFiles) throws -> NIOSSLContext {
        guard let chain = try? NIOSSLCertificate.fromPEMFile(files.certificatePath), !chain.isEmpty else {
            throw ConfigurationError(
                origin: "--tls-cert", reason: "\(files.certificatePath) holds no certificate (PEM)")
        }
        guard let key = try? NIOSSLPrivateKey(file: files.keyPath, format: .pem) else {
            throw ConfigurationError(origin: "--tls-key", reason: "\(files.keyPath) holds no private key (PEM)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw ConfigurationError(
                origin: "--tls-key", reason: "\(files.keyPath) is not the key of \(files.certificatePath) (\(error))")
        }
    }

    /// Stops accepting, lets clients receive what was answered, closes all connections and ends the threads.
    ///
    /// Takes at most a few seconds, however slow clients are.
    package func shutdown() async {
        let running: (any Channel, MultiThreadedEventLoopGroup)? = phase.withLock { phase in
            guard case .running(let listener, let group) = phase else { return nil }
            phase = .stopped
            return (listener, group)
        }
        guard let (listener, group) = running else { return }
        try? await listener.close().get()
        maintenance.stop()
        state.endPause()
        for worker in state.allWorkers {
            worker.eventLoop.execute { worker.closeAll() }
        }
        let deadline = ContinuousClock.now + Self.gracePeriod
        while state.clients.count > 0, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(5))
        }
        for client in state.clients.all() {
            client.worker.eventLoop.execute { client.close() }
        }
        for worker in state.allWorkers {
            try? await worker.eventLoop.submit { worker.stop() }.get()
        }
        try? await group.shutdownGracefully()
    }
}
