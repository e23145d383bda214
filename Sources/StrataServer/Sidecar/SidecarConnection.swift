import NIOCore
import Strata
import StrataRESP
import StrataRedis
import StrataTiering

/// One client of a sidecar.
///
/// Requests are taken in order. What the near cache can answer is answered at once; what has to be passed on is gathered until what was
/// received is used up, then sent together. While that is under way nothing more is taken, so replies keep the order of the requests, and a
/// read that follows a write goes the same way behind it.
///
/// **Concurrency:** belongs to the event loop of its channel.
final class SidecarConnection: ChannelInboundHandler, RemovableChannelHandler, @unchecked Sendable {
    // Sendable because everything is touched on the event loop only; tasks come back to it.

    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Asks the connection to end after what is under way.
    struct Shutdown {}

    /// What a request became.
    enum Step {
        /// A reply that waits for those before it.
        case reply([UInt8])
        /// So many replies from upstream, and what to do with them.
        case awaited(count: Int, Treatment)
    }

    /// What to do with the replies to a request that was passed on.
    enum Treatment {
        /// Hand it on.
        case passOn
        /// The same, and keep it, unless its changes aren't reported now: the first reply, with the key's time to live behind it.
        case keepReply(key: [UInt8], name: [UInt8], LocalTier.Origin?)
        /// Keep fields; behind the reply come the key's time to live and, perhaps, those of the fields.
        case keepFields(key: [UInt8], names: [[UInt8]], LocalTier.Origin?, isSingle: Bool)
        /// Keep a whole hash; behind the reply come the key's time to live and its encoding.
        case keepHash(key: [UInt8], LocalTier.Origin)
        /// Keep several strings; behind the reply comes each key's time to live.
        case keepStrings(keys: [[UInt8]], [LocalTier.Origin?])
        /// The replies to `GET` and `PTTL` of each key, as one to `MGET`.
        case gathered(keys: [[UInt8]], [LocalTier.Origin?])
        /// The sum of integers; these keys may have changed.
        case summed(keys: [[UInt8]])
        /// One `OK` for all; these keys have changed.
        case allDone(keys: [[UInt8]])
        /// Hand it on and forget these keys, which have changed.
        case changed(keys: [[UInt8]])
        /// Hand it on; nothing is left.
        case removedEverything
        /// Hand it on with a section behind it.
        case info
    }

    let server: SidecarServer
    var near: NearCache { server.near }
    var context: ChannelHandlerContext?
    var identifier = 0
    var parser = RESPRequestParser()
    var input = InputBuffer()
    /// Replies that can be sent at once.
    let writer: RESPWriter
    /// Replies that wait for others.
    let scratch: RESPWriter
    var steps: [Step] = []
    var commands: [RedisCommand] = []
    var isAuthenticated: Bool
    var name: [UInt8] = []
    /// The commands since `MULTI`; `nil` outside.
    var queued: [RedisCommand]?
    /// Keys that those may change.
    var queuedKeys: [[UInt8]] = []
    var queuedByteCount = 0
    var isTransactionBroken = false
    /// Set while something is under way that has to end before more is taken.
    var isWaiting = false
    var isClosing = false
    /// The name of what is looked up; kept for its memory.
    var fieldName: [UInt8] = []
    /// What is sent; its memory is used again once it has left.
    private var output = ByteBuffer()

    /// Bytes that wait in ``input`` before the client isn't read any more.
    private static let inputLimit = 1 << 20
    /// Bytes of replies that are written before they are sent.
    private static let outputLimit = 1 << 20
    /// A buffer for replies that has grown beyond this, in bytes, isn't used again.
    private static let retainedCapacity = 1 << 16
    /// Commands that are passed on together at most: their replies are all in memory before the first is sent on.
    private static let batchLimit = 64

    init(_ server: SidecarServer) {
        self.server = server
        writer = RESPWriter()
        scratch = RESPWriter(capacity: 1 << 10)
        isAuthenticated = !server.passwords.isRequired
        parser.isUnauthenticated = !isAuthenticated
    }

    deinit {
        writer.deallocate()
        scratch.deallocate()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { admit(context) }
    }

    func channelActive(context: ChannelHandlerContext) { admit(context) }

    private func admit(_ context: ChannelHandlerContext) {
        guard self.context == nil else { return }
        self.context = context
        guard let number = server.admit(context.channel) else {
            writer.error("ERR max number of clients reached")
            isClosing = true
            flush()
            return
        }
        identifier = number
        context.channel.closeFuture.whenComplete { [server, channel = context.channel] _ in server.dismiss(channel) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        isClosing = true
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            // A client that waits for an answer isn't idle.
            if !isWaiting { context.close(promise: nil) }
            return
        }
        guard event is Shutdown else { return context.fireUserInboundEventTriggered(event) }
        isClosing = true
        if !isWaiting { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        let received = unwrapInboundIn(data)
        near.statistics.add(.receivedBytes, received.readableBytes)
        received.withUnsafeReadableBytes { input.append($0, expecting: parser.neededByteCount) }
        process()
        if isWaiting, input.count > Self.inputLimit {
            context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        // A client that doesn't read what it gets isn't read either.
        context.channel.setOption(.autoRead, value: context.channel.isWritable && !isWaiting).whenFailure { _ in }
        context.fireChannelWritabilityChanged()
        if context.channel.isWritable, !isWaiting { process() }
    }

    /// Takes the requests that are complete.
    func process() {
        // What a client doesn't read isn't written either, however much its requests ask for.
        while let context, context.channel.isWritable, processSome(), commands.isEmpty, !isWaiting, !isClosing {}
        if commands.isEmpty { flush() } else { passOn() }
    }

    /// Takes requests until there is enough to send.
    ///
    /// - Returns: Whether that was why it stopped.
    private func processSome() -> Bool {
        var consumed = 0
        let bytes = input.bytes
        defer { if consumed > 0 { input.removeFirst(consumed) } }
        requests: while !isWaiting, !isClosing, consumed < bytes.count, commands.count < Self.batchLimit {
            guard writer.count < Self.outputLimit else {
                flush()
                return true
            }
            switch parser.next(in: UnsafeRawBufferPointer(rebasing: bytes[consumed...])) {
            case .request(let length):
                guard take(parser.arguments) else {
                    // It needs what is gathered to be through, and is taken again then.
                    parser.reset()
                    break requests
                }
                consumed += length
            case .nothing(let length): consumed += length
            case .incomplete: break requests
            case .failure(let error):
                near.statistics.add(.protocolErrors)
                reply { $0.error(error.message) }
                isClosing = true
            }
        }
        return false
    }

    /// Writes a reply, behind those that are awaited.
    func reply(_ body: (RESPWriter) -> Void) {
        guard !steps.isEmpty else { return body(writer) }
        scratch.version = writer.version
        scratch.removeAll()
        body(scratch)
        steps.append(.reply([UInt8](scratch.bytes)))
    }

    /// Sends what is written, and closes if that was the last.
    func flush() {
        guard let context else { return }
        if writer.count > 0 {
            output.clear(minimumCapacity: writer.count)
            output.writeBytes(writer.bytes)
            writer.removeAll()
            near.statistics.add(.sentBytes, output.readableBytes)
            context.writeAndFlush(wrapOutboundOut(output), promise: nil)
            // What a large reply needed isn't kept.
            if output.capacity > Self.retainedCapacity { output = ByteBuffer() }
        }
        if isClosing, !isWaiting { context.close(mode: .all, promise: nil) }
    }

    /// Sends what is gathered, and goes on when it is answered.
    private func passOn() {
        flushReplies()
        isWaiting = true
        let commands = commands
        let steps = steps
        self.commands = []
        self.steps = []
        near.statistics.add(.passedOn, steps.count)
        guard let eventLoop = context?.eventLoop else { return }
        Task { [server] in
            let results = await server.client.pipeline(commands, timeout: SidecarServer.commandTimeout)
            eventLoop.execute { self.finish(steps, results) }
        }
    }

    /// Sends replies that come before those that are awaited.
    private func flushReplies() {
        let isClosing = isClosing
        self.isClosing = false
        flush()
        self.isClosing = isClosing
    }

    /// Goes on after something that was waited for.
    func goOn() {
        isWaiting = false
        if let context { context.channel.setOption(.autoRead, value: context.channel.isWritable).whenFailure { _ in } }
        process()
    }

    private func finish(_ steps: [Step], _ results: [Result<RESPValue, RedisError>]) {
        var results = results[...]
        for step in steps {
            switch step {
            case .reply(let bytes): bytes.withUnsafeBytes { writer.raw($0) }
            case .awaited(let count, let treatment):
                complete(treatment, results.prefix(count))
                results = results.dropFirst(count)
            }
        }
        goOn()
    }
}
