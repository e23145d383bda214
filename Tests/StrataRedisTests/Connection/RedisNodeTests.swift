import Logging
import NIOCore
import NIOPosix
import StrataRESP
import Synchronization
import Testing

@testable import StrataRedis

extension RealServers {
    /// How calls are spread over the connections to one server.
    @Suite
    struct RedisNodeTests {
        @Test
        func prefersAConnectionThatIsUp_toOneThatConnectsAgain() async throws {
            let server = try await TestServer()
            var configuration = server.configuration
            configuration.connectionsPerNode = 4
            // Whoever is lost stays so for long.
            configuration.reconnectPause = .seconds(30)
            configuration.maximumReconnectPause = .seconds(30)
            let client = try RedisClient(
                configuration, group: MultiThreadedEventLoopGroup.singleton,
                logger: .init(label: "strata.redis.tests"), random: { 1 })
            let node = try client.nodes.node(server.endpoint)
            var identities: [String] = []
            for lane in node.lanes {
                let replies = try await lane.call(
                    [["CLIENT", "ID"].bytes], effect: .readOnly, deadline: .now() + .seconds(5))
                identities.append("\(try #require(replies.first?.integer))")
            }
            for (count, identity) in identities.dropLast().enumerated() {
                try await server.cli("CLIENT", "KILL", "ID", identity)
                await eventually("the loss is seen") {
                    !node.lanes[count].isUsable.load(ordering: .relaxed)
                }
                // None of them waits for a connection that is away, or fails because of one.
                for _ in 0..<20 {
                    #expect(try await client.send(RedisCommand("ECHO", "x"), timeout: .seconds(5)).text == "x")
                }
            }
            await client.shutdown()
        }
    }
}
