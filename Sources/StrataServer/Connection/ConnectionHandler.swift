import NIOCore

/// Connects a ``Client`` to its channel.
///
/// The last handler of a connection's pipeline.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let worker: Worker
    private var client: Client?

    init(worker: Worker) {
        self.worker = worker
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { admit(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        admit(context)
    }

    private func admit(_ context: ChannelHandlerContext) {
        guard client == nil else { return }
        client = worker.admit(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let client else { return }
        worker.take(unwrapInboundIn(data), from: client)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event {
            // The other side sends nothing more, but may wait for the replies to what it has sent.
            worker.settle()
            client?.closeAfterReply()
            worker.finish(context)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard let client else { return }
        client.isBacklogged = !context.channel.isWritable
        if !client.isBacklogged {
            client.status.waitingOutputBytes.set(0)
            client.overSoftLimitSince = nil
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard let client else { return }
        self.client = nil
        worker.dismiss(client)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset connection or a failed TLS handshake: nothing that could be told to the other side.
        context.close(promise: nil)
    }
}
