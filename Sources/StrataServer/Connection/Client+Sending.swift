import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How replies leave.
///
/// Nearly all of them fit into the socket's buffer at once. These go straight to the socket, which saves the way through the channel's
/// pipeline and its queue of pending writes, a tenth of what a small request costs. What the socket doesn't take, and everything on an
/// encrypted connection, goes the ordinary way; until that is through, everything else follows behind it.
extension Client {
    /// Learns the socket of an unencrypted connection.
    func useSocket(of channelContext: ChannelHandlerContext) {
        socket = try? channelContext.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { $0 }
    }

    /// Sends bytes to the client, behind all that was sent before.
    func send(_ bytes: UnsafeRawBufferPointer) {
        guard let channelContext else { return }
        status.sentBytes.add(bytes.count)
        worker.statistics.sentBytes.add(bytes.count)
        worker.statistics.writeEvents.add(1)
        let sentCount = sendAtOnce(bytes)
        guard sentCount < bytes.count else { return }
        var buffer = channelContext.channel.allocator.buffer(capacity: bytes.count - sentCount)
        buffer.writeBytes(bytes[sentCount...])
        guard socket != nil else { return channelContext.writeAndFlush(NIOAny(buffer), promise: nil) }
        queuedWriteCount += 1
        channelContext.writeAndFlush(NIOAny(buffer)).assumeIsolated().whenComplete { [self] _ in queuedWriteCount -= 1 }
    }

    /// Hands bytes to the socket.
    ///
    /// - Returns: How many it took; none if others wait before them, or if there is an error, which the channel will meet too.
    @inline(__always)
    private func sendAtOnce(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let socket, queuedWriteCount == 0 else { return 0 }
        return max(systemSend(socket, bytes.baseAddress, bytes.count, Self.sendFlags), 0)
    }

    #if os(Linux)
        /// No signal if the other side is gone; the channel finds out soon enough.
        private static let sendFlags = CInt(MSG_NOSIGNAL)
    #else
        private static let sendFlags: CInt = 0
    #endif
}

/// `send(2)`, under a name that no method hides.
@inline(__always)
private func systemSend(_ socket: CInt, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: CInt) -> Int {
    send(socket, bytes, count, flags)
}
