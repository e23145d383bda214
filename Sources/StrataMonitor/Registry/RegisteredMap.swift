import Strata

/// A map in a registry, with what is known of its recent past.
///
/// **Concurrency:** the monitor's tick changes it, anybody reads it; `past` has a lock that both hold for microseconds.
final class RegisteredMap: Registered {
    let name: String
    let kind: MapKind
    /// How much it may hold before it hurts.
    let limit: MapLimit?
    weak let source: (any MapFigureSource)?
    let recorder: OperationRecorder
    let windows = MapWindows()
    let past = LockedValue(MapPast())

    init(name: String, source: any MapFigureSource, limit: MapLimit? = nil, recorder: OperationRecorder) {
        self.name = name
        self.limit = limit
        self.source = source
        kind = source.mapKind
        self.recorder = recorder
    }

    /// The figures of this moment; `nil` when the map is no more.
    func figures(probeSampleCount: Int) -> MapFigures? {
        guard var figures = source?.mapFigures(probeSampleCount: probeSampleCount) else { return nil }
        if figures.areHitsEstimated {
            figures.hitTotal = recorder.hitCount
            figures.missTotal = recorder.missCount
        }
        return figures
    }
}

/// The windows of one map.
struct MapWindows: Sendable {
    /// Sampled entries that are not in the first group of their probe, of all sampled.
    let collisions = SlidingWindow()
    /// Entries, of the slots there are.
    let load = SlidingWindow()
    /// Hits, of all requests.
    let hits = SlidingWindow()
    /// Reads, and other operations.
    let reads = SlidingWindow()
    let writes = SlidingWindow()
    /// Entries that made room for others.
    let evictions = SlidingWindow()
    /// Entries whose deadline had passed.
    let expirations = SlidingWindow()
    /// Nanoseconds spent in operations, of those the process spent.
    let time = SlidingWindow()
}

/// What the monitor remembers of a map from tick to tick.
struct MapPast: Sendable {
    /// The figures of the last tick.
    var figures: MapFigures?
    /// The distribution up to the last tick.
    var distribution = LatencyDistribution()
    /// What took how long between the last two ticks.
    var recent = LatencyDistribution()
    /// The distribution up to some earlier moments, ten seconds apart, oldest first: four at most.
    var earlier: [(time: Double, distribution: LatencyDistribution, counts: [Int])] = []
    /// What took how long, by time.
    var matrix = LatencyMatrix()
    /// Operations by part of hash space, halved every minute.
    var stripes = [Double](repeating: 0, count: OperationRecorder.stripeCount)
    /// The same as counted since the beginning.
    var stripeTotals = [Int](repeating: 0, count: OperationRecorder.stripeCount)
    /// Reads and other operations up to the last tick.
    var reads = 0
    var writes = 0
    /// Nanoseconds spent in calls for many keys up to the last tick.
    var bulk = 0
    /// What is usual of evictions in a second, learned slowly.
    var usualEvictions = 0.0
    /// Whether a storm or a sweep is under way, so that it is noted once.
    var isStorming = false
    var isSweeping = false
    /// The slots before the growth that is under way; `nil` while none is.
    var capacityBeforeGrowth: Int?
}

extension MapPast {
    /// What took how long in the last 30 to 40 seconds, or since the beginning.
    var lastHalfMinute: LatencyDistribution {
        earlier.count < 4 ? distribution : distribution.subtracting(earlier[0].distribution)
    }

    /// How often an operation was done in a second, over the last 30 to 40 seconds.
    ///
    /// - Parameters:
    ///   - operation: Which one.
    ///   - count: How often it was done up to now.
    ///   - time: Now, in seconds on the monitor's clock.
    /// - Returns: Operations in a second.
    func rate(_ operation: MapOperation, count: Int, time: Double) -> Double {
        guard let first = earlier.first else { return 0 }
        return Double(max(count - first.counts[Int(operation.rawValue)], 0)) / max(time - first.time, 1)
    }

    /// Remembers the distribution, and the counts of operations, every ten seconds.
    mutating func remember(_ distribution: LatencyDistribution, _ counts: [Int], time: Double) {
        guard earlier.last.map({ time - $0.time >= 10 }) ?? true else { return }
        earlier.append((time, distribution, counts))
        if earlier.count > 4 { earlier.removeFirst() }
    }
}
