extension DashboardRecorder {
    /// One map in detail.
    ///
    /// - Parameter name: Its name.
    /// - Returns: `nil` if there is no such map.
    /// - Complexity: O(shards), and a walk over a sample of some thousand entries.
    public func map(_ name: String) -> DashboardMap? {
        guard let map = monitor.registry.maps.first(where: { $0.name == name }),
            let figures = map.figures(probeSampleCount: 4096)
        else { return nil }
        let second = Int(monitor.clock.now())
        let state = past.withLock { $0.state }
        let hits = map.windows.hits.sum(over: 30, at: second)
        let look = DashboardLook.Map(map: map, figures: figures, perSecond: 0, hits: hits)
        return DashboardMap(
            name: name, kind: map.kind.rawValue, figures: list(figures, hits), operations: operations(map),
            points: points(map, at: second), probeLengths: figures.probeLengths, windows: windows([map], at: second),
            shards: shards(look), hotKeys: hotKeys(map, facts()),
            forecasts: state?.forecasts.filter { $0.name == name } ?? [])
    }

    private func list(_ figures: MapFigures, _ hits: SlidingWindow.Step) -> [DashboardMap.Figure] {
        func count(_ name: String, _ value: Int) -> DashboardMap.Figure {
            .init(name: name, unit: "count", value: Double(value), text: nil)
        }
        var list = [count(figures.pool == nil ? "Entries" : "Idle objects", figures.count)]
        if let pool = figures.pool {
            list += [
                count("In use", pool.inUseCount), count("Handed out", pool.takeTotal),
                count("Made", pool.creationTotal),
                count("Let go", pool.discardTotal),
            ]
        } else {
            list += [
                count("Slots", figures.capacity),
                .init(name: "Load factor", unit: "ratio", value: figures.loadFactor, text: nil),
            ]
        }
        if figures.byteCount > 0 {
            list.append(.init(name: "Memory", unit: "bytes", value: Double(figures.byteCount), text: nil))
        }
        if figures.count > 0, figures.byteCount > 0 {
            list.append(
                .init(
                    name: "Memory per entry", unit: "bytes", value: Double(figures.byteCount) / Double(figures.count),
                    text: nil))
        }
        if let weight = figures.weight, let limit = figures.maximumWeight {
            list.append(
                .init(
                    name: "Weight", unit: "text", value: nil,
                    text: "\(Readable.count(Double(weight))) of \(Readable.count(Double(limit)))"))
        }
        if let ratio = hits.ratio {
            list.append(.init(name: "Hits, last 30 s", unit: "ratio", value: ratio, text: nil))
        }
        guard figures.pool == nil else { return list }
        return list + [
            count("Tombstones", figures.tombstoneCount),
            count(
                "Times a table was resized", max(figures.startedMoveTotal, figures.growthTotal + figures.shrinkTotal)),
            count("Most slots moved at once", figures.maximumSlotsMoved),
            count("Evicted", figures.evictionTotal), count("Expired", figures.expirationTotal),
        ]
    }

    private func operations(_ map: RegisteredMap) -> [DashboardMap.Operation] {
        MapOperationLabels.all.compactMap { operation, label in
            let distribution = map.recorder.distribution(operation)
            guard distribution.count > 0 else { return nil }
            let quantiles = Self.quantiles(distribution)
            let seconds = max(monitor.clock.now() - monitor.startTime, 1)
            return .init(
                name: label, perSecond: (Double(map.recorder.count(operation)) / seconds).short, p50: quantiles.p50,
                p99: quantiles.p99 ?? quantiles.p50, p9999: quantiles.p9999 ?? quantiles.p99 ?? quantiles.p50)
        }
    }

    /// The last five minutes: latencies by the second; windows by the second as far as they reach, then by ten.
    private func points(_ map: RegisteredMap, at second: Int) -> [DashboardMap.Point] {
        let columns = map.past.withLock { $0.matrix.columns(.seconds, at: second) }
        var heats: [Int: [UInt32]] = [:]
        for column in columns { heats[column.start] = column.counts }
        let collisions = bySecond(map.windows.collisions, at: second) { $0.ratio }
        let loads = bySecond(map.windows.load, at: second) { $0.ratio }
        let first = max(second - Self.span, Int(monitor.startTime))
        // Without its column the newest second isn't over yet.
        let end = columns.last?.start == second - 1 ? second : second - 1
        return (first..<max(end, first)).map { each in
            let heat = heats[each] ?? []
            return .init(
                time: each + epoch, requests: heat.reduce(0) { $0 + Double($1) }, heat: Self.pairs(heat),
                collision: collisions[each]?.short, loadFactor: loads[each]?.short)
        }
    }

    private func bySecond(
        _ window: SlidingWindow, at second: Int, _ value: (SlidingWindow.Step) -> Double?
    ) -> [Int: Double] {
        var values: [Int: Double] = [:]
        for resolution in [SlidingWindow.Resolution.tenSeconds, .seconds] {
            for step in window.steps(resolution, at: second) {
                guard let ratio = value(step) else { continue }
                for each in step.start..<(step.start + min(step.seconds, resolution.step)) { values[each] = ratio }
            }
        }
        return values
    }
}
