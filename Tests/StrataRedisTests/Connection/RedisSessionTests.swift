import Foundation
import StrataRESP
import Testing

@testable import StrataRedis

extension RealServers {
    @Suite
    struct RedisSessionTests {
        @Test
        func hasAStateOfItsOwn() async throws {
            let server = try await TestServer()
            let client = try RedisClient(server.configuration)
            let pushes = Collected<[RESPValue]>()
            let session = try await client.openSession(receiving: { pushes.append($0) })
            _ = try await session.send(RedisCommand("SELECT", "5"))
            _ = try await session.send(RedisCommand("WATCH", "a"))
            _ = try await session.send(RedisCommand("MULTI"))
            #expect(try await session.send(RedisCommand("SET", "a", "1")).text == "QUEUED")
            #expect(try await session.send(RedisCommand("EXEC")).elements?.count == 1)
            #expect(try await client.send(RedisCommand("GET", "a")) == .null)

            #expect(try await session.send(RedisCommand("SUBSCRIBE", "c1", "c2")).elements?.last == .integer(2))
            #expect(try await client.send(RedisCommand("PUBLISH", "c2", "hello")).integer == 1)
            await eventually("the message comes") { pushes.all.contains { $0.last?.text == "hello" } }
            #expect(try await session.send(RedisCommand("UNSUBSCRIBE", "c1")).elements?.last == .integer(1))

            // A command that blocks is no dead link: the heartbeat takes half a second twice.
            let popping = Task { try await session.send(RedisCommand("BLPOP", "list", "0")) }
            try await Task.sleep(for: .milliseconds(1200))
            try await server.cli("-n", "5", "RPUSH", "list", "x")
            #expect(try await popping.value.elements?.last?.text == "x")
            await session.close()
            await #expect { try await session.send(RedisCommand("PING")) } throws: {
                ($0 as? RedisError)?.code == .closed
            }
            await client.shutdown()
        }

        @Test
        func endsWithItsConnection() async throws {
            let server = try await TestServer()
            let client = try RedisClient(server.configuration)
            let reasons = Collected<RedisError>()
            let session = try await client.openSession(ended: { reasons.append($0) })
            try await server.cli("CLIENT", "KILL", "TYPE", "normal")
            await eventually("the end is told") { reasons.all.count == 1 }
            #expect(!session.isOpen)
            await client.shutdown()
        }
    }
}
