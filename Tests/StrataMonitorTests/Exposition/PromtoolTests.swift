import Foundation
import Metrics
import Strata
import StrataMonitor
import Testing

/// What Prometheus' own tool says of the metrics.
@Suite struct PromtoolTests {
    private static let tool = "/usr/bin/promtool"

    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: tool), "promtool is not installed (Debian: prometheus)"))
    func findsNothingToComplainOf() throws {
        let registry = MapRegistry()
        let map = ConcurrentMap<UInt64, UInt64>()
        let cache = Cache<UInt64, UInt64>(maximumCount: 100)
        let pool = ObjectPool { [UInt8]() }
        let factory = ExpositionMetricsFactory()
        factory.makeTimer(label: "render.time", dimensions: [("page", "a \"b\"\n")]).recordNanoseconds(1500)
        factory.makeCounter(label: "orders", dimensions: []).increment(by: 2)
        let registrations = try [
            registry.register(map, name: "a \"map\"\\\n"), registry.register(cache, name: "cache"),
            registry.register(pool, name: "pool"),
            registry.registerTiers(name: "tiers") {
                var figures = TierFigures()
                figures.tiers = [TierFigures.Tier(name: "local")]
                figures.breakers = [TierFigures.Breaker(name: "0", state: .open, isConnected: true)]
                figures.invalidationLagSeconds = 0.1
                return figures
            },
            registry.registerMetrics(name: "swift-metrics") { factory.families() },
        ]
        for key in 0..<5000 as Range<UInt64> {
            map.updateValue(key, forKey: key)
            cache.put(key, forKey: key)
            _ = map[key]
            _ = cache.get(key)
        }
        let monitor = MapMonitor(registry: registry)
        monitor.tick()
        monitor.tick()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.tool)
        process.arguments = ["check", "metrics"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(monitor.metricsText().bytes))
        try input.fileHandleForWriting.close()
        let complaints = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(complaints)")
        #expect(complaints.isEmpty, "\(complaints)")
        withExtendedLifetime(registrations) {}
    }
}
