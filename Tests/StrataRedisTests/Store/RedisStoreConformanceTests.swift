import Foundation
import StrataTesting
import StrataTiering
import Testing

@testable import StrataRedis

/// What every store must do, against real servers.
@Suite(.serialized)
struct RedisStoreConformanceTests {
    private func check(_ configuration: RedisConfiguration) async throws {
        let store = try RedisStore(configuration)
        try await store.connect(deadline: TieringClock.system.now().advanced(by: .seconds(5)))
        await withTaskGroup { group in
            for check in RemoteStoreConformance.checks {
                group.addTask {
                    do { try await check.run(on: store) } catch { Issue.record("\(check.name): \(error)") }
                }
            }
        }
        await store.shutdown()
    }

    @Test
    func singleServerConforms() async throws {
        let server = try TestServer()
        try await check(server.configuration)
    }

    @Test
    func clusterConforms() async throws {
        let cluster = try await TestCluster()
        try await check(cluster.configuration)
    }

    @Test(.enabled(if: TestServer.newerProgram != nil, "no server with deadlines of fields: set STRATA_NEWER_REDIS"))
    func serverWithFieldDeadlinesConforms() async throws {
        var options = TestServer.Options()
        options.program = try #require(TestServer.newerProgram)
        let server = try TestServer(options)
        let store = try RedisStore(server.configuration)
        try await store.connect(deadline: TieringClock.system.now().advanced(by: .seconds(5)))
        #expect(store.capabilities.fieldDeadlines)
        await store.shutdown()
        try await check(server.configuration)
    }
}
