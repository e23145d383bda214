import Foundation
import StrataFaultProxy
import StrataTesting
import StrataTiering
import Synchronization
import Testing

@testable import StrataRedis

extension RealServers {
    /// Tiered hashes over real servers, while these and the links to them are broken: see ``ChaosRun``.
    @Suite
    struct ChaosTests {
        /// A server that keeps what it has acknowledged even when it is killed.
        private static func lastingServer() async throws -> TestServer {
            try await TestServer(.init(arguments: ["--appendonly", "yes", "--appendfsync", "always"]))
        }

        /// How long something is away at most: more in longer runs.
        private static let longestFault = max(.milliseconds(1500), min(.seconds(10), ChaosRun.duration / 6))

        private static func configuration(_ server: TestServer, through link: FaultProxy) -> RedisConfiguration {
            var configuration = server.configuration
            configuration.endpoints = [RedisEndpoint("127.0.0.1", link.port)]
            return configuration
        }

        @Test
        func keepsStrictPromises_whileNothingBreaks() async throws {
            let server = try await Self.lastingServer()
            let run = try ChaosRun(
                links: [server.configuration, server.configuration], witness: server.configuration,
                options: .init(
                    name: "calm", loadsOnceOverall: true, staleness: .milliseconds(100), duration: .seconds(2)))
            try await run.run { run, end in try await run.clock.sleep(end) }
        }

        @Test
        func survivesServersThatAreKilledOrStopped() async throws {
            let server = try await Self.lastingServer()
            let run = try ChaosRun(
                links: [server.configuration, server.configuration], witness: server.configuration,
                options: .init(name: "crashes", opensBreakers: true))
            try await run.run { run, end in
                var random = SeededRandom(seed: ChaosRun.seed)
                repeat {
                    await run.sleep(random.duration(in: .milliseconds(200)...(.milliseconds(600))))
                    let time = random.duration(in: .milliseconds(400)...Self.longestFault)
                    if random.chance(0.5) {
                        run.note("kill -9, away for \(time)")
                        server.kill9()
                        await run.sleep(time)
                        try await server.start()
                    } else {
                        run.note("SIGSTOP for \(time)")
                        server.signal(SIGSTOP)
                        await run.sleep(time)
                        server.signal(SIGCONT)
                    }
                    run.note("back")
                } while run.clock.now() < end
            }
        }

        /// One node here, one in a process of its own, and a server that is killed under both.
        @Test
        func keepsItsPromises_betweenProcesses() async throws {
            let server = try await Self.lastingServer()
            let file = server.directory.appending(path: "history").path
            setenv("STRATA_CHAOS_PEER", "\(server.port) \(file)", 1)
            defer { unsetenv("STRATA_CHAOS_PEER") }
            let run = try ChaosRun(
                links: [server.configuration], witness: server.configuration,
                options: .init(name: "processes", opensBreakers: true))
            try await run.run { run, end in
                async let peer: Void = Self.runPeer()
                await run.sleep(ChaosRun.duration / 2)
                run.note("kill -9")
                server.kill9()
                await run.sleep(.milliseconds(500))
                try await server.start()
                run.note("back")
                await peer
                let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n" as Character)
                #expect(lines.count > 100)
                for line in lines { run.history.add(try #require(History.Operation(line: line))) }
            }
        }

        private static func runPeer() async {
            await #expect(processExitsWith: .success) {
                let words =
                    ProcessInfo.processInfo.environment["STRATA_CHAOS_PEER"]?.split(separator: " " as Character) ?? []
                let port = try #require(words.first.flatMap { Int($0) })
                let configuration = TestServer.configuration(RedisEndpoint("127.0.0.1", port))
                let run = try ChaosRun(
                    links: [configuration], witness: configuration,
                    options: .init(name: "processes", firstNode: 1, isPart: true))
                try await run.run { run, end in try await run.clock.sleep(end) }
                let violations = run.found.all
                precondition(violations.isEmpty, "\(violations)")
                let text = run.history.operations.map(\.line).joined(separator: "\n")
                try text.write(toFile: String(words[1]), atomically: true, encoding: .utf8)
            }
        }

        @Test
        func survivesBadLinks() async throws {
            let server = try await Self.lastingServer()
            let links = [try await FaultProxy(to: server.port), try await FaultProxy(to: server.port)]
            let run = try ChaosRun(
                links: links.map { Self.configuration(server, through: $0) }, witness: server.configuration,
                options: .init(name: "links", opensBreakers: true))
            try await run.run { run, end in
                var random = SeededRandom(seed: ChaosRun.seed)
                var kind = random.next() % 4
                repeat {
                    await run.sleep(random.duration(in: .milliseconds(100)...(.milliseconds(400))))
                    let index = Int(random.next() % 2)
                    let time = random.duration(in: .milliseconds(300)...Self.longestFault)
                    kind += 1
                    switch kind % 4 {
                    case 0:
                        run.note("300 ms more to node \(index) for \(time)")
                        links[index].latency = .milliseconds(150)
                        await run.sleep(time)
                        links[index].latency = .zero
                    case 1, 2:
                        let isCut = kind % 4 == 1
                        run.note("half-open link to node \(index) for \(time), then \(isCut ? "cut" : "alive again")")
                        links[index].isStalled = true
                        await run.sleep(time)
                        if isCut { links[index].cut() }
                        links[index].isStalled = false
                    default:
                        run.note("connections are killed for \(time)")
                        let end = run.clock.now().advanced(by: time)
                        while run.clock.now() < end {
                            try await server.cli("CLIENT", "KILL", "TYPE", "normal")
                            await run.sleep(random.duration(in: .zero...(.milliseconds(100))))
                        }
                    }
                    run.note("mended")
                } while run.clock.now() < end
            }
            for link in links { await link.close() }
        }

        @Test
        func seesThatEverythingWasRemoved() async throws {
            let server = try await Self.lastingServer()
            let run = try ChaosRun(
                links: [server.configuration, server.configuration], witness: server.configuration,
                options: .init(
                    name: "flushes", writesBehind: false, staleness: .milliseconds(100), duration: .seconds(2)))
            try await run.run { run, end in
                var random = SeededRandom(seed: ChaosRun.seed)
                repeat {
                    await run.sleep(random.duration(in: .milliseconds(50)...(.milliseconds(400))))
                    let start = run.clock.now()
                    try await server.cli("FLUSHALL")
                    run.addFlush(from: start)
                    run.note("FLUSHALL")
                } while run.clock.now() < end
            }
        }

        @Test
        func survivesAClusterThatIsRearranged_andPrimariesThatDie() async throws {
            let cluster = try await TestCluster()
            let configuration = cluster.configuration
            let moves = try ChaosRun(
                links: [configuration, configuration], witness: configuration, options: .init(name: "moves"))
            try await moves.run { run, end in
                var random = SeededRandom(seed: ChaosRun.seed)
                repeat {
                    let key = run.keys[Int(random.next() % UInt64(run.keys.count))]
                    try await Self.move(key, in: cluster, run, &random)
                    await run.sleep(random.duration(in: .zero...(.milliseconds(200))))
                } while run.clock.now() < end
            }

            // Replicas may not have what a primary acknowledged just before it died.
            let deaths = try ChaosRun(
                links: [configuration, configuration], witness: configuration,
                options: .init(name: "deaths", keepsWrites: false, opensBreakers: true))
            try await deaths.run { run, _ in
                var random = SeededRandom(seed: ChaosRun.seed)
                let key = run.keys[Int(random.next() % UInt64(run.keys.count))]
                let primary = try cluster.server(Self.primary(of: key, run))
                let isKilled = random.chance(0.5)
                run.note("\(isKilled ? "kill -9" : "SIGSTOP") of a primary")
                if isKilled { primary.kill9() } else { primary.signal(SIGSTOP) }
                await eventually(within: .seconds(15), "the replica takes over") {
                    guard let now = Self.knownPrimary(of: key, run), now.port != primary.port else { return false }
                    return (try? await run.witness.read(key, .all, deadline: run.clock.now().advanced(by: .seconds(1))))
                        != nil
                }
                run.note("its replica has taken over")
                await run.sleep(.milliseconds(500))
                if isKilled { try await primary.start() } else { primary.signal(SIGCONT) }
                run.note("it is back, to become a replica")
                await run.sleep(.milliseconds(500))
            }
        }

        private static func primary(of key: [UInt8], _ run: ChaosRun) throws -> RedisEndpoint {
            try #require(knownPrimary(of: key, run))
        }

        /// The primary of a key; `nil` while its shard has none that the others acknowledge.
        private static func knownPrimary(of key: [UInt8], _ run: ChaosRun) -> RedisEndpoint? {
            run.witness.client.cluster?.topology?.shard(ofSlot: HashSlot(of: key).number)?.primary
        }

        /// Moves the slot of a key to another primary.
        private static func move(
            _ key: [UInt8], in cluster: TestCluster, _ run: ChaosRun, _ random: inout SeededRandom
        ) async throws {
            let slot = HashSlot(of: key).number
            // The witness knows when it asks.
            _ = try await run.witness.read(key, .all, deadline: run.clock.now().advanced(by: .seconds(2)))
            let topology = try #require(run.witness.client.cluster?.topology)
            let source = try #require(topology.shard(ofSlot: slot)).primary
            let others = topology.shards.map(\.primary).filter { $0.port != source.port }
            let target = others[Int(random.next() % UInt64(others.count))]
            run.note("slot \(slot) goes from \(source) to \(target)")
            try await cluster.migrate(slot: slot, from: cluster.server(source), to: cluster.server(target))
            run.note("it has arrived")
        }
    }
}
