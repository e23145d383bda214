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
}
