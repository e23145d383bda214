import Strata
import StrataLab
import StrataMonitor
import Synchronization
import Testing

@Suite struct ServiceSignalsTests {
    private static let text = """
        # TYPE cache_hits_total counter
        cache_hits_total{cache_name="users"} 600
        cache_hits_total{cache_name="carts"} 90 1700000000
        # TYPE cache_misses_total counter
        cache_misses_total{cache_name="users"} 400
        cache_misses_total{cache_name="carts"} 10
        cache_operations_total{cache_name="users",operation="get"} 1000
        cache_operations_total{cache_name="users",operation="set"} 50
        cache_processor_ratio{cache_name="users"} 0.2
        cache_entries{cache_name="users"} 500
        cache_bytes{cache_name="users"} 50000
        process_cpu_seconds_total 10
        strata_processor_limit 2
        strata_processor_ratio 0.5
        other_total 5
        """

    private func changed(_ changes: [(String, String)]) -> ServiceReading {
        ServiceReading(changes.reduce(Self.text) { $0.replacing($1.0, with: $1.1) })
    }

    @Test func addsUpAllCaches() throws {
        let signals = try ServiceSignals(metrics: Self.text)
        #expect(signals.hits == 690)
        #expect(signals.misses == 410)
        #expect(signals.mapUse == 0.2)
        // A fifth of the half that is in use.
        #expect(signals.processorShare == 0.1)
        #expect(signals.entryBytes == 100)
        #expect(signals.findings[0].contains("62.7 % since its start, below 70 %"))
        #expect(signals.findings[1].contains("above 15 %"))
    }

    @Test func looksAtOneCache() throws {
        let signals = try ServiceSignals(metrics: Self.text, cache: "carts")
        #expect(signals.hitRatio == 0.9)
        #expect(signals.mapUse == nil)
        #expect(signals.applied(to: DecisionFacts()).measuredHitRatio == 0.9)
    }

    @Test func twoReadings_tellWhatHappenedBetween() throws {
        let later = changed([
            ("cache_hits_total{cache_name=\"users\"} 600", "cache_hits_total{cache_name=\"users\"} 1400"),
            ("operation=\"set\"} 50", "operation=\"set\"} 150"), ("cpu_seconds_total 10", "cpu_seconds_total 18"),
        ])
        let signals = try ServiceSignals(later, since: (ServiceReading(Self.text), 10))
        #expect(signals.readsPerSecond == 80)
        #expect(signals.writesPerSecond == 10)
        #expect(signals.hitRatio == 1)
        // 8 of the 20 seconds that two processors have, and a fifth of that.
        #expect(abs(try #require(signals.processorShare) - 0.08) < 1e-12)
        var facts = DecisionFacts()
        facts.processes = 3
        let found = signals.applied(to: facts)
        #expect(found.readsPerSecond == 240)
        #expect(found.writesPerSecond == 30)
        #expect(found.entries == 500)
        #expect(found.measuredProcessorShare == signals.processorShare)
        // Ten times the load would take ten times the share.
        facts.readsPerSecond = 2400
        facts.writesPerSecond = 300
        let stated = signals.applied(to: facts, stated: ["reads", "writes"])
        #expect(stated.readsPerSecond == 2400)
        #expect(abs(try #require(stated.measuredProcessorShare) - 0.8) < 1e-12)
    }

    @Test func takesTheNewestAlone_whenTheServiceWasStartedAnew() throws {
        let later = changed([("cache_hits_total{cache_name=\"users\"} 600", "cache_hits_total{cache_name=\"users\"} 7")]
        )
        let signals = try ServiceSignals(later, since: (ServiceReading(Self.text), 10))
        #expect(signals.readsPerSecond == nil)
        #expect(signals.hits == 97)
    }

    @Test func seesWhatIsShared() throws {
        #expect(try ServiceSignals(metrics: Self.text).sharing == nil)
        let server = try ServiceSignals(metrics: Self.text + "\nstrata_connected_clients 3")
        #expect(server.isServer)
        #expect(server.sharing?.contains("3 clients") == true)
        let facts = server.applied(to: DecisionFacts())
        #expect(facts.isShared && facts.processes == 2)
        // What hits a server doesn't hit the process that asks it.
        #expect(facts.measuredHitRatio == nil && facts.measuredProcessorShare == nil)
        let tiered = try ServiceSignals(
            metrics: Self.text + "\ncache_tier_hits_total{cache_name=\"users\",tier=\"remote\"} 3")
        #expect(!tiered.isServer && tiered.sharing?.contains("second tier") == true)
        #expect(try ServiceSignals(metrics: Self.text + "\nstrata_connected_clients 1").sharing == nil)
    }

    @Test func whatIsStated_beatsWhatIsMeasured() throws {
        var facts = DecisionFacts()
        facts.measuredHitRatio = 0.5
        facts.entries = 7
        let found = try ServiceSignals(metrics: Self.text).applied(to: facts, stated: ["hit-ratio", "entries"])
        #expect(found.measuredHitRatio == 0.5)
        #expect(found.entries == 7)
        #expect(found.entryBytes == 100)
    }

    /// The names are those that a monitor writes: each but for a server's and those of tiers is in the text of a map in use.
    @Test func readsWhatAMonitorWrites() throws {
        let hands = Atomic<Int>(1_000)
        let registry = MapRegistry()
        let cache = Cache<Int, Int>(maximumCount: 1000)
        let registration = try registry.register(cache, name: "a \"b\" \\c, d")
        let processor = Atomic<Int>(0)
        try withExtendedLifetime(registration) {
            let monitor = MapMonitor(
                registry: registry, clock: MonitorClock { Double(hands.load(ordering: .relaxed)) },
                process: {
                    var figures = ProcessFigures()
                    figures.processorSeconds = Double(processor.load(ordering: .relaxed))
                    figures.processorCount = 2
                    return figures
                })
            for _ in 0..<3 {
                for key in 0..<20_000 {
                    cache.put(key, forKey: key % 500)
                    _ = cache.get(key % 1000)
                }
                hands.wrappingAdd(1, ordering: .relaxed)
                processor.wrappingAdd(1, ordering: .relaxed)
                monitor.tick()
            }
            let text = String(decoding: monitor.metricsText().bytes, as: UTF8.self)
            let found = Set(ServiceReading(text).samples.map(\.name))
            let ofOthers: Set = [ServiceReading.Name.tierHits.rawValue, ServiceReading.Name.clients.rawValue]
            #expect(found == Set(ServiceReading.Name.allCases.map(\.rawValue)).subtracting(ofOthers))
            let signals = try ServiceSignals(metrics: text, cache: "a \"b\" \\c, d")
            #expect(signals.hits + signals.misses == 60_000)
            #expect(signals.hitRatio == 0.5)
            #expect(signals.entries == 500)
            #expect(signals.mapUse != nil && signals.processorShare != nil)
        }
    }

    @Test(arguments: [
        "", "other_total 5", "<html>", "cache_hits_total{cache_name=\"x\"} NaN", "cache_hits_total{", "{",
    ])
    func throws_whenThereIsNothingOfCaches(_ text: String) {
        #expect(throws: ServiceSignals.Missing.self) { try ServiceSignals(metrics: text) }
    }

    @Test func throws_naming_aCacheThatIsNotThere_andThoseThatAre() {
        let error = #expect(throws: ServiceSignals.Missing.self) {
            try ServiceSignals(metrics: Self.text, cache: "orders")
        }
        #expect(error?.description.contains("'orders'") == true)
        #expect(error?.description.contains("there are carts, users") == true)
    }
}
