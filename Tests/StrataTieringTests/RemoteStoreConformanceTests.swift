import StrataTesting
import StrataTiering
import Testing

/// The stores in memory, on a clock that moves on when nobody has anything to do: no check depends on how busy the machine is.
@Suite struct RemoteStoreConformanceTests {
    private let executor = DeterministicExecutor(seed: 1)
    private var clock: TieringClock { executor.clock.tieringClock }

    @Test(arguments: RemoteStoreConformance.checks)
    func inMemoryStoreConforms(_ check: RemoteStoreConformance.Check) throws {
        var layout = InMemoryRemoteStore.Configuration()
        layout.shardCount = 3
        try run(check, on: InMemoryRemoteStore(configuration: layout, clock: clock))
    }

    @Test(arguments: RemoteStoreConformance.checks)
    func inMemoryStoreConforms_withoutTracking(_ check: RemoteStoreConformance.Check) throws {
        var layout = InMemoryRemoteStore.Configuration()
        layout.capabilities = RemoteCapabilities()
        try run(check, on: InMemoryRemoteStore(configuration: layout, clock: clock))
    }

    @Test(arguments: RemoteStoreConformance.checks)
    func faultInjectingStoreConforms_whenNothingFails(_ check: RemoteStoreConformance.Check) throws {
        let store = InMemoryRemoteStore(clock: clock)
        try run(check, on: FaultInjectingStore(store, plan: FaultPlan(), seed: 1, clock: clock))
    }

    @Test func findsAStoreThatDoesntConform() {
        // Half of its calls fail.
        let plan = FaultPlan([.init(.refuse(part: 0.5), from: .zero, to: .seconds(100_000))])
        let store = FaultInjectingStore(InMemoryRemoteStore(clock: clock), plan: plan, seed: 1, clock: clock)
        var failures = 0
        for check in RemoteStoreConformance.checks { do { try run(check, on: store) } catch { failures += 1 } }
        #expect(failures > RemoteStoreConformance.checks.count / 2)
    }

    /// Runs a check to its end.
    private func run(_ check: RemoteStoreConformance.Check, on store: any RemoteStore) throws {
        let clock = clock
        let result = executor.run { () -> Result<Bool, any Error> in
            do { return .success(try await check.run(on: store, clock: clock)) } catch { return .failure(error) }
        }
        _ = try #require(result, "it waits for something that never happens").get()
    }
}
