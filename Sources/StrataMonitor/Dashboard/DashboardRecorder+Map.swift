extension DashboardRecorder {
    /// One map in detail.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - range: How far back its points reach: beyond five minutes, a point stands for five minutes.
    /// - Returns: `nil` if there is no such map.
    /// - Complexity: O(shards), and a walk over a sample of some thousand entries.
    public func map(_ name: String, _ range: DashboardRange = .minutes) -> DashboardMap? {
        guard let map = monitor.registry.maps.first(where: { $0.name == name }),
            let figures = map.figures(probeSampleCount: 4096)
        else { return nil }
        let second = Int(monitor.clock.now())
        let state = past.withLock { $0.state }
        let hits = map.windows.hits.sum(over: 30, at: second)
        let look = DashboardLook.Map(map: map, figures: figures, perSecond: 0, hits: hits)
        return DashboardMap(
            name: name, span: range.span, step: range == .minutes ? 1 : DashboardRange.day.step,
            kind: map.kind.rawValue, figures: list(figures, hits), operations: operations(map),
            points: range == .minutes ? points(map, at: second) : points(map, range, at: second),
            probeLengths: figures.probeLengths, windows: windows([map], at: second),
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
        let past = map.past.withLock { $0 }
        let time = monitor.clock.now()
        return MapOperationLabels.all.compactMap { operation, label in
            let distribution = map.recorder.distribution(operation)
            guard distribution.count > 0 else { return nil }
            let quantiles = Self.quantiles(distribution)
            return .init(
                name: label, perSecond: past.rate(operation, count: map.recorder.count(operation), time: time).short,
                p50: quantiles.p50,
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

    /// A longer stretch: five minutes at a time.
    private func points(_ map: RegisteredMap, _ range: DashboardRange, at second: Int) -> [DashboardMap.Point] {
        let step = DashboardRange.day.step
        let columns = map.past.withLock { $0.matrix.columns(.fiveMinutes, at: second) }
        let heats = Dictionary(columns.map { ($0.start, $0.counts) }) { first, _ in first }
        func ratios(_ window: SlidingWindow) -> [Int: Double] {
            let steps = window.steps(.fiveMinutes, at: second)
            return Dictionary(steps.compactMap { each in each.ratio.map { (each.start, $0) } }) { first, _ in first }
        }
        let collisions = ratios(map.windows.collisions)
        let loads = ratios(map.windows.load)
        let first = max(second - range.span, Int(monitor.startTime)) / step * step
        return stride(from: first, through: second, by: step).map { start in
            let heat = heats[start] ?? []
            // The newest isn't over yet.
            let seconds = Double(max(min(step, second - start), 1))
            return .init(
                time: start + epoch, requests: (heat.reduce(0) { $0 + Double($1) } / seconds).short,
                heat: Self.pairs(heat), collision: collisions[start]?.short, loadFactor: loads[start]?.short)
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
