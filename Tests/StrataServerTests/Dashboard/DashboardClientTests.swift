import Testing

@testable import StrataServer

@Suite struct DashboardClientTests {
    @Test(arguments: [
        ("http://127.0.0.1:9090/", "127.0.0.1", 9090), ("127.0.0.1:9090", "127.0.0.1", 9090),
        ("http://cache.example", "cache.example", 8080),
        ("http://[::1]:81/#/map/a", "::1", 81), ("[::1]", "::1", 8080), ("HTTP://h?x=1", "h", 8080),
    ])
    func readsURLs(url: String, host: String, port: Int) throws {
        let client = try DashboardClient(url: url)
        #expect(client.host == host)
        #expect(client.port == port)
    }

    @Test(arguments: [
        "", "http://", "https://h", "http://h:0", "http://h:99999", "http://h:x", "http://a b", "http://user@h",
    ])
    func throws_whenTheURLIsNone(url: String) {
        #expect(throws: DashboardClient.Failure.self) { _ = try DashboardClient(url: url) }
    }

    @Test func takesAnswersApart() throws {
        let answer = try #require(DashboardClient.parse(Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".utf8)))
        #expect(answer.status == 200)
        #expect(answer.body == Array("{}".utf8))
        #expect(DashboardClient.parse(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}".utf8)) == nil)
        #expect(DashboardClient.parse(Array("-ERR unknown command\r\n\r\n".utf8)) == nil)
        #expect(DashboardClient.parse([]) == nil)
    }
}
