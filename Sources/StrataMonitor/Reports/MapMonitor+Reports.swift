#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension MapMonitor {
    /// What is known of everything, in a few numbers for each map.
    ///
    /// - Parameter eventLimit: How many events to list at most: the newest.
    /// - Returns: The report.
    /// - Complexity: O(shards of all maps).
    public func mapsReport(eventLimit: Int = 100) -> MapsReport {
        let time = clock.now()
        let state = current()
        return MapsReport(
            time: time, unixTime: MonitorClock.unixSeconds(), uptime: time - startTime,
            process: state.process.map { process in
                MapsReport.Process(
                    figures: process, load: state.load, isScaleOutAdvised: state.rule.isAdvising,
                    connectionCount: state.connections.current, connectionLimit: state.connections.limit)
            },
            maps: registry.maps.compactMap { map in
                map.figures(probeSampleCount: 0).map { MapSummary(map, $0, at: Int(time)) }
            },
            tiers: registry.tiers.compactMap { tiers in
                tiers.figures().map { MapsReport.Tiers(name: tiers.name, figures: $0) }
            },
            forecasts: limits.figures.map { ForecastReport($0) },
            events: Array(registry.journal.events().suffix(max(eventLimit, 0))))
    }

    /// What is known of one map.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - hotKeyLimit: How many hot keys to list at most.
    ///   - step: Seconds in a column of the heat map: 1, 10 or 300; the next larger of these.
    /// - Returns: `nil` if there is no such map.
    public func mapReport(_ name: String, hotKeyLimit: Int = 20, step: Int = 1) -> MapReport? {
        guard let map = registry.maps.first(where: { $0.name == name }),
            let figures = map.figures(probeSampleCount: 4096)
        else { return nil }
        let time = clock.now()
        let second = Int(time)
        let resolution = LatencyMatrix.Resolution.allCases.first { $0.step >= step } ?? .fiveMinutes
        let past = map.past.withLock { $0 }
        let bounds = map.recorder.hotKeys.bounds
        let operations = past.stripes.reduce(0, +)
        return MapReport(
            time: time, unixTime: MonitorClock.unixSeconds(), summary: MapSummary(map, figures, at: second),
            figures: figures,
            windows: MapReport.Windows(map.windows, at: second),
            latencies: Dictionary(
                uniqueKeysWithValues: MapOperationLabels.all.compactMap { operation, label in
                    LatencyReport(map.recorder.distribution(operation)).map { (label, $0) }
                }),
            heatMap: HeatMapReport(past.matrix, resolution, at: second),
            forecast: map.limit == nil ? nil : limits.figure(name).map { ForecastReport($0) },
            hotKeys: MapReport.HotKeysReport(
                keys: map.recorder.hotKeys.top(hotKeyLimit), total: bounds.total, maximumOvercount: bounds.overcount,
                halfLife: HotKeys.halfLife),
            shards: MapReport.Shards(
                counts: Array(figures.shardCounts.prefix(256)), imbalance: figures.shardImbalance,
                operationShares: operations > 0 ? past.stripes.map { $0 / operations } : [],
                operationImbalance: operations > 0
                    ? (past.stripes.max() ?? 0) * Double(past.stripes.count) / operations : nil),
            events: registry.journal.events().filter { $0.name == name })
    }

    /// A report as JSON.
    ///
    /// - Returns: UTF-8; numbers that JSON doesn't have are the texts `inf`, `-inf` and `nan`.
    public static func json(_ report: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return (try? encoder.encode(report)).map { [UInt8]($0) } ?? Array("{}".utf8)
    }
}

extension MapReport.Windows {
    init(_ windows: MapWindows, at second: Int) {
        collisions = MapReport.Window(windows.collisions, at: second)
        load = MapReport.Window(windows.load, at: second)
        hits = MapReport.Window(windows.hits, at: second)
        reads = MapReport.Window(windows.reads, at: second)
        writes = MapReport.Window(windows.writes, at: second)
        evictions = MapReport.Window(windows.evictions, at: second)
        expirations = MapReport.Window(windows.expirations, at: second)
        processorTime = MapReport.Window(windows.time, at: second)
    }
}
