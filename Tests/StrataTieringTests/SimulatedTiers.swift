import StrataTesting
import StrataTiering
import Testing

/// Some tiered hashes over one store in memory, on an executor and a clock that run by themselves: waiting takes no time.
struct SimulatedTiers: Sendable {
    let executor: DeterministicExecutor
    let store: InMemoryRemoteStore
    let nodes: [TieredHash]

    init(
        nodes count: Int = 1, seed: UInt64 = 1, plan: FaultPlan = FaultPlan(),
        _ changeNode: (inout TieredHash.Configuration) -> Void = { _ in },
        store change: (inout InMemoryRemoteStore.Configuration) -> Void = { _ in }
    ) {
        let executor = DeterministicExecutor(seed: seed)
        var layout = InMemoryRemoteStore.Configuration()
        layout.latency = .milliseconds(2)
        layout.reportLatency = .milliseconds(1)
        change(&layout)
        let store = InMemoryRemoteStore(configuration: layout, clock: executor.clock.tieringClock)
        let faulty = FaultInjectingStore(store, plan: plan, seed: seed, clock: executor.clock.tieringClock)
        var settings = TieredHash.Configuration()
        settings.lifetimeJitter = 0
        settings.local.hashSeed = 1
        changeNode(&settings)
        self.executor = executor
        self.store = store
        nodes = (0..<count).map { _ in
            TieredHash(
                remote: faulty, configuration: settings, clock: executor.clock.tieringClock, executor: executor,
                randomNumber: { 0.5 })
        }
    }

    var node: TieredHash { nodes[0] }
    var now: Instant { executor.clock.now }

    func sleep(_ time: Duration) async { try? await executor.clock.sleep(until: now.advanced(by: time)) }

    /// Runs a test on the executor, while all nodes observe the store.
    func run(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: @escaping @Sendable (SimulatedTiers) async throws -> Void
    ) {
        let error = executor.run { () async -> String? in
            await withTaskGroup(of: Void.self) { group in
                for node in nodes { group.addTask { await node.runUntilCancelled() } }
                await sleep(.milliseconds(10))
                defer { group.cancelAll() }
                do { try await body(self) } catch { return "\(error)" }
                return nil
            }
        }
        switch error {
        case .none: Issue.record("the test never ended", sourceLocation: sourceLocation)
        case .some(.some(let text)): Issue.record("\(text)", sourceLocation: sourceLocation)
        case .some(.none): break
        }
    }
}

/// A loader that brings the same value for whatever it is asked, after a while, and counts.
final class CountingLoader: Sendable {
    private let state = Guarded<(count: Int, fields: [[[UInt8]]])>((0, []))
    let tiers: SimulatedTiers
    let value: String
    let time: Duration

    init(_ tiers: SimulatedTiers, value: String = "loaded", taking time: Duration = .milliseconds(50)) {
        self.tiers = tiers
        self.value = value
        self.time = time
    }

    var count: Int { state.withLock { $0.count } }
    /// What it was asked for, call by call.
    var fields: [[[UInt8]]] { state.withLock { $0.fields } }

    var load: FieldLoader {
        { _, fields in
            self.state.withLock { state in
                state.count += 1
                state.fields.append(fields)
            }
            try await self.tiers.executor.clock.sleep(until: self.tiers.now.advanced(by: self.time))
            return Dictionary(uniqueKeysWithValues: fields.map { ($0, .value(bytes(self.value))) })
        }
    }
}
