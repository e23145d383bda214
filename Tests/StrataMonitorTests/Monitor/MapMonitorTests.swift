import Strata
import Testing

@testable import StrataMonitor

@Suite struct MapMonitorTests {
    private let time = ManualTime()
    private let registry = MapRegistry()

    private func monitor(process: @escaping @Sendable () -> ProcessFigures = { ProcessFigures() }) -> MapMonitor {
        MapMonitor(registry: registry, clock: time.clock, process: process)
    }

    private func text(_ monitor: MapMonitor, accept: String? = nil) -> String {
        String(decoding: monitor.metricsText(accept: accept).bytes, as: UTF8.self)
    }

    @Test func showsFiguresOfMapsByName() throws {
        let map = ConcurrentMap<UInt64, UInt64>()
        let cache = Cache<String, Int>(maximumCount: 100)
        let store = HashStore()
        let pool = ObjectPool { [UInt8]() }
        let registrations = try [
            registry.register(map, name: "a map"), registry.register(cache, name: "a cache"),
            registry.register(store, name: "a store"), registry.register(pool, name: "a pool"),
        ]
        // More than the longest interval between two samples.
        for key in 0..<20_000 as Range<UInt64> { map.updateValue(key, forKey: key) }
        for key in 0..<200 { cache.put(key, forKey: "key \(key)") }
        _ = cache.get("key 199")
        _ = cache.get("no key")
        try store.setField("user:1", "name", to: "Ada")
        _ = store["user:1", "name"]
        _ = pool.take()
        let monitor = monitor()
        monitor.tick()
        time.advance(seconds: 1)
        monitor.tick()
        let text = text(monitor)
        #expect(text.contains("cache_entries{cache_name=\"a map\"} 20000\n"))
        #expect(text.contains("cache_entries{cache_name=\"a cache\"} 100\n"))
        #expect(text.contains("cache_evictions_total{cache_name=\"a cache\"} 100\n"))
        #expect(text.contains("cache_hits_total{cache_name=\"a cache\"} 1\n"))
        #expect(text.contains("cache_misses_total{cache_name=\"a cache\"} 1\n"))
        #expect(text.contains("cache_entries{cache_name=\"a store\"} 1\n"))
        #expect(text.contains("cache_pool_takes_total{cache_name=\"a pool\"} 1\n"))
        #expect(
            text.contains("cache_request_duration_seconds_bucket{cache_name=\"a map\",operation=\"set\",le=\"+Inf\"}"))
        #expect(text.contains("cache_probe_length_ratio{cache_name=\"a map\",groups=\"1\"}"))
        let report = monitor.mapsReport()
        #expect(report.maps.map(\.name) == ["a map", "a cache", "a store", "a pool"])
        let one = try #require(monitor.mapReport("a map"))
        #expect(one.figures.count == 20_000)
        #expect(one.figures.probedCount > 1000)
        #expect(one.shards.counts.reduce(0, +) == 20_000)
        #expect(!one.heatMap.columns.isEmpty)
        #expect(MapMonitor.json(one).count > 1000)
        #expect(monitor.mapReport("no map") == nil)
        withExtendedLifetime(registrations) {}
    }

    @Test func callsForManyKeysAreTimedAsCalls() throws {
        let map = ConcurrentMap<UInt64, UInt64>()
        let cache = Cache<UInt64, UInt64>(maximumCount: 1000)
        let registrations = try [registry.register(map, name: "map"), registry.register(cache, name: "cache")]
        for key in 0..<100 as Range<UInt64> {
            map.updateValue(key, forKey: key)
            cache.put(key, forKey: key)
        }
        for _ in 0..<200 {
            _ = map.values(forKeys: 0..<200 as Range<UInt64>)
            _ = cache.values(forKeys: 0..<200 as Range<UInt64>)
        }
        for watched in registry.maps {
            let calls = watched.recorder.distribution(.getMany)
            #expect(calls.count > 0)
            #expect(calls.sum > 0)
            // No single key was asked for, and 200 calls for 200 keys are 40 000 keys, estimated from a sample.
            #expect(watched.recorder.distribution(.get).count == 0)
            #expect((10_000...160_000).contains(watched.recorder.count(.get)), "\(watched.recorder.count(.get))")
            #expect(watched.recorder.missCount > 0)
        }
        let text = text(monitor())
        #expect(text.contains("cache_bulk_request_duration_seconds_count{cache_name=\"map\"}"))
        #expect(!text.contains("operation=\"get_many\""))
        withExtendedLifetime(registrations) {}
    }

    @Test func answers_whileMapsComeAndGoAndTheMonitorStops() async throws {
        let registry = registry
        let monitor = MapMonitor(registry: registry, process: { ProcessFigures() })
        monitor.start()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<3 {
                group.addTask {
                    for round in 0..<60 {
                        let map = ConcurrentMap<Int, Int>(minimumCapacity: 16)
                        let registration = try registry.register(map, name: "\u{202e}\"\n\\ \(task) \(round)")
                        map.updateValue(1, forKey: 1)
                        _ = map[1]
                        withExtendedLifetime(registration) {}
                    }
                }
            }
            group.addTask {
                for round in 0..<40 {
                    let text = String(decoding: monitor.metricsText(accept: nil).bytes, as: UTF8.self)
                    #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix("#") || $0.contains(" ") })
                    for map in monitor.mapsReport().maps { _ = monitor.mapReport(map.name) }
                    if round == 20 { monitor.stop() }
                }
            }
            try await group.waitForAll()
        }
        #expect(!monitor.metricsText(accept: nil).bytes.isEmpty)
        #expect(registry.names.isEmpty)
    }

    @Test func estimatesOperationsFromTheSample() throws {
        let map = ConcurrentMap<UInt64, UInt64>()
        let registration = try registry.register(map, name: "map")
        map.updateValue(1, forKey: 1)
        let reads = 2_000_000
        var found = 0
        for key in 0..<UInt64(reads) where map[key & 1] != nil { found += 1 }
        #expect(found == reads / 2)
        let monitor = monitor()
        monitor.tick()
        let figures = try #require(monitor.mapReport("map")).figures
        // Some thousand samples at least: six standard errors are less than a tenth.
        #expect(abs(Double(figures.requestTotal) / Double(reads) - 1) < 0.2, "\(figures.requestTotal) of \(reads)")
        #expect(abs(Double(figures.hitTotal) / Double(found) - 1) < 0.3, "\(figures.hitTotal) of \(found)")
        registration.end()
        #expect(monitor.mapReport("map") == nil)
    }

    @Test func writesDownGrowth_evictionStorms_andShrinking() throws {
        let map = ConcurrentMap<UInt64, UInt64>(shardCount: 1)
        let cache = Cache<Int, Int>(maximumCount: 100)
        let registrations = try [registry.register(map, name: "map"), registry.register(cache, name: "cache")]
        let monitor = monitor()
        monitor.tick()
        for key in 0..<10_000 as Range<UInt64> { map.updateValue(key, forKey: key) }
        for key in 0..<10_000 { cache.put(key, forKey: key) }
        time.advance(seconds: 1)
        monitor.tick()
        for key in 0..<9_990 as Range<UInt64> { map.removeValue(forKey: key) }
        time.advance(seconds: 1)
        monitor.tick()
        let kinds = registry.journal.events().map { "\($0.name) \($0.kind)" }
        #expect(kinds.contains("map growthBegan"))
        #expect(kinds.contains("map shrink"))
        #expect(kinds.contains("cache evictionStorm"))
        withExtendedLifetime(registrations) {}
    }

    @Test func advisesMoreCapacity_whenLoadLasts() {
        let used = ManualTime()
        let monitor = monitor {
            var figures = ProcessFigures()
            figures.processorCount = 2
            figures.processorSeconds = used.now * 2
            return figures
        }
        monitor.tick()
        for second in 1...70 {
            time.advance(seconds: 1)
            used.advance(seconds: 1)
            monitor.tick()
            #expect(monitor.current().rule.isAdvising == (second > 60), "second \(second)")
        }
        #expect(text(monitor).contains("\nstrata_scale_out_advised 1\n"))
        #expect(registry.journal.events().last?.kind == .scaleAdvice)
    }

    @Test func tellsWhenBreakersChange() throws {
        let state = LockedValue(TierFigures.BreakerState.closed)
        let registration = try registry.registerTiers(name: "users") {
            var figures = TierFigures()
            figures.tiers = [TierFigures.Tier(name: "local", hitTotal: 3, missTotal: 1)]
            figures.breakers = [TierFigures.Breaker(name: "0", state: state.withLock { $0 })]
            return figures
        }
        let monitor = monitor()
        monitor.tick()
        state.withLock { $0 = .open }
        monitor.tick()
        let event = try #require(registry.journal.events().first)
        #expect(event.kind == .breakerChange)
        #expect(event.name == "users/0")
        #expect(event.figures == [0, 2])
        let text = text(monitor)
        #expect(text.contains("cache_tier_hits_total{cache_name=\"users\",tier=\"local\"} 3\n"))
        #expect(text.contains("cache_breaker_state{cache_name=\"users\",shard=\"0\"} 2\n"))
        registration.end()
        #expect(monitor.mapsReport().tiers.isEmpty)
    }

    @Test func exemplarsAppear_whenTracesAreKnown() throws {
        registry.setTraceIdentifier { "4bf92f3577b34da6a3ce929d0e0e4736" }
        let map = ConcurrentMap<UInt64, UInt64>()
        let registration = try registry.register(map, name: "map")
        // More than the longest interval between two samples.
        for key in 0..<20_000 as Range<UInt64> { map.updateValue(key, forKey: key) }
        let monitor = monitor()
        let open = text(monitor, accept: "application/openmetrics-text; version=1.0.0")
        #expect(open.contains(" # {trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\"} "))
        #expect(open.hasSuffix("# EOF\n"))
        #expect(!text(monitor).contains("trace_id"))
        withExtendedLifetime(registration) {}
    }
}
