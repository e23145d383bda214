import StrataLab
import Testing

@Suite struct ServiceSignalsTests {
    private static let text = """
        # TYPE cache_hits_total counter
        cache_hits_total{cache_name="users"} 600
        cache_hits_total{cache_name="carts"} 90 1700000000
        # TYPE cache_misses_total counter
        cache_misses_total{cache_name="users"} 400
        cache_misses_total{cache_name="carts"} 10
        strata_map_cpu_share{cache_name="users"} 0.2
        other_total 5
        """

    @Test func addsUpAllCaches() throws {
        let signals = try ServiceSignals(metrics: Self.text)
        #expect(signals.hits == 690)
        #expect(signals.misses == 410)
        #expect(signals.processorShare == 0.2)
        #expect(signals.findings.count == 2)
        #expect(signals.findings.allSatisfy { !$0.contains("fine") })
    }

    @Test func looksAtOneCache() throws {
        let signals = try ServiceSignals(metrics: Self.text, cache: "carts")
        #expect(signals.hitRatio == 0.9)
        #expect(signals.processorShare == nil)
        #expect(signals.applied(to: DecisionFacts()).measuredHitRatio == 0.9)
    }

    @Test(arguments: ["", "other_total 5", "<html>", "cache_hits_total{cache_name=\"x\"} NaN"])
    func throws_whenThereIsNothingOfCaches(_ text: String) {
        #expect(throws: ServiceSignals.Missing.self) { try ServiceSignals(metrics: text) }
    }

    @Test func throws_naming_aCacheThatIsNotThere() {
        let error = #expect(throws: ServiceSignals.Missing.self) {
            try ServiceSignals(metrics: Self.text, cache: "orders")
        }
        #expect(error?.description.contains("'orders'") == true)
    }
}
