import StrataTesting
import StrataTiering
import Testing

/// What users of other caches have reported about loaders, deadlines and failures, each test named after a report.
@Suite struct LoadingRegressions {
    private struct SourceFailure: Error {}

    private struct ChangingSource {
        var value = 0
        var loads = 0
        var running = 0
        var most = 0
    }

    /// Altinn/dialporten's pull request 4300: a loader that hangs holds the key for ever.
    @Test func dialporten4300_hangingLoaderDoesntPoisonTheKey() {
        SimulatedTiers { $0.loaderTimeout = .milliseconds(300) }.run { tiers async throws in
            await #expect(throws: TieredError.self) {
                _ = try await tiers.node.load("k", "f") { _, _ in
                    // Heeds nothing, not even its cancellation.
                    await withCheckedContinuation { (_: CheckedContinuation<Void, Never>) in }
                    return [:]
                }
            }
            let loader = CountingLoader(tiers)
            #expect(try await tiers.node.load("k", "f", loader: loader.load) == bytes("loaded"))
        }
    }

    /// FusionCache's issue 608 and others: one caller's cancellation ends the load of all.
    @Test func fusionCache608_cancelledCallerDoesntPoisonTheKey() {
        SimulatedTiers().run { tiers async throws in
            let loader = CountingLoader(tiers, taking: .milliseconds(200))
            let first = Task(executorPreference: tiers.executor) {
                try await tiers.node.load("k", "f", loader: loader.load)
            }
            await tiers.sleep(.milliseconds(50))
            async let second = tiers.node.load("k", "f", loader: loader.load)
            await tiers.sleep(.milliseconds(10))
            first.cancel()
            #expect(try await second == bytes("loaded"))
            #expect(loader.count == 1)
            await #expect(throws: TieredError.self) { try await first.value }
        }
    }

    /// FusionCache's issue 16: bulk loads, of what is missing only.
    @Test func fusionCache16_bulkLoadAsksForTheMissingOnly() {
        SimulatedTiers(nodes: 2).run { tiers async throws in
            try await tiers.nodes[0].set("k", "a", to: "1")
            await tiers.sleep(.milliseconds(5))
            try await tiers.nodes[1].set("k", "b", to: "2")
            await tiers.sleep(.milliseconds(5))
            let loader = CountingLoader(tiers)
            let before = tiers.store.callCount.reads
            let values = try await tiers.nodes[0].load("k", ["a", "b", "c", "d"], loader: loader.load)
            #expect(values == [bytes("1"), bytes("2"), bytes("loaded"), bytes("loaded")])
            #expect(loader.fields == [[bytes("c"), bytes("d")]])
            // One for the unknown fields, one more look with the lease in hand.
            #expect(tiers.store.callCount.reads - before == 2)
        }
    }

    /// A bulk load joins what is under way, and asks for the rest.
    @Test func bulkLoadsJoinOverlappingOnes() {
        SimulatedTiers { $0.usesLeases = false }.run { tiers async throws in
            let loader = CountingLoader(tiers, taking: .milliseconds(100))
            async let first = tiers.node.load("k", ["a", "b"], loader: loader.load)
            await tiers.sleep(.milliseconds(20))
            async let second = tiers.node.load("k", ["b", "c"], loader: loader.load)
            _ = try await (first, second)
            #expect(loader.fields == [[bytes("a"), bytes("b")], [bytes("c")]])
        }
    }

    /// A load that began before a change was reported isn't joined by who comes after it, and no second one runs beside it.
    @Test(arguments: [false, true])
    func loadsOfAFieldAreOneAtATime_whenTheKeyChangesMeanwhile(areWhole: Bool) {
        // The second tier can't be asked, so no lease holds the second load back.
        let plan = FaultPlan([.init(.refuse(part: 1), from: .zero, to: .seconds(1000))])
        SimulatedTiers(plan: plan).run { tiers async throws in
            let node = tiers.node
            let source = Guarded(ChangingSource())
            @Sendable func run() async -> [UInt8] {
                // A source that is read when the loader begins, and takes its time to say so.
                let value = source.withLock { source in
                    source.running += 1
                    source.most = max(source.most, source.running)
                    source.loads += 1
                    return bytes("\(source.value)")
                }
                await tiers.sleep(.milliseconds(100))
                source.withLock { $0.running -= 1 }
                return value
            }
            let clients = (0..<8).map { number in
                Task(executorPreference: tiers.executor) {
                    await tiers.sleep(.milliseconds(20 * number))
                    let wanted = source.withLock { $0.value }
                    let value: [UInt8]?
                    if areWhole {
                        value = try await node.loadAll("k") { _ in [bytes("f"): .value(await run())] }[bytes("f")]
                    } else {
                        value = try await node.load("k", "f") { _, _ in [bytes("f"): .value(await run())] }
                    }
                    #expect((Int(value.text ?? "") ?? -1) >= wanted, "client \(number)")
                    source.withLock { $0.value += 1 }
                    try await node.invalidate("k", scope: .local)
                }
            }
            for change in 0..<8 {
                await tiers.sleep(.milliseconds(15))
                source.withLock { $0.value = 100 * change }
                try await node.invalidate("k", scope: .local)
            }
            for client in clients { try await client.value }
            #expect(source.withLock { $0.most } == 1)
            // One under way and one queued at any time, though the key changed at least eight times while clients came.
            #expect(source.withLock { $0.loads } <= 4)
            await tiers.sleep(.milliseconds(10))
            #expect(node.statistics.taskCount == 0)
        }
    }

    /// What is queued behind a load is joined by all who come before it begins.
    @Test func whoComesWhileALoadIsQueuedJoinsIt() {
        SimulatedTiers { $0.usesLeases = false }.run { tiers async throws in
            let loader = CountingLoader(tiers, taking: .milliseconds(100))
            async let first = tiers.node.load("k", "f", loader: loader.load)
            var others: [Task<[UInt8]?, any Error>] = []
            for _ in 0..<5 {
                await tiers.sleep(.milliseconds(10))
                try await tiers.node.invalidate("k", scope: .local)
                others.append(
                    Task(executorPreference: tiers.executor) {
                        try await tiers.node.load("k", "f", loader: loader.load)
                    })
            }
            _ = try await first
            for other in others { #expect(try await other.value == bytes("loaded")) }
            #expect(loader.count == 2)
        }
    }

    /// A load of a whole hash waits for that of one of its fields, and the other way round.
    @Test func wholeAndPartialLoadsDontOverlap() {
        SimulatedTiers { $0.usesLeases = false }.run { tiers async throws in
            let running = Guarded((now: 0, most: 0))
            @Sendable func run() async {
                running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                await tiers.sleep(.milliseconds(50))
                running.withLock { $0.now -= 1 }
            }
            async let part = tiers.node.load("k", "f") { _, _ in
                await run()
                return [bytes("f"): .doNotCache(bytes("v"))]
            }
            await tiers.sleep(.milliseconds(10))
            async let whole = tiers.node.loadAll("k") { _ in
                await run()
                return [bytes("f"): .doNotCache(bytes("v"))]
            }
            #expect(try await (part, whole) == (bytes("v"), [bytes("f"): bytes("v")]))
            #expect(running.withLock { $0.most } == 1)
        }
    }

    /// Many processes want what nobody has: one of them loads, and the others are woken by the report of its write.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func oneProcessLoads_andWakesTheOthers(seed: UInt64) {
        SimulatedTiers(nodes: 5, seed: seed) { $0.leasePollInterval = .seconds(60) }.run { tiers async throws in
            let loader = CountingLoader(tiers, taking: .milliseconds(100))
            let start = tiers.now
            await withTaskGroup(of: [UInt8]?.self) { group in
                for node in tiers.nodes {
                    for _ in 0..<10 { group.addTask { try? await node.load("k", "f", loader: loader.load) } }
                }
                for await value in group { #expect(value == bytes("loaded")) }
            }
            #expect(loader.count == 1, "seed \(seed)")
            // Woken, not polling: a poll would have taken a minute.
            #expect(start.duration(to: tiers.now) < .milliseconds(200))
        }
    }

    /// dotnet/extensions' issue 5688: looking must not load.
    @Test func extensions5688_lookingDoesntLoad() {
        SimulatedTiers().run { tiers async throws in
            #expect(tiers.node.peek("k", "f") == nil)
            #expect(try await tiers.node.get("k", "f") == nil)
            #expect(tiers.node.statistics.loadCount == 0)
        }
    }

    /// dotnet/extensions' issue 6202: a loader must be able to decline to store.
    @Test func extensions6202_aLoaderMayDeclineToStore() {
        SimulatedTiers().run { tiers async throws in
            for _ in 0..<2 {
                let value = try await tiers.node.load("k", "f") { _, _ in [bytes("f"): .doNotCache(bytes("v"))] }
                #expect(value == bytes("v"))
            }
            #expect(tiers.node.statistics.loadCount == 2)
            #expect(tiers.store.contents(of: bytes("k")).isEmpty)
        }
    }

    /// aspnetcore's issue 54647: what the source doesn't have is remembered, for a time of its own.
    @Test func aspnetcore54647_absenceIsRememberedForItsOwnTime() {
        SimulatedTiers(nodes: 2).run { tiers async throws in
            let absent: FieldLoader = { _, _ in [bytes("f"): .absent(lifetime: .seconds(5))] }
            for node in tiers.nodes { #expect(try await node.load("k", "f", loader: absent) == nil) }
            #expect(tiers.nodes[0].statistics.loadCount + tiers.nodes[1].statistics.loadCount == 1)
            await tiers.sleep(.seconds(6))
            let loader = CountingLoader(tiers)
            #expect(try await tiers.nodes[1].load("k", "f", loader: loader.load) == bytes("loaded"))
        }
    }

    /// react_on_rails' issue 5027: what is promoted outlives the second tier, or has ended already.
    @Test(arguments: [1, 10, 100, 1000])
    func reactOnRails5027_promotedEntriesNeverOutliveTheSecondTier(seconds: Int) {
        SimulatedTiers(nodes: 2) { $0.eagerRefreshThreshold = nil }.run { tiers async throws in
            let start = tiers.now
            try await tiers.nodes[0].set("k", "f", to: "v", lifetime: .seconds(seconds))
            await tiers.sleep(.milliseconds(500))
            #expect(try await tiers.nodes[1].get("k", "f") == bytes("v"))
            while start.duration(to: tiers.now) < .seconds(seconds + 2) {
                await tiers.sleep(.milliseconds(100) * seconds)
                let isOver = start.duration(to: tiers.now) > .seconds(seconds) + .milliseconds(10)
                for node in tiers.nodes { if isOver { #expect(node.peek("k", "f") == nil) } }
            }
            // The key in the second tier ends by itself.
            await tiers.sleep(.seconds(seconds))
            #expect(tiers.store.deadline(of: bytes("k")) == nil)
        }
    }

    /// Every key of the second tier ends, by whatever way it came there.
    @Test func everyKeyOfTheSecondTierHasADeadline() {
        SimulatedTiers().run { tiers async throws in
            let node = tiers.node
            try await node.set("set", "f", to: "v")
            try await node.set("behind", "f", to: "v", options: .init(policy: .writeBehind))
            try await node.increment("increment", "f")
            let loader = CountingLoader(tiers)
            _ = try await node.load("load", "f", loader: loader.load)
            _ = try await node.loadAll("loadAll") { _ in [bytes("f"): .value(bytes("v"))] }
            await tiers.sleep(.seconds(1))
            for key in ["set", "behind", "increment", "load", "loadAll"] {
                #expect(tiers.store.contents(of: bytes(key)).count == 1, "\(key)")
                #expect(tiers.store.deadline(of: bytes(key)) != nil, "\(key)")
            }
        }
    }

    /// FusionCache's issue 34, dotnet/extensions' issue 7683: failures of the second tier can't be seen.
    @Test func fusionCache34_failuresAreVisible() {
        let plan = FaultPlan([.init(.refuse(part: 1), from: .zero, to: .seconds(100))])
        SimulatedTiers(plan: plan).run { tiers async throws in
            await #expect(throws: TieredError.self) { try await tiers.node.set("k", "f", to: "v") }
            let outcome = try await tiers.node.set("k", "f", to: "v", options: .init(assurance: .bestEffort))
            #expect(outcome.tiers == [.local])
            #expect(outcome.failure != nil)
            #expect(tiers.node.peek("k", "f") == bytes("v"))
        }
    }

    /// resilience4j's issue 544 and others: an error that doesn't count keeps the permit, and the breaker is half-open for ever.
    @Test func resilience4j544_ignoredErrorReturnsPermit() throws {
        let clock = ManualClock()
        let breaker = SharedBreaker(clock: clock.tieringClock)
        for _ in 0..<3 {
            guard case .allowed(let permit) = breaker.acquire() else { throw SourceFailure() }
            permit.fail()
        }
        clock.advance(by: .seconds(30))
        for isDropped in [false, true, false] {
            guard case .allowed(let permit) = breaker.acquire() else {
                Issue.record("the permit was lost")
                return
            }
            // Told that it says nothing, or not told anything at all.
            if !isDropped { permit.ignore() }
        }
        guard case .allowed(let permit) = breaker.acquire() else { throw SourceFailure() }
        permit.succeed()
        #expect(breaker.state == .closed)
    }

    /// A breaker for each shard: one that fails doesn't take the others with it.
    @Test func oneFailedShardLeavesTheOthersAlone() {
        let clock = ManualClock()
        let configuration = TieredHash.Configuration()
        let breakers = [
            SharedBreaker(configuration: configuration.breaker, clock: clock.tieringClock),
            SharedBreaker(clock: clock.tieringClock),
        ]
        for _ in 0..<3 { if case .allowed(let permit) = breakers[0].acquire() { permit.fail() } }
        #expect(breakers[0].isRejecting)
        #expect(!breakers[1].isRejecting)
    }

    /// An old value is served while a new one is loaded, within its bound, by one load.
    @Test func servesTheOldValue_whileItLoadsANewOne() {
        SimulatedTiers { $0.staleWhileRevalidate = .seconds(30) }.run { tiers async throws in
            _ = try await tiers.node.load("k", "f") { _, _ in [bytes("f"): .value(bytes("old"), lifetime: .seconds(10))]
            }
            // The report of the load's own write makes the next read ask the second tier once.
            await tiers.sleep(.milliseconds(10))
            _ = try await tiers.node.get("k", "f")
            await tiers.sleep(.seconds(11))
            let loader = CountingLoader(tiers, value: "new")
            for _ in 0..<5 { #expect(try await tiers.node.load("k", "f", loader: loader.load) == bytes("old")) }
            await tiers.sleep(.milliseconds(200))
            #expect(try await tiers.node.load("k", "f", loader: loader.load) == bytes("new"))
            #expect(loader.count == 1)
        }
    }

    /// An old value is served when the source fails, within its bound.
    @Test func servesTheOldValue_whenTheSourceFails() {
        SimulatedTiers { $0.staleIfError = .seconds(30) }.run { tiers async throws in
            _ = try await tiers.node.load("k", "f") { _, _ in [bytes("f"): .value(bytes("old"), lifetime: .seconds(10))]
            }
            _ = try await tiers.node.get("k", "f")
            await tiers.sleep(.seconds(15))
            let failing: FieldLoader = { _, _ in throw SourceFailure() }
            for _ in 0..<5 {
                #expect(try await tiers.node.load("k", "f", loader: failing) == bytes("old"))
                await tiers.sleep(.milliseconds(100))
            }
            await tiers.sleep(.seconds(30))
            await #expect(throws: SourceFailure.self) { try await tiers.node.load("k", "f", loader: failing) }
        }
    }

    /// While an old value is loaded anew, everybody is served the old one, however long that takes.
    @Test func servesTheOldValue_asLongAsTheLoaderTakes() {
        SimulatedTiers { $0.staleWhileRevalidate = .seconds(30) }.run { tiers async throws in
            _ = try await tiers.node.load("k", "f") { _, _ in [bytes("f"): .value(bytes("old"), lifetime: .seconds(10))]
            }
            await tiers.sleep(.milliseconds(10))
            _ = try await tiers.node.get("k", "f")
            await tiers.sleep(.seconds(11))
            let loader = CountingLoader(tiers, value: "new", taking: .seconds(2))
            for _ in 0..<10 {
                #expect(try await tiers.node.load("k", "f", loader: loader.load) == bytes("old"))
                await tiers.sleep(.milliseconds(150))
            }
            await tiers.sleep(.seconds(1))
            #expect(try await tiers.node.load("k", "f", loader: loader.load) == bytes("new"))
            #expect(loader.count == 1)
        }
    }

    /// That the second tier was known to have nothing is no answer when the source fails.
    @Test func failsWithTheSource_whenNothingIsKnown() {
        SimulatedTiers().run { tiers async throws in
            let failing: FieldLoader = { _, _ in throw SourceFailure() }
            for _ in 0..<5 {
                await #expect(throws: SourceFailure.self) { try await tiers.node.load("k", "f", loader: failing) }
                await tiers.sleep(.milliseconds(50))
            }
        }
    }

    /// A slow loader is left to itself when there is something old to go on with.
    @Test func servesTheOldValueAfterTheSoftTimeout() {
        SimulatedTiers {
            $0.staleIfError = .seconds(30)
            $0.softLoaderTimeout = .milliseconds(20)
        }.run { tiers async throws in
            _ = try await tiers.node.load("k", "f") { _, _ in [bytes("f"): .value(bytes("old"), lifetime: .seconds(10))]
            }
            _ = try await tiers.node.get("k", "f")
            await tiers.sleep(.seconds(15))
            let loader = CountingLoader(tiers, value: "new", taking: .milliseconds(300))
            let start = tiers.now
            #expect(try await tiers.node.load("k", "f", loader: loader.load) == bytes("old"))
            #expect(start.duration(to: tiers.now) < .milliseconds(50))
            await tiers.sleep(.milliseconds(500))
            #expect(try await tiers.node.load("k", "f", loader: loader.load) == bytes("new"))
            #expect(loader.count == 1)
        }
    }

    /// A hot value is fetched again before it ends, so that nobody ever waits for it.
    @Test func hotValuesAreFetchedAheadOfTime() {
        SimulatedTiers { $0.hotFrequency = 6 }.run { tiers async throws in
            let loader: FieldLoader = { _, _ in
                [bytes("f"): .value(bytes("\(tiers.now.nanoseconds)"), lifetime: .seconds(10))]
            }
            _ = try await tiers.node.load("k", "f", loader: loader)
            for _ in 0..<300 {
                await tiers.sleep(.milliseconds(100))
                _ = try await tiers.node.load("k", "f", loader: loader)
            }
            #expect(tiers.node.statistics.eagerRefreshCount >= 2)
            #expect(tiers.node.statistics.loadCount >= 3)
        }
    }

    /// While the store is away writes wait, and arrive when it is back; a shutdown waits for them.
    @Test func queuedWritesArrive_whenTheStoreIsBack() {
        let plan = FaultPlan([.init(.refuse(part: 1), from: .zero, to: .seconds(20))])
        SimulatedTiers(plan: plan) { $0.breaker.openDuration = .seconds(1) }.run { tiers async throws in
            for index in 0..<50 {
                try await tiers.node.set("k\(index)", "f", to: "v", options: .init(policy: .writeBehind))
                #expect(try await tiers.node.get("k\(index)", "f") == bytes("v"))
            }
            #expect(tiers.node.statistics.queueDepth == 50)
            await tiers.sleep(.seconds(60))
            #expect(tiers.node.statistics.queueDepth == 0)
            for index in 0..<50 { #expect(tiers.store.contents(of: bytes("k\(index)")).count == 1) }
        }
    }

    /// A queue that is full holds callers back, for as long as their budget lasts.
    @Test func aFullQueueHoldsCallersBack() {
        let plan = FaultPlan([.init(.refuse(part: 1), from: .zero, to: .seconds(1000))])
        SimulatedTiers(plan: plan) { $0.writeBehindCapacity = 2 }.run { tiers async throws in
            for key in ["a", "b"] { try await tiers.node.set(key, "f", to: "v", options: .init(policy: .writeBehind)) }
            let start = tiers.now
            await #expect(throws: TieredError.self) {
                try await tiers.node.set(
                    "c", "f", to: "v", options: .init(policy: .writeBehind, budget: .milliseconds(300)))
            }
            #expect(start.duration(to: tiers.now) == .milliseconds(300))
        }
    }

    /// Parts of a split counter lie under different hash tags, and add up.
    @Test func splitCountersAddUp() {
        SimulatedTiers(nodes: 2, store: { $0.shardCount = 4 }).run { tiers async throws in
            let counters = tiers.nodes.map { SplitCounter($0, key: "{video}:42", field: "views", ways: 8) }
            for counter in counters { for _ in 0..<10 { try await counter.increment() } }
            await tiers.sleep(.milliseconds(10))
            for counter in counters { #expect(try await counter.value() == 20) }
            let window = SplitCounter.Window(slice: .seconds(60), count: 2)
            let sliced = SplitCounter(tiers.node, key: "v", field: "n", ways: 2, window: window)
            try await sliced.increment(by: 5)
            #expect(try await sliced.value() == 5)
            await tiers.sleep(.seconds(60))
            try await sliced.increment(by: 2)
            #expect(try await sliced.value() == 7)
            await tiers.sleep(.seconds(60))
            #expect(try await sliced.value() == 2)
        }
    }
}
