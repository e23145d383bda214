import Foundation
import StrataTesting
import StrataTiering
import Testing

@testable import StrataRedis

extension RealServers {
    /// What every store must do, against real servers.
    @Suite
    struct RedisStoreConformanceTests {
        private func check(_ configuration: RedisConfiguration) async throws {
            let store = try RedisStore(configuration)
            try await store.connect(deadline: TieringClock.system.now().advanced(by: .seconds(5)))
            await withTaskGroup { group in
                for check in RemoteStoreConformance.checks {
                    group.addTask {
                        // Some look at the clock: a machine that is busy with something else gives them another chance.
                        for attempt in 1...3 {
                            do {
                                try await check.run(on: store)
                                return
                            } catch {
                                if attempt == 3 { Issue.record("\(check.name): \(error)") }
                            }
                        }
                    }
                }
            }
            await store.shutdown()
        }

        @Test
        func singleServerConforms() async throws {
            let server = try await TestServer()
            try await check(server.configuration)
        }

        @Test
        func clusterConforms() async throws {
            let cluster = try await TestCluster()
            try await check(cluster.configuration)
        }

        @Test(
            .enabled(if: TestServer.newerProgram != nil, "no newer Redis: set STRATA_NEWER_REDIS"))
        func redisWithFieldDeadlinesConforms() async throws {
            try await checkFieldDeadlines(try #require(TestServer.newerProgram), name: "redis")
        }

        @Test(.enabled(if: TestServer.valkeyProgram != nil, "no Valkey: set STRATA_VALKEY"))
        func valkeyWithFieldDeadlinesConforms() async throws {
            try await checkFieldDeadlines(try #require(TestServer.valkeyProgram), name: "valkey")
        }

        private func checkFieldDeadlines(_ program: String, name: String) async throws {
            var options = TestServer.Options()
            options.program = program
            let server = try await TestServer(options)
            let store = try RedisStore(server.configuration)
            try await store.connect(deadline: TieringClock.system.now().advanced(by: .seconds(5)))
            #expect(store.capabilities.fieldDeadlines)
            #expect(store.client.servers.all.values.map(\.name) == [name])
            await store.shutdown()
            try await check(server.configuration)
        }
    }
}
