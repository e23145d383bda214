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

    @Test func takesAnswersApart() throws {
        let answer = try #require(HTTPAnswer(Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".utf8)))
        #expect(answer.status == 200)
        #expect(answer.body == Array("{}".utf8))
        let chunked =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n"
        #expect(HTTPAnswer(Array(chunked.utf8))?.body == Array("abc0123456789".utf8))
    }

    @Test(arguments: [
        "", "-ERR unknown command\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7FFFFFFFFFFFFFFF\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n",
    ])
    func isNone_whenItIsNotWhole(text: String) { #expect(HTTPAnswer(Array(text.utf8)) == nil) }

    /// Answers each connection with a text and closes it, or doesn't answer at all.
    private func withServer(_ answer: String?, _ body: (Int) async throws -> Void) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                guard let answer else { return channel.eventLoop.makeSucceededVoidFuture() }
                return channel.writeAndFlush(ByteBuffer(string: answer)).flatMap { channel.close(mode: .output) }
                    .recover { _ in }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await body(try #require(server.localAddress?.port))
        } catch {
            try await server.close()
            throw error
        }
        try await server.close()
    }

    @Test func saysSo_whenTheAnswerIsTooLong() async throws {
        try await withServer("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 5000)) { port in
            let question = try HTTPGet(url: "127.0.0.1:\(port)", path: "/", maximumByteCount: 1000)
            let error = await #expect(throws: HTTPGet.Failure.self) { _ = try await question.answer(accept: "*/*") }
            #expect(error?.description.contains("more than") == true)
        }
    }

    @Test func saysSo_whenThereIsNoAnswerInTime() async throws {
        try await withServer(nil) { port in
            let question = try HTTPGet(url: "127.0.0.1:\(port)", path: "/", timeout: 0.05)
            let error = await #expect(throws: HTTPGet.Failure.self) { _ = try await question.answer(accept: "*/*") }
            #expect(error?.description.contains("longer than") == true)
        }
    }

    @Test func saysSo_whenNobodyIsThere() async throws {
        var gone = 0
        try await withServer(nil) { gone = $0 }
        let question = try HTTPGet(url: "127.0.0.1:\(gone)", path: "/")
        let error = await #expect(throws: HTTPGet.Failure.self) { _ = try await question.answer(accept: "*/*") }
        #expect(error?.description == "nobody answers at 127.0.0.1:\(gone)")
    }
}
