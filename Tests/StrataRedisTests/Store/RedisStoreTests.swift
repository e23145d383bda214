import Foundation
import StrataTiering
import Testing

@testable import StrataRedis

extension RealServers {
    /// What is particular to a store over real servers.
    @Suite
    struct RedisStoreTests {
        private let clock = TieringClock.system
        private let key = Array("key".utf8)

        private func soon(_ time: Duration = .seconds(5)) -> Instant { clock.now().advanced(by: time) }

        private func withStore(
            program: String = TestServer.debianProgram, arguments: [String] = [],
            _ body: (RedisStore, TestServer) async throws -> Void
        ) async throws {
            var options = TestServer.Options()
            options.program = program
            options.arguments = arguments
            let server = try await TestServer(options)
            let store = try RedisStore(server.configuration)
            do { try await body(store, server) } catch {
                await store.shutdown()
                throw error
            }
            await store.shutdown()
        }

        private func field(_ name: String, _ value: String, _ life: Duration? = nil) -> RemoteField {
            RemoteField(
                name: Array(name.utf8), content: .value(Array(value.utf8)),
                deadline: life.map { clock.now().advanced(by: $0) })
        }

        @Test
        func carriesDeadlinesInsideValues_whereTheServerHasNone() async throws {
            try await withStore { store, server in
                try await store.connect(deadline: soon())
                let absent = RemoteField(name: [98], content: .absent, deadline: soon(.seconds(2)))
                _ = try await store.write(
                    key, HashWrite(setting: [field("a", "1", .seconds(2)), absent, field("c", "3")]),
                    deadline: soon())
                #expect(!store.capabilities.fieldDeadlines)
                var hash = try await store.read(key, .fields([[97], [98], [99]]), deadline: soon())
                #expect(hash.fields.map(\.content) == [.value([49]), .absent, .value([51])])
                let end = try #require(hash.fields[0].deadline)
                let left = clock.now().duration(to: end)
                #expect(left > .zero && left <= .milliseconds(2001))
                // Others see what they know: a plain value where there is no deadline.
                #expect(try await server.cli("HGET", "key", "c") == "3\n")
                await eventually("the fields end") {
                    let hash = try? await store.read(key, .fields([[97], [98], [99]]), deadline: soon())
                    return hash?.fields.map(\.content) == [.missing, .missing, .value([51])]
                }
                #expect(clock.now().advanced(by: .milliseconds(2)) > end)
                // A field that has ended counts as 0, and one that lives keeps its end.
                #expect(try await store.increment(key, [97], by: 2, keyLifetime: nil, deadline: soon()) == 2)
                _ = try await store.write(key, HashWrite(setting: [field("n", "40", .seconds(2))]), deadline: soon())
                #expect(
                    try await store.increment(key, Array("n".utf8), by: 2, keyLifetime: .seconds(9), deadline: soon())
                        == 42
                )
                hash = try await store.read(key, .fields([Array("n".utf8)]), deadline: soon())
                #expect(hash.fields[0].value == Array("42".utf8) && hash.fields[0].deadline != nil)
                _ = try await store.write(key, HashWrite(setting: [field("n", "x", .seconds(9))]), deadline: soon())
                await #expect {
                    try await store.increment(key, Array("n".utf8), by: 1, keyLifetime: nil, deadline: soon())
                } throws: {
                    ($0 as? RemoteStoreError)?.code == .notANumber
                }
                hash = try await store.read(key, .fields([Array("n".utf8)]), deadline: soon())
                #expect(hash.fields[0].value == Array("x".utf8) && hash.fields[0].deadline != nil)
            }
        }

        /// Redisson's issue 6269 and others: fields with deadlines are swept by scripts, which take the server's time and come late.
        @Test
        func redisson6269_fieldsEndWithoutWorkForTheServer() async throws {
            try await withStore { store, server in
                func commandCount() async throws -> Int {
                    let lines = try await server.cli("INFO", "stats").split(whereSeparator: \.isNewline)
                    let line = lines.first { $0.hasPrefix("total_commands_processed:") }
                    return Int(line?.split(separator: ":").last ?? "") ?? -1
                }
                let fields = (0..<200).map { field("f\($0)", "v", .milliseconds(400)) }
                let start = clock.now()
                _ = try await store.write(
                    key, HashWrite(setting: fields + [field("stays", "v")], keyLifetime: .atLeast(.seconds(60))),
                    deadline: soon())
                let before = try await commandCount()
                try await clock.sleep(start.advanced(by: .milliseconds(450)))
                // The question itself, and what heartbeats may have sent.
                #expect(try await commandCount() - before <= 10)
                let names = fields.map(\.name) + [Array("stays".utf8)]
                let found = try await store.read(key, .fields(names), deadline: soon()).fields
                #expect(found.map { $0.content == .missing } == fields.map { _ in true } + [false])
            }
        }

        @Test
        func addsExactly_alsoBeyondWhatADoubleHolds() async throws {
            try await withStore { store, _ in
                let big = Int64(1) << 53
                let first = try await store.increment(key, [97], by: big + 1, keyLifetime: nil, deadline: soon())
                let second = try await store.increment(key, [97], by: big, keyLifetime: nil, deadline: soon())
                #expect([first, second] == [big + 1, 2 * big + 1])
                let code = await code {
                    _ = try await store.increment(key, [97], by: .max, keyLifetime: nil, deadline: soon())
                }
                #expect(code == .notANumber)
            }
        }

        @Test(
            .enabled(if: !TestServer.newerPrograms.isEmpty, "no server with deadlines of fields: run scripts/prepare"),
            arguments: TestServer.newerPrograms)
        func usesTheServersDeadlines_whereItHasThem(program: String) async throws {
            try await withStore(program: program) { store, server in
                _ = try await store.write(
                    key, HashWrite(setting: [field("a", "1", .seconds(9)), field("b", "2")]), deadline: soon())
                #expect(try await server.cli("HGET", "key", "a") == "1\n")
                #expect(try await remaining(server) > 8000)
                for selection in [FieldSelection.all, .fields([[97], [98]])] {
                    let fields = try await store.read(key, selection, deadline: soon()).fields.sorted {
                        $0.name[0] < $1.name[0]
                    }
                    #expect(fields.map { $0.deadline != nil } == [true, false])
                }
                #expect(try await store.increment(key, [97], by: 1, keyLifetime: nil, deadline: soon()) == 2)
                #expect(try await remaining(server) > 8000)
                // A whole hash of more fields than a script may unpack at once.
                let many = (0..<2500).map { field("f\($0)", "\($0)", .seconds(60)) }
                _ = try await store.write(key, HashWrite(setting: many), deadline: soon())
                #expect(try await store.read(key, .all, deadline: soon()).fields.count { $0.deadline != nil } == 2501)
                _ = try await store.write(key, HashWrite(removing: .fields(many.map(\.name))), deadline: soon())
                #expect(try await store.read(key, .all, deadline: soon()).fields.count == 2)
            }
        }

        private func remaining(_ server: TestServer) async throws -> Int {
            Int(try await server.cli("HPTTL", "key", "FIELDS", "1", "a").filter(\.isNumber)) ?? 0
        }

        @Test
        func sendsScriptsAgain_whenTheServerForgotThem() async throws {
            try await withStore { store, server in
                for value in ["1", "2"] {
                    _ = try await store.write(key, HashWrite(setting: [field("a", value)]), deadline: soon())
                    try await server.cli("SCRIPT", "FLUSH")
                }
                #expect(try await store.read(key, .all, deadline: soon()).fields.map(\.value) == [[50]])
            }
        }

        @Test
        func namesWhatIsWrong() async throws {
            try await withStore(arguments: [
                "--user", "reader", "on", ">p", "~*", "+@read", "+@connection", "+@transaction", "+time",
            ]) {
                store, server in
                try await server.cli("SET", "key", "text")
                for code in [
                    await code { _ = try await store.read(key, .all, deadline: soon()) },
                    await code { _ = try await store.read(key, .fields([[97]]), deadline: soon()) },
                    await code {
                        _ = try await store.write(key, HashWrite(setting: [field("a", "1")]), deadline: soon())
                    },
                    await code { _ = try await store.increment(key, [97], by: 1, keyLifetime: nil, deadline: soon()) },
                ] { #expect(code == .wrongType) }
                let missing = RemoteField(name: [97], content: .missing)
                #expect(
                    await code { _ = try await store.write(key, HashWrite(setting: [missing]), deadline: soon()) }
                        == .invalidRequest)
                var configuration = server.configuration
                (configuration.username, configuration.password) = ("reader", "p")
                let reader = try RedisStore(configuration)
                #expect(
                    await code {
                        _ = try await reader.write([1], HashWrite(setting: [field("a", "1")]), deadline: soon())
                    }
                        == .denied)
                #expect(await code { _ = try await reader.read([1], .all, deadline: soon()) } == nil)
                await reader.shutdown()
            }
            let nobody = try RedisStore(RedisConfiguration(RedisEndpoint("127.0.0.1", try Ports.take())))
            #expect(await code { _ = try await nobody.read(key, .all, deadline: soon()) } == .unavailable)
            await nobody.shutdown()
        }

        private func code(_ body: () async throws -> Void) async -> RemoteStoreError.Code? {
            do { try await body() } catch { return (error as? RemoteStoreError)?.code }
            return nil
        }

        @Test
        func saysThatAFateIsUnknown_andNeverRepeatsAnAddition() async throws {
            try await withStore { store, server in
                _ = try await store.increment(key, [97], by: 1, keyLifetime: nil, deadline: soon())
                server.signal(SIGSTOP)
                #expect(
                    await code {
                        _ = try await store.increment(
                            key, [97], by: 1, keyLifetime: nil, deadline: soon(.milliseconds(100)))
                    }
                        == .unknownOutcome)
                server.signal(SIGCONT)
                try await Task.sleep(for: .milliseconds(100))
                #expect(try await store.read(key, .all, deadline: soon()).fields.map(\.value) == [[50]])
            }
        }
    }
}
