import StrataFaultProxy
import StrataTesting
import StrataTiering
import Testing

@testable import StrataRedis

extension RealServers {
    @Suite
    struct FaultProxyTests {
        // A client behind a proxy before a server.
        private func withProxy(_ body: (FaultProxy, RedisClient, TestServer) async throws -> Void) async throws {
            let server = try await TestServer()
            let proxy = try await FaultProxy(to: server.port)
            var configuration = server.configuration
            configuration.endpoints = [RedisEndpoint("127.0.0.1", proxy.port)]
            configuration.heartbeatInterval = .seconds(60)
            configuration.connectionsPerNode = 1
            let client = try RedisClient(configuration)
            do { try await body(proxy, client, server) } catch {
                await client.shutdown()
                await proxy.close()
                throw error
            }
            await client.shutdown()
            await proxy.close()
        }

        private func answers(_ client: RedisClient, within time: Duration = .seconds(5)) async -> Bool {
            (try? await client.send(RedisCommand("PING", effect: .readOnly), timeout: time)) != nil
        }

        @Test
        func delaysBothWays() async throws {
            try await withProxy { proxy, client, _ in
                #expect(await answers(client))
                proxy.latency = .milliseconds(60)
                let time = await measured { #expect(await answers(client)) }
                #expect(time >= .milliseconds(120))
            }
        }

        @Test
        func passesOnWhatWasHeldBack_inOrder() async throws {
            try await withProxy { proxy, client, server in
                #expect(await answers(client))
                proxy.isStalled = true
                #expect(await answers(client, within: .milliseconds(50)) == false)
                async let replies = client.pipeline(
                    (0..<100).map { RedisCommand("RPUSH", "list", "\($0)") }, timeout: .seconds(5))
                try await Task.sleep(for: .milliseconds(50))
                #expect(try await server.cli("EXISTS", "list") == "0\n")
                proxy.isStalled = false
                #expect(await replies.count == 100)
                let items = try await server.cli("LRANGE", "list", "0", "-1").split(separator: "\n" as Character)
                #expect(items.map(String.init) == (0..<100).map { "\($0)" })
            }
        }

        @Test
        func cutsAndRefuses() async throws {
            try await withProxy { proxy, client, _ in
                #expect(await answers(client))
                #expect(proxy.connectionCount == 1)
                proxy.refusesConnections = true
                proxy.cut()
                await eventually("the connection ends") { proxy.connectionCount == 0 }
                #expect(await answers(client, within: .milliseconds(100)) == false)
                proxy.refusesConnections = false
                await eventually("it answers again") { await answers(client) }
            }
        }

        @Test
        func carriesAPlanOut() async throws {
            let plan = FaultPlan([
                .init(.dropAnswers(part: 1), from: .milliseconds(50), to: .milliseconds(300)),
                .init(.flushAll, from: .milliseconds(350), to: .milliseconds(350)),
                .init(.halfOpen, from: .milliseconds(400), to: .milliseconds(600)),
                .init(.refuse(part: 1), from: .milliseconds(650), to: .milliseconds(800)),
            ])
            try await withProxy { proxy, client, server in
                #expect(await answers(client))
                _ = try await client.send(RedisCommand("SET", "lost answer", "1"))
                let told = Guarded<[String]>([])
                await proxy.run(plan, seed: 1) { event, isBeginning in
                    told.withLock { $0.append("\(event.fault) \(isBeginning)") }
                    if event.fault == .flushAll {
                        _ = try? await server.cli("FLUSHALL")
                    } else if isBeginning {
                        let isAnswered = await answers(client, within: .milliseconds(40))
                        #expect(!isAnswered, "\(event.fault)")
                    }
                }
                #expect(told.withLock { $0.count } == 2 * plan.events.count)
                await eventually("it answers again") { await answers(client) }
                #expect(try await server.cli("DBSIZE") == "0\n")
            }
        }

        @Test
        func mendsWhatItBegan_whenItIsCancelled() async throws {
            let plan = FaultPlan([.init(.halfOpen, from: .zero, to: .seconds(1000))])
            try await withProxy { proxy, client, _ in
                let begun = Guarded(false)
                let run = Task { await proxy.run(plan, seed: 1) { _, _ in begun.withLock { $0 = true } } }
                await eventually("the plan begins") { begun.withLock { $0 } }
                #expect(await answers(client, within: .milliseconds(50)) == false)
                run.cancel()
                await run.value
                await eventually("it answers again") { await answers(client) }
            }
        }
    }
}
