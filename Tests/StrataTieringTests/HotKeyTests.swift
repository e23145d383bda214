import StrataTesting
import StrataTiering
import Testing

/// Keys and counters that are kept in several parts.
@Suite struct HotKeyTests {
    private let clock = ManualClock(now: Instant(nanoseconds: 1_000_000_000))

    /// As many nodes as there are copies, each of which reads another one.
    private func nodes(_ count: Int, over store: InMemoryRemoteStore) -> [TieredHash] {
        (0..<count).map { index in
            TieredHash(
                remote: store, clock: clock.tieringClock,
                randomNumber: { (Double(index) + 0.5) / Double(count) })
        }
    }

    @Test func keepsCopiesOnDifferentShards_andReadsOneEach() async throws {
        var layout = InMemoryRemoteStore.Configuration()
        layout.shardCount = 8
        let store = InMemoryRemoteStore(configuration: layout, clock: clock.tieringClock)
        let splitters = nodes(4, over: store).map { HotKeySplitter($0, key: "{hot}key", copies: 4) }
        #expect(Set(splitters.map(\.readKey)).count == 4)
        #expect(Set(splitters.map { store.shard(of: $0.readKey) }).count > 1)

        try await splitters[0].set("f", to: "one")
        for splitter in splitters {
            #expect(store.contents(of: splitter.readKey) == [bytes("f"): bytes("one")])
            #expect(try await splitter.get("f").text == "one")
        }
        try await splitters[3].remove()
        for splitter in splitters { #expect(store.contents(of: splitter.readKey).isEmpty) }
    }

    @Test func loadsEachCopyOnce_withTheKeyThatWasSplit() async throws {
        let store = InMemoryRemoteStore(clock: clock.tieringClock)
        let keys = Guarded<[[UInt8]]>([])
        let splitters = nodes(2, over: store).map { HotKeySplitter($0, key: "hot", copies: 2) }
        for splitter in splitters + splitters {
            let value = try await splitter.load("f") { key, fields in
                keys.withLock { $0.append(key) }
                return [fields[0]: .value(bytes("loaded"))]
            }
            #expect(value.text == "loaded")
        }
        #expect(keys.withLock { $0 } == [bytes("hot"), bytes("hot")])
    }

    @Test func countsInAllParts_withoutLosingAny() async throws {
        var layout = InMemoryRemoteStore.Configuration()
        layout.shardCount = 4
        let store = InMemoryRemoteStore(configuration: layout, clock: clock.tieringClock)
        let nodes = nodes(8, over: store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for node in nodes {
                let counter = SplitCounter(node, key: "visits", field: "n", ways: 8)
                for _ in 0..<20 { group.addTask { try await counter.increment(by: 2) } }
            }
            try await group.waitForAll()
        }
        // A node that has looked at nothing yet.
        let fresh = TieredHash(remote: store, clock: clock.tieringClock)
        #expect(try await SplitCounter(fresh, key: "visits", field: "n", ways: 8).value() == 320)
    }
}
