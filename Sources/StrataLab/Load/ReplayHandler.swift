import NIOCore

/// One connection of a replay: keeps its pipeline full and matches replies to requests.
final class ReplayHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Request {
        case authenticate
        case lookup(key: UInt64, sent: NIODeadline)
        case store(key: UInt64, sent: NIODeadline)
    }

    private let session: NIOLoopBoundBox<ReplaySession>
    private let options: TraceReplay.Options
    private let done: EventLoopPromise<Void>
    private let value: [UInt8]
    private var scanner = ReplyScanner()
    private var pending = CircularBuffer<Request>()
    private var output = ByteBuffer()
    private var isFinished = false

    init(session: NIOLoopBoundBox<ReplaySession>, options: TraceReplay.Options, done: EventLoopPromise<Void>) {
        self.session = session
        self.options = options
        self.done = done
        self.value = (0..<options.valueByteCount).map { UInt8(ascii: "a") + UInt8($0 % 26) }
    }

    func channelActive(context: ChannelHandlerContext) {
        if let password = options.password {
            write(["AUTH", password], as: .authenticate)
            flush(context)
        } else {
            fill(context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        let now = NIODeadline.now()
        do {
            try buffer.withUnsafeReadableBytes { bytes in
                try scanner.scan(bytes) { reply in handle(reply, now: now) }
            }
        } catch {
            fail(context, "\(error)")
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        fill(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(context, "the server closed the connection")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(context, "the connection failed: \(error)")
    }
}

// MARK: - Requests and replies

extension ReplayHandler {
    /// Books a reply; what follows from it is written to the output, to be sent with the rest.
    private func handle(_ reply: ReplyScanner.Reply, now: NIODeadline) {
        guard let request = pending.popFirst(), !isFinished else { return }
        switch (request, reply) {
        case (.authenticate, .error(let text)):
            isFinished = true
            done.fail(TraceReplay.Failure(description: "the server refuses the password: \(text)"))
        case (.authenticate, _):
            break
        case (_, .error(let text)) where text.hasPrefix("NOAUTH"):
            isFinished = true
            done.fail(TraceReplay.Failure(description: "the server wants a password: give one with --password-file"))
        case (.lookup(let key, let sent), .null):
            session.value.recordLookup(of: key, isHit: false, sent: sent, now: now)
            write(["HSET", Self.name(of: key), "v"], value: value, as: .store(key: key, sent: now))
        case (.lookup(let key, let sent), .value):
            session.value.recordLookup(of: key, isHit: true, sent: sent, now: now)
        case (.store(let key, let sent), .integer):
            session.value.recordStore(of: key, sent: sent, now: now)
        case (.lookup(let key, _), .error(let text)), (.store(let key, _), .error(let text)):
            session.value.recordError(text, for: key, now: now)
        case (.lookup(let key, _), _), (.store(let key, _), _):
            session.value.recordError("an unexpected kind of reply", for: key, now: now)
        }
    }

    /// Sends new lookups until the pipeline is full; ends when nothing is left to send or to wait for.
    private func fill(_ context: ChannelHandlerContext) {
        guard !isFinished else {
            context.close(promise: nil)
            return
        }
        let now = NIODeadline.now()
        while pending.count < options.pipelineDepth, let key = session.value.nextKey(now: now) {
            write(["HGET", Self.name(of: key), "v"], as: .lookup(key: key, sent: now))
        }
        flush(context)
        if pending.isEmpty {
            isFinished = true
            done.succeed()
            context.close(promise: nil)
        }
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard output.readableBytes > 0 else { return }
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
        output = context.channel.allocator.buffer(capacity: output.capacity)
    }

    private func fail(_ context: ChannelHandlerContext, _ description: String) {
        guard !isFinished else { return }
        isFinished = true
        done.fail(TraceReplay.Failure(description: description))
        context.close(promise: nil)
    }

    /// The key under which an identifier of a trace is stored.
    private static func name(of key: UInt64) -> String {
        "trace:\(key)"
    }

    private func write(_ words: [String], value: [UInt8]? = nil, as request: Request) {
        output.writeString("*\(words.count + (value == nil ? 0 : 1))\r\n")
        for word in words {
            output.writeString("$\(word.utf8.count)\r\n\(word)\r\n")
        }
        if let value {
            output.writeString("$\(value.count)\r\n")
            output.writeBytes(value)
            output.writeString("\r\n")
        }
        pending.append(request)
    }
}
