import NIOCore

/// Passes on what comes from one side, in order, each piece when its time has come.
///
/// Both sides are on one event loop.
final class Relay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let peer: any Channel
    private let links: LinkTable
    private let direction: LinkTable.Direction
    private let lot: Double
    private var held = CircularBuffer<(due: NIODeadline, bytes: ByteBuffer)>()
    private var isEnded = false

    init(to peer: any Channel, links: LinkTable, _ direction: LinkTable.Direction, lot: Double) {
        self.peer = peer
        self.links = links
        self.direction = direction
        self.lot = lot
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let delay = links.delay()
        let due = max(.now() + TimeAmount(delay), held.last?.due ?? .now())
        held.append((due, unwrapInboundIn(data)))
        if delay == .zero, held.count == 1 { deliver() } else { schedule(due) }
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

    /// Passes on what is due, unless it is held back.
    func deliver() {
        if links.isHeld(direction, lot: lot) { return }
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
