import Strata

/// One look at everything that is registered: what a moment's figures are made of.
struct DashboardLook {
    /// A map with what was found.
    struct Map {
        var map: RegisteredMap
        var figures: MapFigures
        /// Operations a second, over the last half minute.
        var perSecond: Double
        var hits: SlidingWindow.Step
    }

    /// On the monitor's clock.
    let time: Double
    /// The busiest first.
    private(set) var maps: [Map] = []
    private(set) var tiers: [DashboardFacts.TierTotal] = []
    private(set) var breakers: [TierFigures.Breaker] = []
    /// Operations by row of the matrix in the second before.
    private(set) var heat = [UInt32](repeating: 0, count: LatencyMatrix.rowCount)
    /// The latencies of the last half minute.
    private(set) var latencies = LatencyDistribution()
    /// The latencies since the tick before.
    private(set) var recent = LatencyDistribution()
    private(set) var requestTotal: Int
    private(set) var rejectedTotal: Int
    private(set) var entries = 0
    private(set) var byteCount = 0
    private(set) var collisions = (amount: 0, base: 0)
    private(set) var load = (amount: 0, base: 0)
    private(set) var lowHitMaps: [(name: String, ratio: Double)] = []

    /// The second of the monitor's clock.
    var second: Int { Int(time) }

    init(_ monitor: MapMonitor, _ facts: DashboardFacts, time: Double) {
        self.time = time
        requestTotal = 0
        rejectedTotal = facts.rejectedTotal
        for map in monitor.registry.maps { take(map) }
        maps.sort { ($0.perSecond, $0.figures.count, $1.map.name) > ($1.perSecond, $1.figures.count, $0.map.name) }
        requestTotal = facts.requestTotal ?? maps.reduce(0) { $0 + Self.operationCount(of: $1.map) }
        takeTiers(monitor, facts)
    }

    /// What the usual tiers are called for people.
    private static func label(_ tier: String) -> String {
        ["local": "near cache", "remote": "second tier", "source": "source"][tier] ?? tier
    }

    private static func operationCount(of map: RegisteredMap) -> Int {
        MapOperationLabels.all.reduce(0) { $0 + map.recorder.count($1.operation) }
    }

    private mutating func take(_ map: RegisteredMap) {
        let figures = map.past.withLock { past -> MapFigures? in
            latencies.add(past.lastHalfMinute)
            recent.add(past.recent)
            if let column = past.matrix.column(at: second - 1) {
                for (row, count) in column.counts.enumerated() { heat[row] &+= count }
            }
            return past.figures
        }
        guard let figures else { return }
        let windows = map.windows
        let rates = windows.reads.sum(over: 30, at: second).rate + windows.writes.sum(over: 30, at: second).rate
        maps.append(Map(map: map, figures: figures, perSecond: rates, hits: windows.hits.sum(over: 30, at: second)))
        byteCount += figures.byteCount
        guard map.kind != .pool else { return }
        entries += figures.count
        collisions.amount += figures.collisionCount
        collisions.base += figures.probedCount
        load.amount += figures.count
        load.base += figures.capacity
        let signals = MapSignals(map, second: second)
        if signals.isHitRatioLow == true, let ratio = signals.hitRatio { lowHitMaps.append((map.name, ratio)) }
    }

    /// Who has answered: what the program says, or what is registered as tiers, or the maps by themselves.
    private mutating func takeTiers(_ monitor: MapMonitor, _ facts: DashboardFacts) {
        var totals: [DashboardFacts.TierTotal] = []
        var misses = 0
        for registered in monitor.registry.tiers {
            guard let figures = registered.past.withLock({ $0 }) else { continue }
            breakers += figures.breakers.map { breaker in
                var named = breaker
                named.name = "\(registered.name)/\(breaker.name)"
                return named
            }
            misses += figures.tiers.last?.missTotal ?? 0
            for tier in figures.tiers {
                if let index = totals.firstIndex(where: { $0.name == tier.name }) {
                    totals[index].total += tier.hitTotal
                } else {
                    totals.append(.init(name: tier.name, label: Self.label(tier.name), total: tier.hitTotal))
                }
            }
        }
        if !facts.tiers.isEmpty {
            tiers = facts.tiers
        } else if !totals.isEmpty {
            tiers = totals + [.init(name: "miss", label: "nobody", total: misses, isMiss: true)]
        } else {
            let readable = maps.filter { $0.figures.requestTotal > 0 }
            tiers = [
                .init(name: "memory", label: "memory", total: readable.reduce(0) { $0 + $1.figures.hitTotal }),
                .init(
                    name: "miss", label: "nobody", total: readable.reduce(0) { $0 + $1.figures.missTotal }, isMiss: true
                ),
            ]
        }
    }
}
