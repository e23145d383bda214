import NIOCore
import NIOPosix
import Synchronization

/// A relay before a server that delays, holds back or cuts what passes, without ever losing a part of a stream that goes on: what TCP
/// makes of a bad network.
final class FaultyLink: Sendable {
    private struct State {
        var latency = Duration.zero
        var isStalled = false
        var relays: [ObjectIdentifier: RelayHandle] = [:]
    }

    private let state = Mutex(State())
    private let channel: Mutex<(any Channel)?> = Mutex(nil)
    let port: Int

    init(to target: Int) async throws {
        port = try Ports.take()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { inbound in
                ClientBootstrap(group: inbound.eventLoop)
                    .channelInitializer { outbound in
                        outbound.eventLoop.makeCompletedFuture { try self.join(outbound, to: inbound) }
                    }
                    .connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { outbound in try self.join(inbound, to: outbound) }
            }
            .bind(host: "127.0.0.1", port: port).get()
        self.channel.withLock { $0 = channel }
    }

    private func join(_ source: any Channel, to target: any Channel) throws {
        let relay = DelayingRelay(to: target, link: self)
        try source.pipeline.syncOperations.addHandler(relay)
        let handle = RelayHandle(relay: NIOLoopBound(relay, eventLoop: source.eventLoop), channel: source)
        let identifier = ObjectIdentifier(source)
        state.withLock { $0.relays[identifier] = handle }
        source.closeFuture.whenComplete { _ in self.state.withLock { $0.relays[identifier] = nil } }
    }

    /// How much longer each direction takes.
    var latency: Duration {
        get { state.withLock { $0.latency } }
        set { state.withLock { $0.latency = newValue } }
    }

    /// Whether nothing passes, though the link looks alive.
    var isStalled: Bool {
        get { state.withLock { $0.isStalled } }
        set {
            let relays = state.withLock { state in
                state.isStalled = newValue
                return Array(state.relays.values)
            }
            if newValue { return }
            for handle in relays { handle.channel.eventLoop.execute { handle.relay.value.deliver() } }
        }
    }

    /// Ends all connections there are.
    func cut() {
        let relays = state.withLock { Array($0.relays.values) }
        for handle in relays { handle.channel.close(promise: nil) }
    }

    func close() async {
        cut()
        try? await channel.withLock { $0 }?.close()
    }
}

private struct RelayHandle: Sendable {
    var relay: NIOLoopBound<DelayingRelay>
    var channel: any Channel
}

/// Passes on what comes from one side, in order, each piece when its time has come.
///
/// Both sides are on one event loop.
private final class DelayingRelay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let peer: any Channel
    private let link: FaultyLink
    private var held = CircularBuffer<(due: NIODeadline, bytes: ByteBuffer)>()
    private var isEnded = false

    init(to peer: any Channel, link: FaultyLink) {
        self.peer = peer
        self.link = link
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let latency = link.latency
        let due = max(.now() + TimeAmount(latency), held.last?.due ?? .now())
        held.append((due, unwrapInboundIn(data)))
        if latency == .zero, held.count == 1 { deliver() } else { schedule(due) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isEnded = true
        deliver()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func schedule(_ due: NIODeadline) {
        let bound = NIOLoopBound(self, eventLoop: peer.eventLoop)
        peer.eventLoop.scheduleTask(deadline: due) { bound.value.deliver() }
    }

    func deliver() {
        if link.isStalled { return }
        let now = NIODeadline.now()
        var isWritten = false
        while let first = held.first, first.due <= now {
            held.removeFirst()
            peer.write(first.bytes, promise: nil)
            isWritten = true
        }
        if isWritten { peer.flush() }
        if isEnded, held.isEmpty { peer.close(promise: nil) }
    }
}
