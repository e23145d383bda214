import Logging
import NIOCore
import NIOPosix
import Strata
import StrataRESP
import Synchronization

/// One event loop's share of the server: its clients, and what carrying out their requests needs.
///
/// Requests are carried out to the end where they were received, so one context and one reply buffer serve all clients of the loop
/// and stay in the processor's cache.
///
/// **Concurrency:** everything belongs to the event loop, except the statistics, which any thread may read.
final class Worker: @unchecked Sendable {
    // Reason for `@unchecked`: mutable members are only used on the event loop; the others are constants or made for sharing.

    let server: ServerState
    let eventLoop: any EventLoop
    let context: CommandContext
    let statistics = WorkerStatistics()
    let commandStatistics: CommandStatistics
    /// Messages to the client in service that have to follow the reply in execution.
    let pushes = RESPWriter(capacity: 256, version: 3)
    /// Keys changed since the last broadcast to clients that track prefixes.
    var broadcasts = BroadcastBatch()

    /// The clients of the loop by number.
    private(set) var clients: [UInt64: Client] = [:]
    /// The client whose replies are in the context's writer.
    private(set) var current: Client?
    /// Requests that arrived together, between being parsed and being carried out.
    let batch = RequestBatch()
    /// What arrived in this turn of the event loop.
    private let arrivals = ArrivalQueue()
    /// Set while replies are handed to the transport.
    ///
    /// It may find the connection broken, read what is left, and close: nothing may be carried out or written meanwhile.
    private var isFlushing = false
    private var ticker: RepeatedTask?

    /// Replies are handed to the transport early when they exceed this many bytes, so that a long pipeline doesn't pile up here.
    static let flushThreshold = 64 << 10
    /// Replies up to this length are never held against a client's output limit.
    private static let uncountedReplyBytes = 16 << 10
    /// How often the loop looks after its clients.
    private static let tickInterval = TimeAmount.milliseconds(100)

    init(server: ServerState, eventLoop: any EventLoop) {
        self.server = server
        self.eventLoop = eventLoop
        context = CommandContext(server: server)
        commandStatistics = CommandStatistics(commandCount: server.commands.commands.count)
        context.workerReference = Unmanaged.passUnretained(self)
    }

    deinit {
        pushes.deallocate()
    }

    /// Starts the periodic work; on the event loop.
    func start() {
        KeyWatcher.currentWorker = self
        ticker = eventLoop.scheduleRepeatedTask(initialDelay: Self.tickInterval, delay: Self.tickInterval) {
            [unowned self] _ in
            tick()
        }
    }

    /// Ends the periodic work; on the event loop.
    func stop() {
        ticker?.cancel()
        ticker = nil
    }

    /// Takes in a new connection, or tells it that there are too many.
    func admit(_ channelContext: ChannelHandlerContext) -> Client? {
        let remote = channelContext.remoteAddress.map(Self.describe) ?? "?:0"
        let local = channelContext.localAddress.map(Self.describe) ?? "?:0"
        let now = WallClock.nowTicks()
        let client = Client(
            identifier: server.clients.nextIdentifier(), worker: self, remoteAddress: remote, localAddress: local,
            now: now
        )
        guard server.clients.add(client, maximumCount: server.settings.maximumClients.current) else {
            var buffer = channelContext.channel.allocator.buffer(capacity: 64)
            buffer.writeString("-ERR max number of clients reached\r\n")
            let channel = channelContext.channel
            channelContext.writeAndFlush(NIOAny(buffer)).whenComplete { _ in channel.close(promise: nil) }
            return nil
        }
        statistics.acceptedConnections.add(1)
        client.channelContext = channelContext
        if server.configuration.tls == nil { client.useSocket(of: channelContext) }
        client.parser.maximumBulkLength = server.settings.maximumBulkLength.current
        client.parser.maximumArgumentCount = server.settings.maximumArgumentCount
        if server.passwords.isRequired {
            client.gate.insert(.unauthenticated)
            client.parser.isUnauthenticated = true
        } else {
            client.status.set(.authenticated, true)
        }
        clients[client.identifier] = client
        return client
    }

    /// Forgets a client whose connection is closed.
    func dismiss(_ client: Client) {
        client.socket = nil
        settle()
        client.isClosing = true
        client.channelContext = nil
        clients[client.identifier] = nil
        server.clients.remove(client)
        client.forgetEverything()
    }

    /// Takes bytes of a client.
    ///
    /// They are carried out with all others that arrive in this turn of the event loop.
    @inline(__always)
    func take(_ bytes: ByteBuffer, from client: Client) {
        let (isFirst, isFull) = arrivals.append(bytes, from: client)
        // What is handed to the event loop runs when the events of this turn are through.
        if isFirst { eventLoop.execute { [self] in arrivals.serve(by: self) } }
        if isFull, !isFlushing { arrivals.serve(by: self) }
    }

    /// Prepares for requests of a client.
    ///
    /// - Parameters:
    ///   - client: The client.
    ///   - now: The time at which its requests are carried out, in ticks.
    @inline(__always)
    func begin(_ client: Client, now: Int64 = WallClock.nowTicks()) {
        if let current, current !== client { end(current) }
        // What happened before the request was sent is told before it is answered.
        if client.hasMessages.load(ordering: .acquiring) { client.flushOutbox() }
        current = client
        let context = context
        context.now = now
        context.clientReference = Unmanaged.passUnretained(client)
        context.writer.version = client.version
        client.status.lastInteraction.set(Int(context.now))
        statistics.readEvents.add(1)
    }

    /// Sends what was written since ``begin(_:)``.
    @inline(__always)
    func end(_ client: Client) {
        guard current === client else { return }
        current = nil
        if server.tracking.isOverBound { server.tracking.enforceBound(by: self) }
        if !broadcasts.isEmpty { server.tracking.send(&broadcasts, from: self) }
        flush(client)
        if client.isClosing, let channelContext = client.channelContext { finish(channelContext) }
    }

    /// Carries out what clients have sent, and sends what their requests have left behind.
    func settle() {
        guard !isFlushing else { return }
        arrivals.serve(by: self)
        if let current { end(current) }
    }

    /// Hands the replies written so far to the transport.
    func flush(_ client: Client) {
        let writer = context.writer
        guard writer.count > 0 else { return }
        if writer.count > Self.uncountedReplyBytes, client.isOverOutputLimit(byteCount: writer.count) {
            // Before closing, which comes back here for what is unsent.
            writer.removeAll()
            return client.closeOverLimit()
        }
        isFlushing = true
        client.send(writer.bytes)
        isFlushing = false
        writer.removeAll()
        if client.isBacklogged { client.checkOutputLimit() }
    }

    /// Closes a connection once its replies are sent.
    func finish(_ channelContext: ChannelHandlerContext) {
        let channel = channelContext.channel
        channelContext.writeAndFlush(NIOAny(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
    }

    /// Follows a change of the limits of requests; from any thread.
    func followLimits() {
        eventLoop.execute { [self] in
            for client in clients.values { client.parser.maximumBulkLength = server.settings.maximumBulkLength.current }
        }
    }

    /// Closes all clients, each once its replies are sent.
    func closeAll() {
        settle()
        for client in clients.values {
            client.closeAfterReply()
            if let channelContext = client.channelContext { finish(channelContext) }
        }
    }

    private static func describe(_ address: SocketAddress) -> String {
        switch address {
        case .v4: "\(address.ipAddress ?? "?"):\(address.port ?? 0)"
        case .v6: "[\(address.ipAddress ?? "?")]:\(address.port ?? 0)"
        case .unixDomainSocket: "\(address.pathname ?? "?"):0"
        }
    }
}
