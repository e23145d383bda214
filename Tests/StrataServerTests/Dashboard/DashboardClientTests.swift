import NIOCore
import NIOPosix
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

    /// Drawing such a figure would have ended the program.
    @Test(arguments: ["{\"a\": [1, {\"b\": 1e300}]}", "{\"a\": -9223372036854775808}", "", "{", "[1e15]"])
    func refusesFiguresThatNobodyCouldDraw(text: String) {
        #expect(!DashboardClient.isSound(Array(text.utf8)))
        #expect(DashboardClient.isSound(Array("{\"a\": [1, -2.5e9, null, \"1e300\", true]}".utf8)))
    }

    /// Once that was taken for a server that speaks something else.
    @Test func saysThatItTakesTooLong_whenNoAnswerComes() async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        let client = try DashboardClient(url: "127.0.0.1:\(port)", timeout: 0.05)
        let failure = await #expect(throws: DashboardClient.Failure.self) { _ = try await client.snapshot() }
        #expect(failure == .unreachable("127.0.0.1:\(port) takes more than 50 ms to answer"))
        try await server.close()
    }
}
