import Foundation
import StrataFaultProxy
import StrataMonitor
import StrataRESP
import Testing

@testable import StrataRedis

extension RealServers {
    /// A client of one real server.
    @Suite
    struct RedisClientTests {
        /// What a test wants to be different.
        private struct Changes {
            var apply: (inout RedisConfiguration) -> Void

            static func with(_ apply: @escaping (inout RedisConfiguration) -> Void) -> Changes { Changes(apply: apply) }
        }

        private func withClient(
            _ options: TestServer.Options = .init(), changes: Changes = .with { _ in },
            _ body: (RedisClient, TestServer) async throws -> Void
        ) async throws {
            let server = try await TestServer(options)
            var configuration = server.configuration
            changes.apply(&configuration)
            let client = try RedisClient(configuration)
            do {
                try await body(client, server)
            } catch {
                await client.shutdown()
                throw error
            }
            await client.shutdown()
        }

        @Test
        func isWatchedByAMonitor_inOneLine() async throws {
            try await withClient { client, server in
                let registry = MapRegistry()
                let registration = try registry.register(client, name: "sessions")
                _ = try await client.send(RedisCommand("SET", "key", "value"))
                for result in await client.pipeline([RedisCommand("GET", "key"), RedisCommand("GET", "none")]) {
                    _ = try result.get()
                }
                let text = String(decoding: MapMonitor(registry: registry).metricsText().bytes, as: UTF8.self)
                let address = "\(client.configuration.endpoints[0])"
                #expect(text.contains("cache_tier_hits_total{cache_name=\"sessions\",tier=\"remote\"} 3\n"))
                #expect(text.contains("cache_tier_failures_total{cache_name=\"sessions\",tier=\"remote\"} 0\n"))
                #expect(text.contains("cache_server_calls{cache_name=\"sessions\",server=\"\(address)\"} 0\n"))
                #expect(client.tierFigures().servers.first.map { $0.connectionCount > 0 } == true)
                withExtendedLifetime(registration) {}
            }
        }

        @Test
        func answersCommands() async throws {
            try await withClient { client, _ in
                #expect(try await client.send(RedisCommand("SET", "key", "value")) == .simpleString(Array("OK".utf8)))
                #expect(try await client.send(RedisCommand("GET", "key")).text == "value")
                #expect(try await client.send(RedisCommand("GET", "none")) == .null)
                #expect(try await client.send(RedisCommand("HGET", "key", "field")).errorCode == "WRONGTYPE")
                let pairs = try await client.send(RedisCommand("CONFIG", "GET", "port")).pairs
                #expect(pairs?.count == 1)
            }
        }

        @Test
        func answersEachOfManyPipelinedCommands() async throws {
            try await withClient(changes: .with { $0.commandTimeout = .seconds(60) }) { client, _ in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for worker in 0..<100 {
                        group.addTask {
                            for step in 0..<1000 {
                                let text = "\(worker)/\(step)"
                                let reply = try await client.send(RedisCommand("ECHO", text))
                                guard reply.text == text else {
                                    Issue.record("\(text) was answered by \(reply)")
                                    return
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }

        @Test
        func carriesOutTransactionsAndPipelines() async throws {
            try await withClient { client, _ in
                let replies = try await client.transaction([RedisCommand("INCR", "n"), RedisCommand("INCR", "n")])
                #expect(replies == .array([.integer(1), .integer(2)]))
                let results = await client.pipeline((0..<100).map { RedisCommand("ECHO", "\($0)") })
                #expect(results.map { try? $0.get().text } == (0..<100).map { "\($0)" })
            }
        }

        @Test
        func leavesTheConnectionAlone_whenACallGivesUp() async throws {
            try await withClient(changes: .with { $0.connectionsPerNode = 1 }) { client, server in
                let identity = try await client.send(RedisCommand("CLIENT", "ID"))
                server.signal(SIGSTOP)
                let duration = await measured {
                    await #expect {
                        try await client.send(RedisCommand("GET", "a"), timeout: .milliseconds(100))
                    } throws: {
                        ($0 as? RedisError)?.code == .timeout
                    }
                    await #expect {
                        try await client.send(RedisCommand("INCR", "a"), timeout: .milliseconds(100))
                    } throws: {
                        ($0 as? RedisError)?.code == .unknownOutcome
                    }
                }
                #expect(duration < .milliseconds(400))
                let task = Task { try await client.send(RedisCommand("GET", "a")) }
                try await Task.sleep(for: .milliseconds(20))
                task.cancel()
                await #expect { try await task.value } throws: { ($0 as? RedisError)?.code == .cancelled }
                server.signal(SIGCONT)
                // The answers that nobody waits for any more are dropped, and the next ones go to whom they belong.
                #expect(try await client.send(RedisCommand("ECHO", "x")).text == "x")
                #expect(try await client.send(RedisCommand("CLIENT", "ID")) == identity)
            }
        }

        @Test
        func connectsAgain_whenTheServerWasKilled() async throws {
            try await withClient { client, server in
                _ = try await client.send(RedisCommand("PING"))
                server.kill9()
                await eventually("the loss is seen") {
                    (try? await client.send(RedisCommand("PING"), timeout: .milliseconds(100))) == nil
                }
                let duration = await measured {
                    await #expect { try await client.send(RedisCommand("PING")) } throws: {
                        ($0 as? RedisError)?.code == .unavailable
                    }
                }
                #expect(duration < .seconds(1), "a server that is known to be away costs no time")
                try await server.start()
                await eventually("the server is back") {
                    (try? await client.send(RedisCommand("PING"), timeout: .milliseconds(100))) != nil
                }
            }
        }

        @Test
        func findsADeadLink_withinIntervalAndTimeoutOfTheHeartbeat() async throws {
            try await withClient(changes: .with { $0.connectionsPerNode = 1 }) { client, server in
                _ = try await client.send(RedisCommand("PING"))
                server.signal(SIGSTOP)
                defer { server.signal(SIGCONT) }
                // Longer than the heartbeat's second: it is the loss of the connection that ends the call.
                let duration = await measured {
                    await #expect { try await client.send(RedisCommand("INCR", "n"), timeout: .seconds(10)) } throws: {
                        ($0 as? RedisError)?.code == .unknownOutcome
                    }
                }
                #expect(duration < .milliseconds(1500))
            }
        }

        /// valkey-swift's issue 210: a server that takes connections and says nothing holds callers for ever.
        @Test
        func valkeySwift210_connectingIsGivenUpInTime() async throws {
            let server = try await TestServer()
            let proxy = try await FaultProxy(to: server.port)
            proxy.isStalled = true
            var configuration = server.configuration
            configuration.endpoints = [RedisEndpoint("127.0.0.1", proxy.port)]
            configuration.connectTimeout = .milliseconds(200)
            let client = try RedisClient(configuration)
            let duration = await measured {
                await #expect(throws: RedisError.self) {
                    try await client.send(RedisCommand("PING"), timeout: .seconds(30))
                }
            }
            #expect(duration < .seconds(2))
            proxy.isStalled = false
            await eventually("it connects") {
                (try? await client.send(RedisCommand("PING"), timeout: .seconds(1))) != nil
            }
            await client.shutdown()
            await proxy.close()
        }

        @Test
        func survivesAStormOfKilledConnections() async throws {
            try await withClient { client, server in
                let killer = Task {
                    while !Task.isCancelled {
                        _ = try? await server.cli("CLIENT", "KILL", "TYPE", "normal")
                        try? await Task.sleep(for: .milliseconds(5))
                    }
                }
                var acknowledged: Int64 = 0
                var unknown: Int64 = 0
                for _ in 0..<2000 {
                    do throws(RedisError) {
                        if try await client.send(RedisCommand("INCR", "n")).integer != nil { acknowledged += 1 }
                    } catch {
                        if error.code == .unknownOutcome { unknown += 1 }
                    }
                }
                killer.cancel()
                _ = await killer.value
                try await Task.sleep(for: .milliseconds(300))
                let sum = try #require(try await client.send(RedisCommand("GET", "n")).integer)
                // Nothing acknowledged is lost, and nothing is done twice.
                #expect(sum >= acknowledged && sum <= acknowledged + unknown, "\(acknowledged) + \(unknown) ≠ \(sum)")
            }
        }

        @Test
        func waitsForOutstandingAnswers_whenItIsShutDown_butNotForEver() async throws {
            let server = try await TestServer()
            let busy =
                "local t = redis.call('TIME'); repeat local n = redis.call('TIME') until n[1] * 1e6 + n[2] - t[1] * 1e6 - t[2] > 2e5; return 1"
            let client = try RedisClient(server.configuration)
            let call = Task { try await client.send(RedisCommand("EVAL", busy, "0")) }
            try await Task.sleep(for: .milliseconds(60))
            await client.shutdown()
            #expect(try await call.value == .integer(1))

            var configuration = server.configuration
            configuration.connectionsPerNode = 1
            let other = try RedisClient(configuration)
            _ = try await other.send(RedisCommand("PING"))
            server.signal(SIGSTOP)
            defer { server.signal(SIGCONT) }
            let lost = Task { try await other.send(RedisCommand("INCR", "n")) }
            try await Task.sleep(for: .milliseconds(60))
            let duration = await measured { await other.shutdown(grace: .milliseconds(100)) }
            #expect(duration < .milliseconds(800))
            await #expect { try await lost.value } throws: { ($0 as? RedisError)?.code == .unknownOutcome }
        }

        @Test
        func boundsWhoWaits() async throws {
            try await withClient(
                changes: .with {
                    $0.connectionsPerNode = 1
                    $0.maximumInFlight = 10
                    $0.maximumWaiting = 5
                }
            ) { client, server in
                _ = try await client.send(RedisCommand("PING"))
                server.signal(SIGSTOP)
                defer { server.signal(SIGCONT) }
                let codes = await withTaskGroup(of: RedisError.Code?.self) { group in
                    for _ in 0..<30 {
                        group.addTask {
                            do throws(RedisError) {
                                _ = try await client.send(RedisCommand("GET", "a"), timeout: .milliseconds(200))
                                return nil
                            } catch {
                                return error.code
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(codes.count { $0 == .overloaded } >= 15)
                #expect(codes.count { $0 == .timeout } >= 14)
            }
        }

        @Test
        func says_whenThePasswordIsWrong() async throws {
            var options = TestServer.Options()
            options.arguments = ["--requirepass", "right"]
            try await withClient(options, changes: .with { $0.password = "wrong" }) { client, _ in
                await #expect { try await client.send(RedisCommand("PING")) } throws: { error in
                    guard let error = error as? RedisError else { return false }
                    return error.code == .denied && error.message.contains("WRONGPASS")
                        && !error.message.contains("wrong\"")
                }
            }
            try await withClient(options) { client, _ in
                await #expect { try await client.send(RedisCommand("PING")) } throws: {
                    ($0 as? RedisError)?.code == .denied
                }
            }
        }

        @Test
        func logsInWithUserAndPassword() async throws {
            var options = TestServer.Options()
            options.arguments = ["--user", "app", "on", ">secret", "~*", "&*", "+@all", "--user", "default", "off"]
            try await withClient(
                options,
                changes: .with {
                    $0.username = "app"
                    $0.password = "secret"
                    $0.database = 3
                    $0.clientName = "strata-tests"
                }
            ) { client, _ in
                #expect(try await client.send(RedisCommand("ACL", "WHOAMI")).text == "app")
                let info = try await client.send(RedisCommand("CLIENT", "INFO")).text ?? ""
                #expect(info.contains("db=3") && info.contains("name=strata-tests") && info.contains("resp=3"))
            }
        }

        @Test
        func refusesCommandsThatNeedAConnectionOfTheirOwn() async throws {
            let client = try RedisClient(RedisConfiguration(RedisEndpoint("127.0.0.1", 1)))
            for command in [
                RedisCommand("SUBSCRIBE", "a"), RedisCommand("BLPOP", "a", "0"),
                RedisCommand("client", "tracking", "on"),
            ] {
                await #expect { try await client.send(command) } throws: {
                    ($0 as? RedisError)?.code == .invalidRequest
                }
            }
            await client.shutdown()
            await #expect { try await client.send(RedisCommand("PING")) } throws: {
                ($0 as? RedisError)?.code == .closed
            }
        }
    }
}
