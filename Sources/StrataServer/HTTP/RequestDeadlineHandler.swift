import NIOCore
import NIOHTTP1

/// Closes a connection that takes too long over a request: that says nothing, or sends it byte by byte.
///
/// A limit on silence alone is none: who sends a byte now and then keeps one of the few places for connections for ever. So a request has a time to be
/// whole in, counted from the connection's start or from the answer before it, whatever arrives meanwhile.
///
/// **Concurrency:** belongs to its channel's event loop.
final class RequestDeadlineHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart

    /// Puts a handler where it sees the parts of requests, which is right behind the decoder.
    ///
    /// Goes into the pipeline anywhere; it has nothing to do after that.
    final class Installer: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = Any

        private let request: TimeAmount
        private let pause: TimeAmount

        /// - Parameters:
        ///   - request: How long a request may take from its head, and the first one of a connection from the start.
        ///   - pause: How long the head of the next may take from the answer before.
        init(request: TimeAmount, pause: TimeAmount) {
            self.request = request
            self.pause = pause
        }

        func handlerAdded(context: ChannelHandlerContext) {
            do {
                let pipeline = context.pipeline.syncOperations
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                try pipeline.addHandler(
                    RequestDeadlineHandler(request: request, pause: pause), position: .after(decoder))
            } catch {
                context.fireErrorCaught(error)
            }
        }
    }

    private let request: TimeAmount
    private let pause: TimeAmount
    private var deadline: Scheduled<Void>?
    /// Whether a request's end has come and its answer's has not.
    private var isAnswering = false

    /// See ``Installer/init(request:pause:)``.
    init(request: TimeAmount, pause: TimeAmount) {
        self.request = request
        self.pause = pause
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { expect(within: request, context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        expect(within: request, context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isAnswering = false
            expect(within: request, context)
        case .body: break
        case .end:
            isAnswering = true
            deadline?.cancel()
            deadline = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data), isAnswering {
            isAnswering = false
            expect(within: pause, context)
        }
        context.write(data, promise: promise)
    }

    private func expect(within time: TimeAmount, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
    }
}
