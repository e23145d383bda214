import NIOCore
import NIOHTTP1
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
    ///   - maximumByteCount: How long an answer's body may be.
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
        let answer: AnswerHandler.Answer
        do {
            let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(timeout)
            let limit = maximumByteCount
            let (channel, coming) = try await bootstrap.connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = AnswerHandler(on: channel.eventLoop)
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(NIOHTTPClientResponseAggregator(maxContentLength: limit))
                    try pipeline.addHandler(handler)
                    return (channel, handler.answer)
                }
            }
            let deadline = channel.eventLoop.scheduleTask(in: timeout) {
                channel.pipeline.fireUserInboundEventTriggered(AnswerHandler.TimeIsUp())
            }
            defer { deadline.cancel() }
            let headers = HTTPHeaders([("Host", place), ("Connection", "close"), ("Accept", accept)])
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path ?? self.path, headers: headers)
            // If it can't be written, the connection ends, and what came before is the answer.
            channel.write(HTTPClientRequestPart.head(head), promise: nil)
            channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
            answer = try await coming.get()
        } catch ChannelError.connectTimeout {
            answer = .late
        } catch {
            throw .unreachable("nobody answers at \(place)")
        }
        switch answer {
        case .late: throw .unreachable("\(place) takes more than \(timeout.nanoseconds / 1_000_000) ms to answer")
        case .tooLong: throw .refused("\(place) answers with more than \(maximumByteCount) bytes")
        case .none: throw .refused("\(place) doesn't speak HTTP, or breaks off")
        case .whole(let status, let body): return (status, body)
        }
    }
}

/// Takes the first answer, or tells why there is none, and ends the connection.
private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = NIOHTTPClientResponseFull

    enum Answer {
        case whole(status: Int, body: [UInt8])
        case tooLong
        case late
        /// No HTTP, or the connection ended too soon.
        case none
    }

    struct TimeIsUp: Sendable {}

    private let promise: EventLoopPromise<Answer>
    /// What comes in the end.
    var answer: EventLoopFuture<Answer> { promise.futureResult }

    init(on loop: any EventLoop) { promise = loop.makePromise() }

    private func end(_ context: ChannelHandlerContext, _ answer: Answer) {
        // Only the first counts.
        promise.succeed(answer)
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let answer = unwrapInboundIn(data)
        end(
            context,
            .whole(status: Int(answer.head.status.code), body: answer.body.map { Array($0.readableBytesView) } ?? []))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is TimeIsUp else { return context.fireUserInboundEventTriggered(event) }
        end(context, .late)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(context, .none)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as NIOHTTPObjectAggregatorError: end(context, error == .frameTooLong ? .tooLong : .none)
        // The decoder's: an answer that comes before the question.
        case is HTTPParserError, is NIOHTTPDecoderError: end(context, .none)
        default:
            promise.fail(error)
            context.close(promise: nil)
        }
    }

    // A channel that never came to be.
    deinit { promise.fail(ChannelError.alreadyClosed) }
}
