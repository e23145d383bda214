import Logging
import StrataTesting
import StrataTiering
import Testing

/// Kinds of trouble that users of other caches have reported, where no suite beside this has a test of that name.
@Suite struct ReportedClasses {
    /// JetCache's issue 145 and many like it: the other nodes keep serving the old value, because nobody switched their notification on.
    @Test func jetcache145_otherNodesSeeAWrite_withoutBeingToldTo() {
        SimulatedTiers(nodes: 4).run { tiers async throws in
            try await tiers.nodes[0].set("k", "f", to: "old")
            await tiers.sleep(.milliseconds(10))
            for node in tiers.nodes { #expect(try await node.get("k", "f") == bytes("old")) }
            try await tiers.nodes[3].set("k", "f", to: "new")
            // As long as a report takes.
            await tiers.sleep(.milliseconds(2))
            for node in tiers.nodes {
                #expect(node.peek("k", "f") ?? bytes("new") == bytes("new"))
                #expect(try await node.get("k", "f") == bytes("new"))
            }
        }
    }

    /// dotnet/runtime's issue 125602: nobody notices that nodes aren't told of each other's changes.
    @Test func runtime125602_theSelfTestComplains_whenReportsDontCome() {
        let plan = FaultPlan([.init(.halfOpen, from: .zero, to: .seconds(100))])
        SimulatedTiers(plan: plan) { $0.selfTestTimeout = .seconds(5) }.run { tiers async throws in
            await tiers.sleep(.seconds(10))
            guard case .degraded = tiers.node.statistics.coherence else {
                Issue.record("\(tiers.node.statistics.coherence)")
                return
            }
        }
    }

    /// Redisson's issue 4686: who missed messages can't find out.
    @Test func redisson4686_lossesCanBeSeen() {
        SimulatedTiers(store: { $0.canaryInterval = .milliseconds(500) }).run { tiers async throws in
            await tiers.sleep(.seconds(2))
            let before = tiers.node.statistics.shards[0]
            #expect(before.stalenessBound.map { $0 <= .seconds(1) } ?? false)
            #expect(before.lossCount == 0)
            tiers.store.disconnect()
            await tiers.sleep(.milliseconds(10))
            let after = tiers.node.statistics.shards[0]
            #expect(after.lossCount == 1)
            #expect(after.stalenessBound == nil)
        }
    }

    /// Redisson's issue 4749: a subscription for each map.
    @Test func redisson4749_oneStreamForAllHashes() {
        SimulatedTiers().run { tiers async throws in
            for index in 0..<1500 { try await tiers.node.set("map \(index)", "f", to: "v") }
            #expect(tiers.store.observerCount == 1)
        }
    }

    /// Caffeine's issue 7: what is fetched again is fetched key by key and field by field.
    @Test func caffeine7_fieldsAreRefreshedTogether() {
        SimulatedTiers { $0.staleWhileRevalidate = .seconds(60) }.run { tiers async throws in
            let names = (0..<8).map { "f\($0)" }
            let old: FieldLoader = { _, fields in
                Dictionary(uniqueKeysWithValues: fields.map { ($0, .value(bytes("old"), lifetime: .seconds(5))) })
            }
            _ = try await tiers.node.load("k", names, loader: old)
            await tiers.sleep(.milliseconds(10))
            _ = try await tiers.node.get("k", names)
            await tiers.sleep(.seconds(6))
            let loader = CountingLoader(tiers, value: "new")
            #expect(try await tiers.node.load("k", names, loader: loader.load) == names.map { _ in bytes("old") })
            await tiers.sleep(.milliseconds(200))
            #expect(loader.fields == [names.map(bytes)])
            #expect(try await tiers.node.load("k", names, loader: loader.load) == names.map { _ in bytes("new") })
        }
    }

    /// FusionCache's issue 544: what happens after hours or failures can't be tested.
    @Test func fusionCache544_timePassesByTheClockGiven() async throws {
        let fixture = TierFixture { $0.local.maximumLifetime = .seconds(7200) }
        try await fixture.run {
            try await fixture.node.set("k", "f", to: "v", lifetime: .seconds(3600))
            _ = try await fixture.node.get("k", "f")
            fixture.clock.advance(by: .seconds(3599))
            #expect(try await fixture.node.get("k", "f") == bytes("v"))
            fixture.clock.advance(by: .seconds(2))
            #expect(try await fixture.node.get("k", "f") == nil)
        }
    }

    /// JetCache's issue 746: nobody can tell why a read missed.
    @Test func jetcache746_aReadTellsWhyItMissed() {
        SimulatedTiers(nodes: 2).run { tiers async throws in
            func reason(_ key: String) async throws -> MissReason? {
                let provenance = ReadProvenance()
                _ = try await tiers.nodes[0].get(key, "f", options: .init(provenance: provenance))
                return provenance.fields.first?.missReason
            }
            try await tiers.nodes[1].set("k", "f", to: "v", lifetime: .seconds(100))
            await tiers.sleep(.milliseconds(5))
            #expect(try await reason("k") == .unknown)
            #expect(try await reason("k") == nil)
            try await tiers.nodes[1].set("k", "f", to: "w", lifetime: .seconds(100))
            await tiers.sleep(.milliseconds(5))
            #expect(try await reason("k") == .invalidated)
            tiers.store.disconnect()
            await tiers.sleep(.milliseconds(5))
            #expect(try await reason("k") == .suspect)
        }
    }
}
