import InMemoryTracing
import Instrumentation
import Metrics
import MetricsTestKit
import StrataMonitor
import StrataTesting
import StrataTiering
import Testing

/// What a tiered hash tells metrics and traces.
@Suite struct ObservabilityTests {
    @Test func reportsFiguresByTierAndShard() async throws {
        let metrics = TestMetrics()
        try await withMetricsFactory(metrics) {
            let fixture = TierFixture { $0.name = "measured" }
            try await fixture.run { () async throws in
                let node = fixture.node
                _ = try await node.load("k", "f") { _, _ in [bytes("f"): .value(bytes("v"))] }
                // Its own write is reported to it, too: only what is read after that stays.
                await until { node.statistics.invalidatedKeyCount > 0 }
                for _ in 0..<3 { #expect(try await node.get("k", "f").text == "v") }
                #expect(node.peek("k", "f") != nil)
                fixture.clock.advance(by: node.configuration.metricsInterval)
                func gauge(_ name: String, _ label: (String, String)? = nil) -> Double? {
                    let dimensions = [("cache", "measured")] + (label.map { [$0] } ?? [])
                    return try? metrics.expectGauge("strata.tiers.\(name)", dimensions).lastValue
                }
                await until {
                    gauge("breaker_open", ("shard", "0")) != nil && gauge("connected", ("shard", "0")) != nil
                }
                let statistics = node.statistics
                #expect(gauge("hits", ("tier", "local")) == Double(statistics.localHitCount + statistics.peekHitCount))
                #expect(statistics.peekHitCount == 1 && statistics.localHitCount >= 2)
                #expect(gauge("hits", ("tier", "remote")) == Double(statistics.remoteHitCount))
                #expect(gauge("loads", ("tier", "source")) == 1)
                #expect(gauge("failures", ("tier", "remote")) == 0)
                #expect(gauge("keys") == 1)
                #expect(gauge("breaker_open", ("shard", "0")) == 0)
                #expect(gauge("connected", ("shard", "0")) == 1)
                #expect((gauge("bytes") ?? 0) > 0)
            }
        }
    }

    @Test func isWatchedByAMonitor_inOneLine() async throws {
        let fixture = TierFixture { $0.name = "watched" }
        try await fixture.run { () async throws in
            let node = fixture.node
            let registry = MapRegistry()
            let registration = try registry.register(node)
            #expect(registry.names == ["watched", "watched"])
            let monitor = MapMonitor(registry: registry)
            _ = try await node.load("k", "f") { _, _ in [bytes("f"): .value(bytes("v"))] }
            await until { node.statistics.invalidatedKeyCount > 0 }
            for _ in 0..<3 { _ = try await node.get("k", "f") }
            let text = String(decoding: monitor.metricsText().bytes, as: UTF8.self)
            let statistics = node.statistics
            let hits = statistics.localHitCount + statistics.peekHitCount
            #expect(hits >= 2)
            #expect(text.contains("cache_hits_total{cache_name=\"watched\"} \(hits)\n"))
            #expect(text.contains("cache_tier_hits_total{cache_name=\"watched\",tier=\"local\"} \(hits)\n"))
            #expect(text.contains("cache_tier_hits_total{cache_name=\"watched\",tier=\"source\"} 1\n"))
            #expect(text.contains("cache_breaker_state{cache_name=\"watched\",shard=\"0\"} 0\n"))
            #expect(text.contains("cache_shard_connected{cache_name=\"watched\",shard=\"0\"} 1\n"))
            #expect(text.contains("cache_entries{cache_name=\"watched\"} 1\n"))
            // Neither place is left behind when the name is taken.
            #expect(throws: RegistryError.nameIsTaken(name: "watched")) { try registry.register(node) }
            registration.end()
            #expect(registry.names.isEmpty)
        }
    }

    @Test func aBreakerIsWatched_inOneLine() throws {
        let clock = ManualClock(now: Instant(nanoseconds: 1_000_000_000))
        var settings = CircuitBreaker.Configuration()
        settings.consecutiveFailures = 1
        let breaker = SharedBreaker(configuration: settings, clock: clock.tieringClock)
        let registry = MapRegistry()
        let registration = try registry.register(breaker, name: "payments")
        let monitor = MapMonitor(registry: registry)
        monitor.tick()
        if case .allowed(let permit) = breaker.acquire() { permit.fail() }
        monitor.tick()
        let text = String(decoding: monitor.metricsText().bytes, as: UTF8.self)
        #expect(text.contains("cache_breaker_state{cache_name=\"payments\",shard=\"0\"} 2\n"))
        #expect(text.contains("cache_breaker_openings_total{cache_name=\"payments\",shard=\"0\"} 1\n"))
        #expect(!text.contains("cache_queued_writes"))
        #expect(registry.journal.events().map(\.kind) == [.breakerChange])
        withExtendedLifetime(registration) {}
    }

    /// In a process of its own, because the tracer is one for all.
    @Test func beginsASpan_whenTheSecondTierIsAskedOnly() async {
        await #expect(processExitsWith: .success) {
            let tracer = InMemoryTracer()
            InstrumentationSystem.bootstrap(tracer)
            func names() -> [String] { tracer.finishedSpans.map(\.operationName) }
            let store = InMemoryRemoteStore(clock: .system)
            let writer = TieredHash(remote: store)
            let reader = TieredHash(remote: store)
            _ = try await writer.set("k", "f", to: "v")
            precondition(names() == ["cache write"], "\(names())")
            // Who hears of changes needn't ask again.
            let running = Task { try? await reader.run() }
            while !reader.statistics.shards.contains(where: \.isConnected) { await Task.yield() }
            for _ in 0..<3 {
                let value = try await reader.get("k", "f")
                precondition(value != nil)
            }
            precondition(reader.peek("k", "f") != nil)
            // One for the miss, none for the hits.
            precondition(names() == ["cache write", "cache read"], "\(names())")
            _ = try await reader.load("other", "f") { _, fields in [fields[0]: .value([1])] }
            precondition(names().filter { $0 == "cache load" }.count == 1, "\(names())")
            // A failure shows.
            let plan = FaultPlan([.init(.refuse(part: 1), from: .zero, to: .seconds(1000))])
            let broken = TieredHash(
                remote: FaultInjectingStore(store, plan: plan, seed: 1, clock: .system))
            let value = try? await broken.get("k", "f")
            precondition(value == nil)
            precondition(tracer.finishedSpans.count { $0.errors.count == 1 } == 1)
            running.cancel()
            await running.value
        }
    }
}
