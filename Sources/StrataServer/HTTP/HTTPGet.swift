import NIOCore
import NIOPosix

/// One question to an HTTP server, over a connection of its own: nothing has to be mended when the server has been away.
package struct HTTPGet: Sendable {
    /// Why there is no answer.
    package enum Failure: Error, Hashable, CustomStringConvertible {
        /// The URL isn't one of a server.
        case badURL(String)
        /// Nobody can be reached there, or nobody answers in time; why.
        case unreachable(String)
        /// It answered, but not with what was asked for.
        case refused(String)

        /// What is wrong, in words.
        package var description: String {
            switch self {
            case .badURL(let reason): reason
            case .unreachable(let reason): reason
            case .refused(let reason): reason
            }
        }
    }

    /// The port where a URL doesn't say.
    package static let usualPort = 8080

    /// The server's name or address.
    package let host: String
    /// Its port.
    package let port: Int
    /// What is asked for, with its query.
    package let path: String
    private let timeout: TimeAmount
    private let maximumByteCount: Int

    /// A question.
    ///
    /// - Parameters:
    ///   - url: `http://host:port/path`; scheme and path may be left out, and the port, which is 8080 then.
    ///   - path: What to ask for if the URL has no path.
    ///   - timeout: How long an answer may take, in seconds.
    ///   - maximumByteCount: How long an answer may be, its head included.
    /// - Throws: ``Failure/badURL(_:)``.
    package init(url: String, path: String, timeout: Double = 5, maximumByteCount: Int = 16 << 20) throws(Failure) {
        var rest = url[...]
        if let end = rest.firstRange(of: "://") {
            guard rest[..<end.lowerBound].lowercased() == "http" else {
                throw .badURL("\(url): only http:// is spoken here, such as http://127.0.0.1:8080")
            }
            rest = rest[end.upperBound...]
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let stated = rest[authority.endIndex...].prefix { $0 != "#" }
        guard stated.allSatisfy({ $0.isASCII && !$0.isWhitespace && $0 >= " " }) else {
            throw .badURL("\(url): what stands behind the host has characters that must be written as %xx")
        }
        rest = authority
        var port = Self.usualPort
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("]") {
            guard let number = Int(rest[rest.index(after: colon)...]), (1...65_535).contains(number) else {
                throw .badURL("\(url): '\(rest[rest.index(after: colon)...])' is no port")
            }
            port = number
            rest = rest[..<colon]
        }
        if rest.hasPrefix("["), rest.hasSuffix("]") { rest = rest.dropFirst().dropLast() }
        guard !rest.isEmpty, rest.allSatisfy({ $0.isASCII && !$0.isWhitespace && $0 != "@" }) else {
            throw .badURL("\(url): a server is named like http://127.0.0.1:8080")
        }
        host = String(rest)
        self.port = port
        self.path = stated.isEmpty || stated == "/" ? path : stated.hasPrefix("?") ? path + stated : String(stated)
        self.timeout = .milliseconds(Int64(timeout * 1000))
        self.maximumByteCount = maximumByteCount
    }

    /// What the server answers.
    ///
    /// - Parameters:
    ///   - path: What to ask for; ``path`` unless stated.
    ///   - accept: What kinds of answers are understood, as in the header of this name.
    /// - Returns: The status, whatever it is, and the body.
    /// - Throws: ``Failure`` where there is no answer, or none that is whole.
    package func answer(path: String? = nil, accept: String) async throws(Failure) -> (status: Int, body: [UInt8]) {
        let place = "\(host.contains(":") ? "[\(host)]" : host):\(port)"
        let received: HTTPAnswerCollector.Received
        do {
            let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(timeout)
            let limit = maximumByteCount
            let (channel, answer) = try await bootstrap.connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let collector = HTTPAnswerCollector(maximumByteCount: limit)
                    try channel.pipeline.syncOperations.addHandler(collector)
                    return (channel, collector.received(on: channel.eventLoop))
                }
            }
            let request =
                "GET \(path ?? self.path) HTTP/1.1\r\nHost: \(place)\r\nConnection: close\r\nAccept: \(accept)\r\n\r\n"
            let deadline = channel.eventLoop.scheduleTask(in: timeout) {
                channel.pipeline.fireUserInboundEventTriggered(HTTPAnswerCollector.TimeIsUp())
            }
            defer { deadline.cancel() }
            // If it can't be written, the connection ends, and what came before is the answer.
            channel.writeAndFlush(ByteBuffer(string: request), promise: nil)
            received = try await answer.get()
        } catch {
            throw .unreachable("nobody answers at \(place)")
        }
        switch received {
        case .late: throw .unreachable("\(place) takes longer than \(Double(timeout.nanoseconds) / 1e9) s to answer")
        case .tooLong: throw .refused("\(place) answers with more than \(maximumByteCount) bytes")
        case .bytes(let bytes):
            guard let answer = HTTPAnswer(bytes) else {
                throw .refused("\(place) doesn't speak HTTP, or breaks off")
            }
            return (answer.status, answer.body)
        }
    }
}

/// Everything that comes until the connection ends.
private final class HTTPAnswerCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    enum Received {
        case bytes([UInt8])
        case tooLong
        case late
    }

    struct TimeIsUp: Sendable {}

    private let maximumByteCount: Int
    private var buffer = ByteBuffer()
    private var promise: EventLoopPromise<Received>?

    init(maximumByteCount: Int) { self.maximumByteCount = maximumByteCount }

    func received(on loop: any EventLoop) -> EventLoopFuture<Received> {
        let promise = loop.makePromise(of: Received.self)
        self.promise = promise
        return promise.futureResult
    }

    private func end(_ received: Received) {
        promise?.succeed(received)
        promise = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var more = unwrapInboundIn(data)
        buffer.writeBuffer(&more)
        guard buffer.readableBytes > maximumByteCount else { return }
        end(.tooLong)
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is TimeIsUp else { return context.fireUserInboundEventTriggered(event) }
        end(.late)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.bytes(Array(buffer.readableBytesView)))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise?.fail(error)
        promise = nil
        context.close(promise: nil)
    }

    deinit { promise?.fail(ChannelError.alreadyClosed) }
}
