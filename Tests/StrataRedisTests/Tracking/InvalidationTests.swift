import Foundation
import StrataFaultProxy
import StrataRESP
import StrataTiering
import Testing

@testable import StrataRedis

@Suite
struct TrackingPrefixesTests {
    private func bytes(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    @Test
    func dropsWhatBeginsWithAnother() {
        #expect(TrackingPrefixes.normalized(bytes("b", "ab", "a", "abc", "b", "ca")) == bytes("a", "b", "ca"))
        #expect(TrackingPrefixes.normalized(bytes("x", "")) == bytes(""))
        #expect(TrackingPrefixes(bytes("")).command.arguments == bytes("CLIENT", "TRACKING", "ON", "BCAST"))
        let requested = TrackingPrefixes(bytes("strata:", "user:")).requested
        #expect(requested == bytes("strata:", "user:"))
        #expect(TrackingPrefixes(bytes("user:")).requested.count == 3)
    }

    @Test
    func readsPushes() {
        func text(_ text: String) -> RESPValue { .bulkString(Array(text.utf8)) }
        #expect(InvalidationPush([text("invalidate"), .array([text("a"), text("b")])]) == .keys(bytes("a", "b")))
        #expect(InvalidationPush([text("invalidate"), .null]) == .everything)
        #expect(InvalidationPush([text("invalidate"), .array([text("a"), .null])]) == .everything)
        #expect(InvalidationPush([text("invalidate")]) == .everything)
        #expect(InvalidationPush([text("message"), text("c"), text("m")]) == .unrelated)
        #expect(InvalidationPush([]) == .unrelated)
    }
}

extension RealServers {
    /// The stream of invalidations of a real server, undisturbed and disturbed.
    @Suite
    struct InvalidationTests {
        private let clock = TieringClock.system
        private let key = Array("watched:1".utf8)

        private func soon(_ time: Duration = .seconds(5)) -> Instant { clock.now().advanced(by: time) }

        private func withObservedStore(
            _ configuration: RedisConfiguration, _ body: (RedisStore, Collected<InvalidationEvent>) async throws -> Void
        ) async throws {
            let store = try RedisStore(configuration)
            let events = Collected<InvalidationEvent>()
            let observing = Task {
                try await store.observeInvalidations(prefixes: [Array("watched:".utf8)]) { events.append($0) }
            }
            await eventually("the stream begins") {
                events.all.contains { if case .connected = $0 { true } else { false } }
            }
            do { try await body(store, events) } catch { Issue.record(error) }
            observing.cancel()
            _ = await observing.result
            await store.shutdown()
            // Each stream that began has ended, in this order.
            var isConnected = false
            for event in events.all {
                switch event {
                case .connected:
                    #expect(!isConnected)
                    isConnected = true
                case .disconnected:
                    #expect(isConnected)
                    isConnected = false
                default:
                    #expect(isConnected)
                }
            }
            #expect(!isConnected)
        }

        private func write(_ store: RedisStore) async throws {
            let field = RemoteField(name: [97], content: .value([49]))
            _ = try await store.write(
                key, HashWrite(setting: [field], keyLifetime: .set(.seconds(60))), deadline: soon())
        }

        @Test
        func reportsFlushesAndWritesOfOthers_andMeasuresTheLag() async throws {
            let server = try await TestServer()
            try await withObservedStore(server.configuration) { store, events in
                try await server.cli("SET", "watched:1", "x")
                try await server.cli("SET", "unwatched", "x")
                await eventually("the write is reported") { events.all.contains(.keys(.single, [key])) }
                await eventually("three canaries come back") {
                    events.all.count { if case .canary = $0 { true } else { false } } >= 3
                }
                try await server.cli("FLUSHALL")
                await eventually("the flush is reported") { events.all.contains(.everything(.single)) }
                // The stream goes on.
                let count = events.all.count { $0 == .keys(.single, [key]) }
                try await write(store)
                await eventually("a later write is reported") {
                    events.all.count { $0 == .keys(.single, [key]) } > count
                }
                for event in events.all {
                    if case .canary(_, let lag) = event { #expect(lag > .zero && lag < .seconds(1)) }
                    if case .keys(_, let keys) = event { #expect(keys == [key]) }
                }
            }
        }

        @Test
        func reportsLeasesThatEndByThemselves_butNotThatTheyWereTaken() async throws {
            let server = try await TestServer()
            try await withObservedStore(server.configuration) { store, events in
                for _ in 0..<3 {
                    let count = events.all.count { $0 == .leases(.single, [key]) }
                    let start = clock.now()
                    guard
                        case .granted = try await store.acquireLease(
                            on: key, lifetime: .milliseconds(500), deadline: soon())
                    else {
                        Issue.record("the lease before hasn't ended")
                        return
                    }
                    try await Task.sleep(for: .milliseconds(150))
                    let found = events.all.count { $0 == .leases(.single, [key]) }
                    if clock.now() < start.advanced(by: .milliseconds(500)) { #expect(found == count) }
                    await eventually("the end is reported") {
                        events.all.count { $0 == .leases(.single, [key]) } > count
                    }
                }
            }
        }

        /// Redisson's issue 4749 and others: a subscription for each map, on connections that run out.
        @Test
        func redisson4749_oneConnectionForAllHashes() async throws {
            let server = try await TestServer()
            try await withObservedStore(server.configuration) { store, events in
                let cache = TieredHash(remote: store)
                for index in 0..<300 { try await cache.set("watched:map:\(index)", "f", to: "v") }
                let words = try await server.cli("CLIENT", "LIST").split(whereSeparator: \.isWhitespace)
                // Whoever is told of changes has B, for broadcasting, among its flags.
                #expect(words.count { $0.hasPrefix("flags=") && $0.contains("B") } == 1)
                await eventually("all writes are reported by it") {
                    events.all.reduce(0) { if case .keys(_, let keys) = $1 { $0 + keys.count } else { $0 } } >= 300
                }
            }
        }

        @Test
        func findsAHalfOpenLink_andBeginsAnotherEpoch() async throws {
            let server = try await TestServer()
            let proxy = try await FaultProxy(to: server.port)
            var configuration = server.configuration
            configuration.endpoints = [RedisEndpoint("127.0.0.1", proxy.port)]
            configuration.connectTimeout = .milliseconds(300)
            try await withObservedStore(configuration) { _, events in
                proxy.isStalled = true
                let duration = await measured {
                    await eventually("the loss is reported") {
                        events.all.contains { if case .disconnected = $0 { true } else { false } }
                    }
                }
                #expect(duration < .milliseconds(1300), "interval and timeout are half a second each")
                proxy.isStalled = false
                await eventually("another epoch begins") {
                    events.all.compactMap { if case .connected(_, let epoch) = $0 { epoch } else { nil } }.count == 2
                }
            }
            await proxy.close()
        }

        @Test
        func survivesKilledConnectionsAndAServerThatIsStartedAgain() async throws {
            let server = try await TestServer()
            try await withObservedStore(server.configuration) { store, events in
                func epochs() -> [UInt64] {
                    events.all.compactMap { if case .connected(_, let epoch) = $0 { epoch } else { nil } }
                }
                for round in 2...6 {
                    try await server.cli("CLIENT", "KILL", "TYPE", "normal")
                    await eventually("epoch \(round)") { epochs().count == round }
                }
                server.kill9()
                await eventually("the loss is reported") {
                    events.all.last.map { if case .disconnected = $0 { true } else { false } } ?? false
                }
                try await server.start()
                await eventually("the stream begins again") { epochs().count == 7 }
                let before = events.all.count
                try await write(store)
                await eventually("a write is reported") { events.all.dropFirst(before).contains(.keys(.single, [key])) }
                #expect(epochs() == epochs().sorted())
            }
        }

        @Test
        func checksCoherence() async throws {
            let server = try await TestServer()
            let store = try RedisStore(server.configuration)
            guard case .coherent = try await store.checkCoherence()[.single] else {
                Issue.record("a sound server is degraded")
                return
            }
            await store.shutdown()
            // Who may not turn tracking on is told so.
            try await server.cli("ACL", "SETUSER", "weak", "on", ">p", "~*", "+@all", "-client|tracking")
            var configuration = server.configuration
            (configuration.username, configuration.password) = ("weak", "p")
            let weak = try RedisStore(configuration)
            guard case .degraded(let reason) = try await weak.checkCoherence(timeout: .milliseconds(500))[.single]
            else {
                Issue.record("a server without tracking is sound")
                return
            }
            #expect(reason.contains("NOPERM"))
            await weak.shutdown()
        }
    }
}
