import Glibc
import NIOCore

/// Closes a connection whose peer takes nothing of an answer for some time.
///
/// A scraper that asks and doesn't read would otherwise keep its answer, and one of the places for connections, for ever. What is small waits in the
/// system's buffer, where a write counts as done; so the system is told, too, how long a peer may take nothing (`TCP_USER_TIMEOUT`, RFC 5482).
///
/// **Concurrency:** belongs to its channel's event loop.
final class StalledWriteHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = Any
    typealias OutboundOut = Any

    private let timeout: TimeAmount
    private var pendingCount = 0
    private var deadline: Scheduled<Void>?

    /// A handler for one channel.
    ///
    /// - Parameter timeout: For how long no part of an answer may be taken.
    init(timeout: TimeAmount) { self.timeout = timeout }

    func handlerAdded(context: ChannelHandlerContext) {
        let milliseconds = Int(timeout.nanoseconds / 1_000_000)
        // Where there is no such option, the handler's own deadline is what remains.
        context.channel.setOption(
            .tcpOption(NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)), value: milliseconds
        ).whenFailure { _ in }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
        pendingCount += 1
        if deadline == nil { schedule(context) }
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        promise.futureResult.whenComplete { _ in handler.value.written(context.value) }
        context.value.write(data, promise: promise)
    }

    /// Something was taken: the time begins anew, or ends.
    private func written(_ context: ChannelHandlerContext) {
        pendingCount -= 1
        deadline?.cancel()
        deadline = nil
        if pendingCount > 0 { schedule(context) }
    }

    private func schedule(_ context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
    }
}
