extension DashboardRecorder {
    /// The moment; its health is still to be judged.
    func makeState(_ look: DashboardLook, _ facts: DashboardFacts, _ past: DashboardPast) -> DashboardState {
        let monitored = monitor.current()
        let (shares, lookups) = DashboardPast.shares(past.lastMinute)
        let tiers = look.tiers.enumerated().map { index, tier in
            DashboardState.Tier(
                name: tier.name, label: tier.label, share: index < shares.count ? shares[index] : nil,
                isMiss: tier.isMiss)
        }
        let answered = tiers.filter { !$0.isMiss }.reduce(0) { $0 + ($1.share ?? 0) }
        return DashboardState(
            time: Double(look.second + epoch), server: program(facts, look),
            health: HealthReport([], isIdle: true), requestsPerSecond: rate(past.lastSecond),
            requestTotal: look.requestTotal, entries: look.entries,
            growthPerMinute: past.lastMinute.map { from, to in
                to.time > from.time ? Double(to.entries - from.entries) / (to.time - from.time) * 60 : 0
            },
            hitRatio: lookups > 0 ? answered.short : nil, lookups: lookups,
            quantiles: Self.quantiles(look.latencies), tiers: tiers,
            breakers: look.breakers.map { .init(name: $0.name, state: "\($0.state)", openingTotal: $0.openingTotal) },
            memory: .init(
                used: facts.usedMemory ?? look.byteCount, limit: facts.memoryLimit,
                parts: facts.memoryParts.isEmpty ? parts(look) : facts.memoryParts),
            connections: .init(
                open: facts.connections ?? 0, limit: facts.connectionLimit, acceptedTotal: facts.acceptedTotal,
                rejectedTotal: facts.rejectedTotal),
            load: monitored.time == nil ? nil : load(monitored, look),
            windows: windows(look.maps.map(\.map).filter { $0.kind != .pool }, at: look.second),
            forecasts: past.forecasts.forecasts,
            hotKeys: hotKeys(look.maps.first { !$0.figures.shardCounts.isEmpty }?.map, facts),
            shards: shards(look.maps.first { !$0.figures.shardCounts.isEmpty }),
            maps: look.maps.prefix(Self.mapLimit).map(line))
    }

    /// The second before, as a point of the courses.
    func makePoint(_ look: DashboardLook, _ state: DashboardState, _ past: DashboardPast) -> DashboardPoint {
        let stretch = past.lastSecond
        let load = monitor.current().load.factor
        return DashboardPoint(
            time: look.second - 1 + epoch, requests: rate(stretch).short, tiers: DashboardPast.shares(stretch).shares,
            heat: Self.pairs(look.heat),
            collision: look.collisions.base > 0
                ? (Double(look.collisions.amount) / Double(look.collisions.base)).short : nil,
            loadFactor: look.load.base > 0 ? (Double(look.load.amount) / Double(look.load.base)).short : nil,
            clients: state.connections.open, memory: state.memory.used, load: load.short,
            entries: look.entries, p99: look.recent.quantile(0.99)?.short)
    }

    private func rate(_ stretch: (from: DashboardPast.Totals, to: DashboardPast.Totals)?) -> Double {
        guard let (from, to) = stretch, to.time > from.time else { return 0 }
        return (Double(max(to.requests - from.requests, 0)) / (to.time - from.time)).short
    }

    private func program(_ facts: DashboardFacts, _ look: DashboardLook) -> DashboardState.Program {
        .init(
            version: facts.version, role: facts.role, address: facts.address,
            uptime: (facts.uptime ?? look.time - monitor.startTime).rounded())
    }

    /// The latencies of a distribution at the usual parts, as far as there are enough operations to tell.
    static func quantiles(_ distribution: LatencyDistribution) -> DashboardState.Quantiles {
        let count = distribution.count
        func value(_ part: Double) -> Double? {
            Double(count) * (1 - part) >= 1 ? distribution.quantile(part)?.short : nil
        }
        return .init(p50: value(0.5), p90: value(0.9), p99: value(0.99), p999: value(0.999), p9999: value(0.9999))
    }

    /// Counts by row as pairs of those that aren't 0.
    static func pairs(_ counts: [UInt32]) -> [Int] {
        counts.enumerated().flatMap { $1 > 0 ? [$0, Int($1)] : [] }
    }

    /// Without anything better: memory by map.
    private func parts(_ look: DashboardLook) -> [DashboardState.MemoryPart] {
        look.maps.filter { $0.figures.byteCount > 0 }.sorted { $0.figures.byteCount > $1.figures.byteCount }.prefix(5)
            .map { .init(name: $0.map.name, bytes: $0.figures.byteCount, count: $0.figures.count) }
    }

    private func load(_ monitored: MonitorState, _ look: DashboardLook) -> DashboardState.Load {
        .init(
            value: monitored.load.factor.short, isAdvised: monitored.rule.isAdvising,
            parts: [
                .init(name: "CPU", text: Readable.percent(monitored.load.processor)),
                .init(name: "P95", text: Readable.latency(look.latencies.quantile(0.95))),
            ])
    }

    /// Collisions and load factor over the usual lengths.
    func windows(_ maps: [RegisteredMap], at second: Int) -> [DashboardState.Window] {
        func window(_ name: String, _ pick: (MapWindows) -> SlidingWindow) -> DashboardState.Window {
            let lengths = [("30 s", 30), ("15 min", 900), ("24 h", 86_400)]
            return .init(
                name: name,
                spans: lengths.map { label, length in
                    var amount = 0.0
                    var base = 0.0
                    for map in maps {
                        let step = pick(map.windows).sum(over: length, at: second)
                        amount += Double(step.amount)
                        base += Double(step.base)
                    }
                    return .init(label: label, value: base > 0 ? (amount / base).short : nil)
                })
        }
        return [window("collision", \.collisions), window("loadFactor", \.load)]
    }

    /// The hottest keys of a map.
    func hotKeys(_ map: RegisteredMap?, _ facts: DashboardFacts) -> DashboardState.HotKeyList {
        guard let map else { return .init(map: "", total: 0, overcount: 0, keys: [], hidden: facts.hidesKeys) }
        let bounds = map.recorder.hotKeys.bounds
        let keys = facts.hidesKeys == nil ? map.recorder.hotKeys.top(Self.keyLimit) : []
        return .init(
            map: map.name, total: bounds.total.short, overcount: bounds.overcount.short,
            keys: keys.map { key in
                HotKeys.HotKey(
                    text: key.text, count: key.count.short, overcount: key.overcount.short,
                    samplingError: key.samplingError.short, share: key.share.short)
            }, hidden: facts.hidesKeys)
    }

    /// How evenly a map is used.
    func shards(_ look: DashboardLook.Map?) -> DashboardState.Shards {
        guard let look else { return .init(map: "", counts: [], requests: [], imbalance: nil, requestImbalance: nil) }
        let stripes = look.map.past.withLock { $0.stripes }
        let sum = stripes.reduce(0, +)
        let counts = Array(look.figures.shardCounts.prefix(256))
        return .init(
            map: look.map.name, counts: counts,
            requests: sum >= 1 ? Self.fold(stripes, into: counts.count).map(\.short) : [],
            imbalance: look.figures.shardImbalance?.short,
            requestImbalance: sum >= 1 ? ((stripes.max() ?? 0) * Double(stripes.count) / sum).short : nil)
    }

    /// Counts of finer parts of hash space added up to those of shards, where these are a power of two and not more.
    static func fold(_ stripes: [Double], into count: Int) -> [Double] {
        guard count > 0, count <= stripes.count, count & (count - 1) == 0 else { return [] }
        var sums = [Double](repeating: 0, count: count)
        for (index, value) in stripes.enumerated() { sums[index & (count - 1)] += value }
        return sums
    }

    private func line(_ look: DashboardLook.Map) -> DashboardState.MapLine {
        let figures = look.figures
        return .init(
            name: look.map.name, kind: look.map.kind.rawValue, count: figures.count, capacity: figures.capacity,
            loadFactor: figures.loadFactor.short, bytes: figures.byteCount,
            requestsPerSecond: look.map.kind == .pool ? nil : look.perSecond.short, hitRatio: look.hits.ratio?.short,
            isMoving: figures.movingCount > 0)
    }
}
