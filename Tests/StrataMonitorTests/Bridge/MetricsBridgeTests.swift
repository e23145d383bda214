import Metrics
import MetricsTestKit
import Strata
import Synchronization
import Testing

@testable import StrataMonitor

@Suite struct MetricsBridgeTests {
    private let registry = MapRegistry()

    @Test func reportsWhatWasAddedSinceTheLastTime() throws {
        let cache = Cache<Int, Int>(maximumCount: 10)
        let registration = try registry.register(cache, name: "cache")
        let backend = TestMetrics()
        let bridge = MetricsBridge(MapMonitor(registry: registry), factory: backend)
        cache.put(1, forKey: 1)
        for _ in 0..<3 { _ = cache.get(1) }
        bridge.report()
        for _ in 0..<4 { _ = cache.get(1) }
        bridge.report()
        // The kit makes counters of fractions from counters.
        let hits = try backend.expectCounter("cache_hits_total", [("cache_name", "cache")])
        #expect(hits.values.map { Int($0) } == [3, 4])
        let entries = try backend.expectRecorder("cache_entries", [("cache_name", "cache")])
        #expect(entries.values == [1, 1])
        #expect(bridge.reportCount == 2)
        withExtendedLifetime(registration) {}
    }

    /// A backend that never returns: maps, monitor and ``MetricsBridge/stop()`` go on, and other reports give up at once.
    @Test func nobodyWaitsForABackendThatHangs() async throws {
        let map = ConcurrentMap<UInt64, UInt64>()
        let registration = try registry.register(map, name: "map")
        let monitor = MapMonitor(registry: registry)
        let backend = HangingFactory()
        let bridge = MetricsBridge(monitor, factory: backend, interval: 0.1)
        bridge.start()
        backend.waitForCall()
        for key in 0..<10_000 as Range<UInt64> { map.updateValue(key, forKey: key) }
        monitor.tick()
        #expect(monitor.metricsText().bytes.count > 100)
        bridge.report()
        #expect(bridge.isReporting)
        #expect(bridge.reportCount == 0)
        bridge.stop()
        backend.letGo()
        registration.end()
    }

    @Test func reportsNothing_whenInstrumentsAreAtMetricsAnyway() {
        let factory = ExpositionMetricsFactory()
        let bridge = MetricsBridge(MapMonitor(registry: registry), factory: factory)
        bridge.start()
        #expect(factory.families().isEmpty)
        bridge.stop()
    }
}

/// A backend whose calls don't return before ``letGo()``.
private final class HangingFactory: MetricsFactory {
    private let called = Atomic<Bool>(false)
    private let isFree = Atomic<Bool>(false)

    func waitForCall() { while !called.load(ordering: .acquiring) {} }
    func letGo() { isFree.store(true, ordering: .releasing) }

    private func hang() {
        called.store(true, ordering: .releasing)
        while !isFree.load(ordering: .acquiring) { MonotonicClock.sleep(microseconds: 1000) }
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        hang()
        return NOOPMetricsHandler.instance
    }
    func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        hang()
        return Instrument(kind: .counter, name: label, labels: dimensions)
    }
    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { NOOPMetricsHandler.instance }
    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        hang()
        return NOOPMetricsHandler.instance
    }
    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { NOOPMetricsHandler.instance }
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}
