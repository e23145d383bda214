import StrataTesting
import StrataTiering
import Synchronization
import Testing

@Suite struct TieredHashTests {
    @Test func readsThroughAllTiers_andPromotes() async throws {
        let fixture = TierFixture()
        try await fixture.run { () async throws in
            let node = fixture.node
            let calls = Atomic(0)
            let loader: FieldLoader = { _, fields in
                calls.wrappingAdd(1, ordering: .relaxed)
                return Dictionary(uniqueKeysWithValues: fields.map { ($0, .value($0 + bytes("!"))) })
            }
            #expect(node.peek("user:1", "name") == nil)
            #expect(try await node.get("user:1", "name") == nil)
            #expect(try await node.load("user:1", "name", loader: loader).text == "name!")
            #expect(calls.load(ordering: .relaxed) == 1)
            #expect(fixture.store.contents(of: bytes("user:1")) == [bytes("name"): bytes("name!")])
            #expect(try await node.load("user:1", ["name", "mail"], loader: loader).map(\.text) == ["name!", "mail!"])
            #expect(calls.load(ordering: .relaxed) == 2)
            _ = try await node.get("user:1", ["name", "mail"])
            #expect(node.peek("user:1", "name").text == "name!")
            #expect(node.peek("user:1", "mail").text == "mail!")
        }
    }

    @Test func asksTheSecondTierOnce_whenManyAsk() async throws {
        let fixture = TierFixture()
        try await fixture.run { () async throws in
            _ = try await fixture.node.set("k", "f", to: "v")
            try await fixture.node.invalidate("k", scope: .local)
            let before = fixture.store.callCount.reads
            await withTaskGroup(of: String?.self) { group in
                for _ in 0..<50 { group.addTask { try? await fixture.node.get("k", "f").text } }
                for await value in group { #expect(value == "v") }
            }
            // Those that came after the first had ended found the first tier filled.
            #expect(fixture.store.callCount.reads - before <= 2)
        }
    }

    @Test func ownWritesAreSeenAtOnce() async throws {
        let fixture = TierFixture(nodes: 2)
        try await fixture.run { () async throws in
            for round in 0..<50 {
                try await fixture.nodes[0].set("k", "f", to: "\(round)")
                #expect(try await fixture.nodes[0].get("k", "f").text == "\(round)")
            }
        }
    }

    @Test func otherNodesSeeAWrite_whenItWasReported() async throws {
        let fixture = TierFixture(nodes: 2)
        try await fixture.run { () async throws in
            try await fixture.nodes[0].set("k", "f", to: "old")
            #expect(try await fixture.nodes[1].get("k", "f").text == "old")
            let reported = fixture.nodes[1].statistics.invalidatedKeyCount
            try await fixture.nodes[0].set("k", "f", to: "new")
            await until { fixture.nodes[1].statistics.invalidatedKeyCount > reported }
            #expect(fixture.nodes[1].peek("k", "f") == nil)
            #expect(try await fixture.nodes[1].get("k", "f").text == "new")
            #expect(fixture.nodes[1].peek("k", "f").text == "new")
        }
    }

    @Test func removesAFieldAndAHash() async throws {
        let fixture = TierFixture()
        try await fixture.run { () async throws in
            let node = fixture.node
            try await node.set("k", [bytes("a"): bytes("1"), bytes("b"): bytes("2")])
            try await node.remove("k", "a")
            #expect(try await node.get("k", ["a", "b"]).map(\.text) == [nil, "2"])
            try await node.remove("k")
            #expect(try await node.getAll("k") == nil)
            #expect(fixture.store.contents(of: bytes("k")).isEmpty)
        }
    }

    @Test func keepsAWholeHash_untilItChanges() async throws {
        let fixture = TierFixture()
        try await fixture.run { () async throws in
            let node = fixture.node
            let loads = Atomic(0)
            let all = try await node.loadAll("k") { _ in
                loads.wrappingAdd(1, ordering: .relaxed)
                return [bytes("a"): .value(bytes("1")), bytes("b"): .value(bytes("2"))]
            }
            #expect(all == [bytes("a"): bytes("1"), bytes("b"): bytes("2")])
            #expect(try await node.getAll("k") == all)
            let reads = fixture.store.callCount.reads
            #expect(try await node.getAll("k") == all)
            #expect(try await node.get("k", "c") == nil)
            #expect(fixture.store.callCount.reads == reads)
            try await node.set("k", "c", to: "3")
            #expect(try await node.getAll("k")?.count == 3)
            #expect(loads.load(ordering: .relaxed) == 1)
        }
    }

    @Test func addsUpInTheSecondTier() async throws {
        let fixture = TierFixture(nodes: 2)
        try await fixture.run { () async throws in
            #expect(try await fixture.nodes[0].increment("k", "n", by: 2) == 2)
            #expect(try await fixture.nodes[1].increment("k", "n") == 3)
            #expect(try await fixture.nodes[1].get("k", "n").text == "3")
        }
    }

    @Test func fieldsOfZeroBytesDontMeetTheHeader() async throws {
        let fixture = TierFixture()
        try await fixture.run { () async throws in
            let node = fixture.node
            for name in [[], [0], [0, 0], [0, 1]] as [[UInt8]] { try await node.set("k", name, to: name + [7]) }
            for name in [[], [0], [0, 0], [0, 1]] as [[UInt8]] {
                #expect(try await node.get("k", name) == name + [7])
                #expect(node.peek("k", name) == name + [7])
            }
        }
    }

    @Test func writesBehind_inOrderAndWithoutLoss() async throws {
        let fixture = TierFixture()
        try await fixture.run { () async throws in
            let node = fixture.node
            for round in 0..<100 {
                let outcome = try await node.set(
                    "k\(round % 7)", "f", to: "\(round)", options: .init(policy: .writeBehind))
                #expect(outcome.isQueued)
                #expect(try await node.get("k\(round % 7)", "f").text == "\(round)")
            }
            await until { node.statistics.queueDepth == 0 }
            for key in 0..<7 {
                let last = (93..<100).first { $0 % 7 == key }!
                #expect(fixture.store.contents(of: bytes("k\(key)")) == [bytes("f"): bytes("\(last)")])
            }
        }
    }

    @Test func tellsWhereAnAnswerCameFrom() async throws {
        let fixture = TierFixture()
        try await fixture.run { () async throws in
            let node = fixture.node
            _ = try await node.load("k", "f") { _, _ in [bytes("f"): .value(bytes("v"))] }
            try await node.invalidate("k", scope: .local)
            var tiers: [Tier] = []
            for _ in 0..<2 {
                let provenance = ReadProvenance()
                _ = try await node.get("k", "f", options: .init(provenance: provenance))
                tiers += provenance.fields.map(\.tier)
            }
            #expect(tiers == [.remote, .local])
        }
    }
}
