import Foundation
import Strata
import Synchronization
import Testing

@testable import StrataMonitor

@Suite struct MapLimitTests {
    /// A map whose figures are what the test says.
    private final class Stand: MapFigureSource {
        private let figures = Mutex(MapFigures())

        var mapKind: MapKind { .map }
        func mapFigures(probeSampleCount: Int) -> MapFigures { figures.withLock { $0 } }
        func change(_ body: (inout MapFigures) -> Void) { figures.withLock { body(&$0) } }
    }

    private let time = ManualTime()
    private let registry = MapRegistry()
    private let stand = Stand()

    private func monitor(lead: Double = 60) -> MapMonitor {
        MapMonitor(
            registry: registry, limits: LimitWatch(configuration: .init(lead: lead, period: 86_400)),
            clock: time.clock, process: { ProcessFigures() })
    }

    /// Lets it grow second by second.
    private func grow(_ monitor: MapMonitor, seconds: Int, from start: Int, by step: Int) {
        for second in 0..<seconds {
            stand.change { $0.count = start + second * step }
            time.advance(seconds: 1)
            monitor.tick()
        }
    }

    @Test func saysWhenAMapIsFull_everywhere() throws {
        let registration = try registry.register(stand, name: "orders", limit: .entries(10_000))
        let monitor = monitor()
        let recorder = DashboardRecorder(monitor: monitor)
        grow(monitor, seconds: 980, from: 0, by: 10)
        // 9790 entries, ten more each second: 21 seconds are left.
        let text = String(decoding: monitor.metricsText().bytes, as: UTF8.self)
        #expect(text.contains("strata_forecast_limit{cache_name=\"orders\"} 10000\n"))
        #expect(text.contains("strata_forecast_warning{cache_name=\"orders\"} 2\n"))
        let forecast = try #require(monitor.mapReport("orders")?.forecast)
        #expect(abs((forecast.secondsUntilLimit ?? 0) - 21) < 15)
        #expect(forecast.shape == "linear")
        #expect(forecast.warning == "critical")
        #expect(forecast.unit == .entries)
        #expect(monitor.mapsReport().forecasts.map(\.name) == ["orders"])
        let json = String(decoding: MapMonitor.json(try #require(monitor.mapReport("orders"))), as: UTF8.self)
        #expect(json.contains("\"forecast\":{"))
        recorder.record()
        let shown = try #require(recorder.map("orders")?.forecasts.first)
        #expect(shown.title == "Entries of orders")
        #expect(shown.unit == "count")
        #expect(shown.warning == "critical")
        #expect(!shown.course.isEmpty)
        let events = registry.journal.events().filter { $0.kind == .forecastWarning }
        #expect(events.map(\.name) == ["orders"])
        #expect(events.first?.figures.first == 1)
        withExtendedLifetime(registration) {}
    }

    @Test func countsBytes_whenTheLimitIsOfBytes() throws {
        let registration = try registry.register(stand, name: "orders", limit: .bytes(1 << 20))
        let monitor = monitor()
        stand.change { $0.byteCount = 4096 }
        monitor.tick()
        #expect(monitor.limits.figure("orders")?.value == 4096)
        #expect(monitor.limits.figure("orders")?.unit == .bytes)
        withExtendedLifetime(registration) {}
    }

    @Test func countsObjectsInUse_ofAPool() {
        var figures = MapFigures()
        figures.pool = .init()
        figures.pool?.inUseCount = 7
        figures.count = 3
        #expect(MapLimit.entries(10).value(of: figures) == 7)
    }

    @Test func aCacheThatIsFull_isNothingToWarnOf() throws {
        let cache = Cache<Int, Int>(maximumCount: 100)
        let registration = try registry.register(cache, name: "prices")
        for key in 0..<200 { cache.put(key, forKey: key) }
        let monitor = monitor()
        monitor.tick()
        #expect(monitor.limits.figures.isEmpty)
        #expect(monitor.mapReport("prices")?.forecast == nil)
        withExtendedLifetime(registration) {}
    }

    @Test func forgetsTheForecast_whenTheMapGoes() throws {
        let monitor = monitor()
        let registration = try registry.register(stand, name: "orders", limit: .entries(10))
        monitor.observe("memory", value: 1, limit: 2, unit: .bytes, time: time.now)
        monitor.tick()
        #expect(monitor.limits.figures.map(\.name) == ["memory", "orders"])
        registration.end()
        monitor.tick()
        #expect(monitor.limits.figures.map(\.name) == ["memory"])
    }

    @Test func warnsNobody_whereEntriesMakeRoom() {
        let watch = LimitWatch(configuration: .init(lead: 60, period: 86_400))
        for second in 0..<980 {
            let change = watch.observe(
                "memory", value: Double(second), limit: 1000, unit: .bytes, makesRoom: true, time: Double(second))
            #expect(change == nil)
        }
        #expect(watch.figure("memory")?.forecast.warning == .critical)
        #expect(watch.figure("memory")?.warning == GrowthWarning.none)
        let family = watch.families.first { $0.name == "strata_forecast_warning" }
        #expect(family?.samples.first?.value == 0)
    }

    @Test(arguments: [MapLimit.entries(0), .entries(-1), .bytes(0)])
    func refusesLimitsThatAreNone(_ limit: MapLimit) {
        let error = RegistryError.limitIsNotPositive(name: "orders", limit: limit)
        #expect(throws: error) { try registry.register(stand, name: "orders", limit: limit) }
        #expect(error.description.contains("limit"))
        #expect(registry.names.isEmpty)
    }
}
