import StrataTesting
import StrataTiering
import Testing

@Suite struct RemoteStoreConformanceTests {
    @Test(arguments: RemoteStoreConformance.checks)
    func inMemoryStoreConforms(_ check: RemoteStoreConformance.Check) async throws {
        var layout = InMemoryRemoteStore.Configuration()
        layout.shardCount = 3
        try await check.run(on: InMemoryRemoteStore(configuration: layout, clock: .system))
    }

    @Test(arguments: RemoteStoreConformance.checks)
    func inMemoryStoreConforms_withoutTracking(_ check: RemoteStoreConformance.Check) async throws {
        var layout = InMemoryRemoteStore.Configuration()
        layout.capabilities = RemoteCapabilities()
        try await check.run(on: InMemoryRemoteStore(configuration: layout, clock: .system))
    }

    @Test(arguments: RemoteStoreConformance.checks)
    func faultInjectingStoreConforms_whenNothingFails(_ check: RemoteStoreConformance.Check) async throws {
        let store = InMemoryRemoteStore(clock: .system)
        try await check.run(on: FaultInjectingStore(store, plan: FaultPlan(), seed: 1, clock: .system))
    }

    @Test func findsAStoreThatDoesntConform() async throws {
        // Half of its calls fail.
        let plan = FaultPlan([.init(.refuse(part: 0.5), from: .zero, to: .seconds(1000))])
        let store = FaultInjectingStore(InMemoryRemoteStore(clock: .system), plan: plan, seed: 1, clock: .system)
        var failures = 0
        for check in RemoteStoreConformance.checks { do { try await check.run(on: store) } catch { failures += 1 } }
        #expect(failures > RemoteStoreConformance.checks.count / 2)
    }
}
