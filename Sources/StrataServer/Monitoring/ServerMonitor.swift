package import StrataMonitor

/// Watches a server: enters what it keeps in a registry as it comes up, and answers what the HTTP side is asked.
///
/// **Concurrency:** from any thread.
package final class ServerMonitor: Sendable {
    /// The monitor.
    package let monitor: MapMonitor
    let source: any ServerMetricsSource
    private let registry: MapRegistry
    private let book: Book
    /// What was registered, by name.
    private final class Book: Sendable {
        let registrations = Locked<[String: Registration]>([:])

        func enter(_ source: any ServerMetricsSource, in registry: MapRegistry) {
            for cache in source.caches {
                registrations.withLock { registrations in
                    guard registrations[cache.name] == nil else { return }
                    registrations[cache.name] = try? registry.enter(
                        cache.source, name: cache.name, recorder: cache.recorder)
                }
            }
        }
    }

    /// Prepares to watch a server.
    ///
    /// - Parameters:
    ///   - source: The server.
    ///   - forecast: How forecasts of what has a limit look at time.
    package init(_ source: any ServerMetricsSource, forecast: GrowthForecaster.Configuration = .init()) {
        self.source = source
        let registry = MapRegistry()
        let book = Book()
        self.registry = registry
        self.book = book
        monitor = MapMonitor(
            registry: registry, limits: LimitWatch(configuration: forecast),
            connections: {
                let metrics = source.metrics()
                return (metrics.connectedClientCount, metrics.maximumClientCount)
            },
            beforeTick: {
                book.enter(source, in: registry)
            })
        monitor.afterEachTick { [weak monitor] in
            let metrics = source.metrics()
            monitor?.observe(
                "memory", value: Double(metrics.usedMemoryByteCount), limit: Double(metrics.maximumMemoryByteCount),
                unit: .bytes, makesRoom: metrics.makesRoom, time: MonitorClock.system.now())
        }
        for tiers in source.tiers {
            book.registrations.withLock {
                $0["tiers of \(tiers.name)"] = try? registry.registerTiers(name: tiers.name, tiers.figures)
            }
        }
        book.registrations.withLock {
            $0["metrics"] = try? registry.registerMetrics(name: "server") { source.metrics().families }
        }
    }

    /// Begins to watch.
    package func start() {
        source.beginRecording()
        monitor.start()
    }

    /// Ceases to watch.
    package func stop() { monitor.stop() }

    /// All metrics of this moment as text.
    func metricsText(accept: String?) -> (bytes: [UInt8], contentType: String) {
        book.enter(source, in: registry)
        return monitor.metricsText(accept: accept)
    }

    /// What is known of everything.
    func mapsReport() -> MapsReport {
        book.enter(source, in: registry)
        return monitor.mapsReport()
    }

    /// What is known of one map; `nil` if there is none of that name.
    func mapReport(_ name: String, step: Int) -> MapReport? {
        book.enter(source, in: registry)
        var report = monitor.mapReport(name, step: step)
        var facts = DashboardFacts()
        source.complete(&facts)
        if facts.hidesKeys != nil { report?.hotKeys.keys = [] }
        return report
    }

    /// What the server itself says.
    func serverMetrics() -> ServerMetrics { source.metrics() }
}
