import NIOCore
import NIOPosix
import Synchronization

/// A relay before a server that can stop passing anything on without closing anything: what a half-open link looks like.
final class StallingProxy: Sendable {
    private let stalled = Mutex(false)
    private let target: Int
    private let channel: Mutex<(any Channel)?> = Mutex(nil)
    let port: Int

    init(to target: Int) async throws {
        self.target = target
        port = try Ports.take()
        let group = MultiThreadedEventLoopGroup.singleton
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { inbound in
                ClientBootstrap(group: inbound.eventLoop)
                    .channelInitializer { outbound in
                        outbound.eventLoop.makeCompletedFuture {
                            try outbound.pipeline.syncOperations.addHandler(Relay(to: inbound, proxy: self))
                        }
                    }
                    .connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { outbound in
                        try inbound.pipeline.syncOperations.addHandler(Relay(to: outbound, proxy: self))
                    }
            }
            .bind(host: "127.0.0.1", port: port).get()
        self.channel.withLock { $0 = channel }
    }

    var isStalled: Bool {
        get { stalled.withLock { $0 } }
        set { stalled.withLock { $0 = newValue } }
    }

    func close() async { try? await channel.withLock { $0 }?.close() }
}

private final class Relay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let peer: any Channel
    private let proxy: StallingProxy

    init(to peer: any Channel, proxy: StallingProxy) {
        self.peer = peer
        self.proxy = proxy
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !proxy.isStalled else { return }
        peer.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !proxy.isStalled { peer.close(promise: nil) }
    }
}
