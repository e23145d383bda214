import NIOCore
import NIOPosix
import NIOSSL
import StrataRESP
import StrataRedis

/// A connection upstream that belongs to one client, for what changes a connection or keeps it waiting: subscriptions, `WATCH`, blocking
/// reads, other databases. From then on bytes go through in both directions as they are, and nothing is cached.
extension SidecarConnection {
    /// Opens the tunnel in front of a request.
    ///
    /// - Returns: Whether the request was taken: only with an error. Else it is the first that goes through the tunnel.
    func openTunnel(_ arguments: RESPArguments) -> Bool {
        guard steps.isEmpty else { return false }
        let upstream = server.client.configuration
        if upstream.topology == .cluster {
            let command = String(decoding: arguments[0], as: UTF8.self)
            reply {
                $0.error(
                    "ERR '\(command)' needs a connection of its own, which there isn't in front of a cluster; connect to the cluster itself"
                )
            }
            return true
        }
        guard let context else { return true }
        flush()
        isWaiting = true
        near.statistics.add(.tunnels)
        let hello = Self.greeting(upstream, version: writer.version, name: name)
        connect(upstream, context.eventLoop).flatMap { channel -> EventLoopFuture<any Channel> in
            let greeting = TunnelGreeting(
                replyCount: hello.count, promise: channel.eventLoop.makePromise(of: Void.self))
            do {
                try channel.pipeline.syncOperations.addHandler(greeting)
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
            var buffer = channel.allocator.buffer(capacity: 256)
            for command in hello {
                var bytes: [UInt8] = []
                RESPCommandEncoder.append(command, to: &bytes)
                buffer.writeBytes(bytes)
            }
            channel.writeAndFlush(buffer, promise: nil)
            return greeting.promise.futureResult.map { channel }
        }.whenComplete { result in self.tunnelOpened(result) }
        return false
    }

    private func connect(_ upstream: RedisConfiguration, _ eventLoop: any EventLoop) -> EventLoopFuture<any Channel> {
        let endpoint = upstream.endpoints[0]
        return ClientBootstrap(group: eventLoop)
            .connectTimeout(.nanoseconds(Int64(upstream.connectTimeout / .nanoseconds(1))))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let tls = upstream.tls else { return }
                    let name = tls.serverName ?? endpoint.host
                    let isAddress = (try? SocketAddress(ipAddress: name, port: 0)) != nil
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: try tls.makeContext(), serverHostname: isAddress ? nil : name))
                }
            }
            .connect(host: endpoint.host, port: endpoint.port)
    }

    /// What a connection begins with.
    private static func greeting(_ upstream: RedisConfiguration, version: Int, name: [UInt8]) -> [[[UInt8]]] {
        var commands: [[[UInt8]]] = []
        func add(_ words: String...) { commands.append(words.map { Array($0.utf8) }) }
        if version == 3 {
            var hello = ["HELLO", "3"]
            if let password = upstream.password { hello += ["AUTH", upstream.username ?? "default", password] }
            commands.append(hello.map { Array($0.utf8) })
        } else if let password = upstream.password {
            if let user = upstream.username { add("AUTH", user, password) } else { add("AUTH", password) }
        }
        if upstream.database != 0 { add("SELECT", String(upstream.database)) }
        if !name.isEmpty { commands.append([Array("CLIENT".utf8), Array("SETNAME".utf8), name]) }
        if commands.isEmpty { add("PING") }
        return commands
    }

    private func tunnelOpened(_ result: Result<any Channel, any Error>) {
        guard let context, !isClosing else {
            if case .success(let channel) = result { channel.close(promise: nil) }
            return
        }
        switch result {
        case .failure(let error):
            writer.error(
                "UPSTREAMDOWN no connection of its own could be made: \("\(error)".prefix(200).map { $0.isNewline ? " " : $0 }.map(String.init).joined())"
            )
            // The request that wanted it is dropped with its connection: what follows may depend on it.
            isWaiting = false
            isClosing = true
            flush()
        case .success(let upstream):
            do {
                let client = context.channel
                try upstream.pipeline.syncOperations.addHandler(
                    TunnelEnd(other: client) { [near] in near.statistics.add(.sentBytes, $0) })
                try client.pipeline.syncOperations.addHandler(
                    TunnelEnd(other: upstream) { [near] in near.statistics.add(.receivedBytes, $0) })
                let left = input.bytes
                if left.count > 0 {
                    var buffer = upstream.allocator.buffer(capacity: left.count)
                    buffer.writeBytes(left)
                    upstream.writeAndFlush(buffer, promise: nil)
                    input.removeFirst(left.count)
                }
                client.pipeline.syncOperations.removeHandler(self, promise: nil)
                client.setOption(.autoRead, value: true).whenFailure { _ in }
            } catch {
                context.close(promise: nil)
            }
        }
    }
}

/// Waits for the replies to what a tunnel begins with.
private final class TunnelGreeting: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    let promise: EventLoopPromise<Void>
    private var remaining: Int
    private var parser = RESPReplyParser()
    private var input: ByteBuffer?

    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    init(replyCount: Int, promise: EventLoopPromise<Void>) {
        remaining = replyCount
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var received = unwrapInboundIn(data)
        if input == nil { input = received } else { input?.writeBuffer(&received) }
        while remaining > 0 {
            var offset = 0
            let outcome = input?.withUnsafeReadableBytes { parser.next(in: $0, from: &offset) } ?? .incomplete
            input?.moveReaderIndex(forwardBy: offset)
            switch outcome {
            case .incomplete: return
            case .failure(let error): return fail(context, "\(error)")
            case .value(let value):
                if let message = value.errorMessage { return fail(context, message) }
                remaining -= 1
            }
        }
        promise.succeed()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(Refused(description: "the connection was closed"))
        context.fireChannelInactive()
    }

    private func fail(_ context: ChannelHandlerContext, _ message: String) {
        promise.fail(Refused(description: message))
        context.close(promise: nil)
    }
}

/// One end of a tunnel: what it receives leaves at the other; it isn't read while the other can't send.
private final class TunnelEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var other: (any Channel)?
    private let count: (Int) -> Void

    /// - Parameters:
    ///   - other: The other end.
    ///   - count: Told of the bytes that this end receives.
    init(other: any Channel, count: @escaping (Int) -> Void) {
        self.other = other
        self.count = count
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let received = unwrapInboundIn(data)
        count(received.readableBytes)
        other?.writeAndFlush(received, promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        other?.setOption(.autoRead, value: context.channel.isWritable).whenFailure { _ in }
    }

    func channelInactive(context: ChannelHandlerContext) {
        other?.close(promise: nil)
        other = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is SidecarConnection.Shutdown { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
