import NIOCore
import NIOPosix
import Testing

@testable import StrataServer

@Suite struct HTTPGetTests {
    @Test(arguments: [
        ("http://127.0.0.1:9090/", "/metrics"), ("127.0.0.1:9090", "/metrics"), ("http://h/a/b?c=d", "/a/b?c=d"),
        ("http://h?x=1", "/metrics?x=1"), ("http://h/a#b", "/a"),
    ])
    func readsPaths(url: String, path: String) throws {
        #expect(try HTTPGet(url: url, path: "/metrics").path == path)
    }

    @Test(arguments: ["https://h", "http://h:0", "http://h/a b", "http://h/a\r\nX: y", "ftp://h"])
    func throws_whenTheURLIsNone(url: String) {
        #expect(throws: HTTPGet.Failure.self) { _ = try HTTPGet(url: url, path: "/") }
    }

    @Test func takesAnswersApart() async throws {
        let answer = try await answer(to: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        #expect(answer.status == 200)
        #expect(answer.body == Array("{}".utf8))
        let chunked =
            "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n"
        let other = try await self.answer(to: chunked)
        #expect(other.status == 404)
        #expect(other.body == Array("abc0123456789".utf8))
        let unmarked = try await self.answer(to: "HTTP/1.0 200 OK\r\n\r\nall there is")
        #expect(unmarked.body == Array("all there is".utf8))
    }

    @Test(arguments: [
        "", "-ERR unknown command\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7FFFFFFFFFFFFFFF\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n",
    ])
    func refuses_whenItIsNotWhole(text: String) async {
        let failure = await #expect(throws: HTTPGet.Failure.self) { _ = try await answer(to: text) }
        #expect(
            failure?.description.contains("doesn't speak HTTP, or breaks off") == true, "\(String(describing: failure))"
        )
    }

    @Test func refuses_whenItIsTooLong() async {
        let text = "HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 2000)
        let failure = await #expect(throws: HTTPGet.Failure.self) { _ = try await answer(to: text) }
        #expect(failure?.description.contains("more than 1000 bytes") == true, "\(String(describing: failure))")
    }

    /// Which of them comes first is up to the system.
    @Test func isAnAnswerOrNoHTTP_whenTheServerDoesNotWaitToBeAsked() async {
        do {
            let answer = try await answer(to: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", isAsked: false)
            #expect(answer.body == Array("{}".utf8))
        } catch {
            #expect("\(error)".contains("doesn't speak HTTP"), "\(error)")
        }
    }

    /// What is made of what a server on the loopback interface sends before it ends the connection.
    private func answer(to text: String, isAsked: Bool = true) async throws -> (status: Int, body: [UInt8]) {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { $0.pipeline.addHandler(SaysOneThing(text, isAsked)) }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        let question = try HTTPGet(url: "127.0.0.1:\(port)", path: "/", timeout: 30, maximumByteCount: 1000)
        let answer = await Result { () async throws in try await question.answer(accept: "*/*") }
        try await server.close()
        return try answer.get()
    }
}

/// Answers whatever comes first with the same text, and ends the connection.
private final class SaysOneThing: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let text: String
    private let isAsked: Bool

    init(_ text: String, _ isAsked: Bool) {
        self.text = text
        self.isAsked = isAsked
    }

    func channelActive(context: ChannelHandlerContext) {
        if !isAsked { context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard isAsked else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        context.close(promise: nil)
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
