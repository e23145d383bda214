import StrataTesting
import StrataTiering
import Testing

/// What users of other caches have reported about values that are out of date, each test named after a report.
@Suite struct CoherenceRegressions {
    /// Caffeine's issue 193: a key is invalidated while it is being loaded, and the load then stores what was before.
    @Test func caffeine193_invalidateDuringLoad() {
        SimulatedTiers { $0.usesLeases = false }.run { tiers async throws in
            let loader = CountingLoader(tiers, value: "old")
            async let loaded = tiers.node.load("k", "f", loader: loader.load)
            await tiers.sleep(.milliseconds(20))
            try await tiers.node.invalidate("k", scope: .local)
            #expect(try await loaded == bytes("old"))
            // Whoever waited has it, but it isn't in the first tier.
            #expect(tiers.node.peek("k", "f") == nil)
        }
    }

    /// The same in the second tier: a removal by another process ends the lease that the load would have been written under.
    @Test func redisson7111_removalDuringLoadIsNotUndone() {
        SimulatedTiers(nodes: 2).run { tiers async throws in
            let loader = CountingLoader(tiers, value: "old", taking: .milliseconds(100))
            async let loaded = tiers.nodes[0].load("k", "f", loader: loader.load)
            await tiers.sleep(.milliseconds(50))
            try await tiers.nodes[1].remove("k")
            _ = try await loaded
            await tiers.sleep(.milliseconds(10))
            #expect(tiers.store.contents(of: bytes("k")).isEmpty)
            #expect(try await tiers.nodes[0].get("k", "f") == nil)
        }
    }

    /// A promotion is overtaken by a write of another process: what was read before must not be stored after the report.
    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func jetcache580_promotionDoesntRestoreAnOldValue(seed: UInt64) {
        SimulatedTiers(nodes: 2, seed: seed).run { tiers async throws in
            try await tiers.nodes[1].set("k", "f", to: "old")
            await tiers.sleep(.milliseconds(5))
            async let first = tiers.nodes[0].get("k", "f")
            async let written: TieredWriteOutcome = tiers.nodes[1].set("k", "f", to: "new")
            _ = try await (first, written)
            await tiers.sleep(.milliseconds(5))
            #expect(try await tiers.nodes[0].get("k", "f") == bytes("new"), "seed \(seed)")
        }
    }

    /// Redisson's issue 4731: of a hundred maps a few resubscribe after a failover.
    ///
    /// Here each shard has an epoch of its own.
    @Test func redisson4731_allShardsResubscribe() {
        SimulatedTiers(store: { $0.shardCount = 8 }).run { tiers async throws in
            for index in 0..<64 { try await tiers.node.set("k\(index)", "f", to: "v") }
            await tiers.sleep(.milliseconds(10))
            for shard in tiers.store.shards { tiers.store.disconnect(shard) }
            await tiers.sleep(.milliseconds(10))
            #expect(tiers.node.statistics.shards.allSatisfy { !$0.isConnected && $0.lossCount == 1 })
            for shard in tiers.store.shards { tiers.store.reconnect(shard) }
            await tiers.sleep(.seconds(2))
            #expect(tiers.node.statistics.shards.allSatisfy { $0.isConnected })
            for index in 0..<64 {
                _ = try await tiers.node.get("k\(index)", "f")
                #expect(tiers.node.peek("k\(index)", "f") == bytes("v"))
            }
        }
    }

    /// Hazelcast's pull request 9177: a blip wipes ten gigabytes, and all clients stampede.
    ///
    /// Suspects stay, and come back at a rate.
    @Test func hazelcast9177_aBlipDoesntWipe() {
        SimulatedTiers { $0.revalidationsPerSecond = 100 }.run { tiers async throws in
            for index in 0..<200 { try await tiers.node.set("k\(index)", "f", to: "v") }
            await tiers.sleep(.milliseconds(10))
            for index in 0..<200 { _ = try await tiers.node.get("k\(index)", "f") }
            tiers.store.disconnect()
            await tiers.sleep(.milliseconds(10))
            tiers.store.reconnect()
            let before = tiers.store.callCount.reads
            await tiers.sleep(.milliseconds(500))
            #expect((0..<200).allSatisfy { tiers.node.peek("k\($0)", "f") == bytes("v") })
            #expect(tiers.store.callCount.reads - before <= 160)
            await tiers.sleep(.seconds(3))
            #expect(tiers.node.statistics.revalidatedKeyCount == 200)
        }
    }

    /// rueidis' issue 857: hits are wanted while the store is away, but not for ever.
    @Test func rueidis857_servesWhileDisconnected() {
        let plan = FaultPlan([.init(.halfOpen, from: .seconds(5), to: .seconds(200))])
        SimulatedTiers(plan: plan, store: { $0.canaryInterval = .seconds(1) }).run { tiers async throws in
            try await tiers.node.set("k", "f", to: "v", lifetime: .seconds(1000))
            await tiers.sleep(.seconds(1))
            _ = try await tiers.node.get("k", "f")
            await tiers.sleep(.seconds(20))
            #expect(tiers.node.peek("k", "f") == bytes("v"))
            #expect(try await tiers.node.get("k", "f") == bytes("v"))
            // Beyond the bound nothing is better than something wrong.
            await tiers.sleep(.seconds(40))
            #expect(tiers.node.peek("k", "f") == nil)
            await #expect(throws: TieredError.self) { try await tiers.node.get("k", "f") }
        }
    }

    /// While the store is away, serving what is suspect asks the source nothing, and the store hardly anything.
    @Test func suspectsAreServedWithoutAskingTheSource_whileTheStoreIsAway() {
        let plan = FaultPlan([
            .init(.refuse(part: 1), from: .seconds(5), to: .seconds(25)),
            .init(.breakReports, from: .seconds(5), to: .seconds(25)),
        ])
        SimulatedTiers(plan: plan) { $0.breaker.openDuration = .seconds(2) }.run { tiers async throws in
            let loader = CountingLoader(tiers)
            let keys = (0..<20).map { "k\($0)" }
            for key in keys {
                _ = try await tiers.node.load(key, "f", loader: loader.load)
                await tiers.sleep(.milliseconds(5))
                _ = try await tiers.node.load(key, "f", loader: loader.load)
            }
            await tiers.sleep(.seconds(5))
            let loads = loader.count
            let before = tiers.node.statistics
            for _ in 0..<100 {
                await tiers.sleep(.milliseconds(150))
                for key in keys {
                    #expect(try await tiers.node.load(key, "f", loader: loader.load) == bytes("loaded"))
                }
            }
            let after = tiers.node.statistics
            #expect(after.staleServedCount - before.staleServedCount > 1000)
            #expect(loader.count == loads)
            // One attempt per key and pause (1, 2, 4, 8 s), and none while the breaker is open.
            #expect(after.refreshCount - before.refreshCount <= 4 * keys.count)
            #expect(after.remoteReadCount - before.remoteReadCount <= 4 * keys.count)
            await tiers.sleep(.seconds(15))
            for key in keys { #expect(tiers.node.peek(key, "f") == bytes("loaded")) }
            #expect(loader.count == loads)
        }
    }

    /// A source that fails isn't asked again by every read of a value whose time is over.
    @Test func aFailingSourceIsLeftAloneForAWhile() {
        SimulatedTiers {
            $0.staleWhileRevalidate = .seconds(60)
            $0.refreshRetryDelay = .seconds(1)
        }.run { tiers async throws in
            _ = try await tiers.node.load("k", "f") { _, _ in [bytes("f"): .value(bytes("old"), lifetime: .seconds(5))]
            }
            await tiers.sleep(.milliseconds(10))
            _ = try await tiers.node.get("k", "f")
            await tiers.sleep(.seconds(6))
            let attempts = Guarded(0)
            for _ in 0..<200 {
                let value = try await tiers.node.load("k", "f") { _, _ in
                    attempts.withLock { $0 += 1 }
                    throw CancellationError()
                }
                #expect(value == bytes("old"))
                await tiers.sleep(.milliseconds(100))
            }
            // At 0, 1, 3, 7 and 15 s of twenty.
            #expect((2...5).contains(attempts.withLock { $0 }), "\(attempts.withLock { $0 })")
            await tiers.sleep(.seconds(16))
            let loader = CountingLoader(tiers, value: "new")
            _ = try await tiers.node.load("k", "f", loader: loader.load)
            await tiers.sleep(.milliseconds(200))
            #expect(try await tiers.node.load("k", "f", loader: loader.load) == bytes("new"))
        }
    }

    /// rueidis' issue 534: under tracking the report of a write may come before or after its answer.
    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func rueidis534_ownWriteSeenByNextRead(seed: UInt64) {
        for delay in [0, 1, 2, 5] {
            SimulatedTiers(seed: seed, store: { $0.reportLatency = .milliseconds(delay) }).run { tiers async throws in
                for round in 0..<20 {
                    try await tiers.node.set("k", "f", to: "\(round)")
                    #expect(try await tiers.node.get("k", "f") == bytes("\(round)"))
                    await tiers.sleep(.milliseconds(round % 3))
                }
            }
        }
    }

    /// Hazelcast's issue 25304: a lost message leaves an entry stale.
    ///
    /// A stream that carries nothing is found by its canaries.
    @Test func hazelcast25304_silenceIsFoundOut() {
        let plan = FaultPlan([.init(.halfOpen, from: .seconds(5), to: .seconds(200))])
        SimulatedTiers(plan: plan, store: { $0.canaryInterval = .seconds(1) }).run { tiers async throws in
            await tiers.sleep(.seconds(3))
            #expect(tiers.node.statistics.coherence == .tracking)
            await tiers.sleep(.seconds(30))
            guard case .degraded = tiers.node.statistics.coherence else {
                Issue.record("\(tiers.node.statistics.coherence)")
                return
            }
        }
    }

    /// FusionCache's issue 442: each node reads again at once what was invalidated.
    ///
    /// Here it is marked, and read when it is wanted.
    @Test func fusionCache442_invalidationReadsNothing() {
        SimulatedTiers(nodes: 2).run { tiers async throws in
            for index in 0..<50 {
                try await tiers.nodes[0].set("k\(index)", "f", to: "v")
                _ = try await tiers.nodes[1].get("k\(index)", "f")
            }
            let before = tiers.store.callCount.reads
            for index in 0..<50 { try await tiers.nodes[0].set("k\(index)", "f", to: "w") }
            await tiers.sleep(.seconds(1))
            #expect(tiers.store.callCount.reads == before)
        }
    }

    /// A whole-key report makes all known fields doubtful: they come back in one round trip.
    @Test func knownFieldsComeBackTogether() {
        SimulatedTiers(nodes: 2).run { tiers async throws in
            let values = Dictionary(uniqueKeysWithValues: (0..<12).map { (bytes("f\($0)"), bytes("v")) })
            try await tiers.nodes[0].set("k", values)
            await tiers.sleep(.milliseconds(5))
            let names = (0..<12).map { "f\($0)" }
            _ = try await tiers.nodes[1].get("k", names)
            try await tiers.nodes[0].set("k", "f3", to: "w")
            await tiers.sleep(.milliseconds(5))
            let before = tiers.store.callCount.reads
            for name in names { _ = try await tiers.nodes[1].get("k", name) }
            #expect(tiers.store.callCount.reads - before == 1)
            #expect(tiers.nodes[1].peek("k", "f3") == bytes("w"))
        }
    }

    /// A read may say how old its answer can be.
    @Test func readsNothingOlderThanTheCallerAccepts() {
        SimulatedTiers(store: { $0.canaryInterval = .seconds(1) }).run { tiers async throws in
            try await tiers.node.set("k", "f", to: "v")
            await tiers.sleep(.seconds(3))
            _ = try await tiers.node.get("k", "f")
            await tiers.sleep(.seconds(10))
            let before = tiers.store.callCount.reads
            // The canaries prove that what is here was right two seconds ago.
            _ = try await tiers.node.get("k", "f", options: .init(maximumStaleness: .seconds(2)))
            #expect(tiers.store.callCount.reads == before)
            _ = try await tiers.node.get("k", "f", options: .init(maximumStaleness: .zero))
            #expect(tiers.store.callCount.reads == before + 1)
        }
    }

    /// Who asks after a report must not be given what a read brings that began before it.
    @Test func joinsNoReadFromBeforeAReport() {
        SimulatedTiers(nodes: 2, store: { $0.latency = .milliseconds(100) }).run { tiers async throws in
            try await tiers.nodes[1].set("k", "f", to: "old")
            await tiers.sleep(.milliseconds(100))
            // The read reaches the store after 50 ms, the write after 55, its report comes back at once, the read's answer after 100.
            async let early = tiers.nodes[0].get("k", "f")
            await tiers.sleep(.milliseconds(5))
            async let written: TieredWriteOutcome = tiers.nodes[1].set("k", "f", to: "new")
            await tiers.sleep(.milliseconds(60))
            #expect(try await tiers.nodes[0].get("k", "f") == bytes("new"))
            #expect(try await early == bytes("old"))
            _ = try await written
        }
    }
}
