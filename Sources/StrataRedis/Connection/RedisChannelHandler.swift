import NIOCore
import StrataRESP

/// The end of a channel's pipeline: turns bytes into replies for the lane that owns the connection.
///
/// Confined to the channel's event loop, which is the lane's.
final class RedisChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var parser: RESPReplyParser
    private var pending: ByteBuffer?
    private let lane: ConnectionLane
    private var failure: (any Error)?

    init(lane: ConnectionLane) {
        var limits = RESPReplyParser.Limits()
        limits.bulkLength = lane.configuration.maximumReplyLength
        limits.replyLength = lane.configuration.maximumReplyLength
        self.lane = lane
        parser = RESPReplyParser(limits: limits)
    }

    func channelActive(context: ChannelHandlerContext) {
        lane.channelIsActive(context.channel)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard lane.channel === context.channel else { return }
        var received = unwrapInboundIn(data)
        if var earlier = pending.take() {
            earlier.writeBuffer(&received)
            received = earlier
        }
        lane.receivedBytes()
        var offset = 0
        var problem: String?
        received.withUnsafeReadableBytes { bytes in
            loop: while lane.channel === context.channel {
                switch parser.next(in: bytes, from: &offset) {
                case .value(.push(let values)):
                    lane.received(push: values)
                case .value(let value):
                    if !lane.received(value) {
                        problem = "an answer came that nothing was asked for"
                        break loop
                    }
                case .incomplete:
                    break loop
                case .failure(let error):
                    problem = error.description
                    break loop
                }
            }
        }
        if let problem {
            lane.close(RedisError(.malformedAnswer, "\(lane.endpoint): \(problem)"))
            return
        }
        received.moveReaderIndex(forwardBy: offset)
        if received.readableBytes > 0 {
            received.discardReadBytes()
            pending = received
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if lane.channel === context.channel { lane.readIsComplete() }
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if lane.channel === context.channel { lane.writabilityChanged() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = failure ?? error
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        lane.channelIsInactive(context.channel, failure)
        context.fireChannelInactive()
    }
}

extension Optional {
    /// The value, leaving `nil` behind.
    fileprivate mutating func take() -> Wrapped? {
        let value = self
        self = nil
        return value
    }
}
