import StrataTesting
import StrataTiering
import Testing

/// Some tiered hashes over one store in memory, with a clock that a test moves.
struct TierFixture {
    let clock: ManualClock
    let store: InMemoryRemoteStore
    let nodes: [TieredHash]

    init(
        nodes count: Int = 1, store configuration: InMemoryRemoteStore.Configuration = .init(),
        _ change: (inout TieredHash.Configuration) -> Void = { _ in }
    ) {
        let clock = ManualClock(now: Instant(nanoseconds: 1_000_000_000))
        let store = InMemoryRemoteStore(configuration: configuration, clock: clock.tieringClock)
        var settings = TieredHash.Configuration()
        settings.lifetimeJitter = 0
        change(&settings)
        self.clock = clock
        self.store = store
        nodes = (0..<count).map { _ in
            TieredHash(remote: store, configuration: settings, clock: clock.tieringClock, randomNumber: { 0.5 })
        }
    }

    var node: TieredHash { nodes[0] }

    /// Runs a test while all nodes observe the store.
    func run(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for node in nodes { group.addTask { try? await node.run() } }
            await until {
                nodes.allSatisfy { $0.statistics.shards.contains { $0.isConnected } || !store.capabilities.tracking }
            }
            do { try await body() } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
        }
    }
}

/// Waits until something is so, while others get on.
func until(_ isSo: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation) async {
    for _ in 0..<100_000 {
        if isSo() { return }
        await Task.yield()
    }
    Issue.record("it never came to be", sourceLocation: sourceLocation)
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

extension [UInt8]? {
    var text: String? { map { String(decoding: $0, as: UTF8.self) } }
}
