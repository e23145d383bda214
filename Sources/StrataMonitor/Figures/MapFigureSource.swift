public import Strata

/// Something that reports figures of a map when asked.
///
/// ``ConcurrentMap``, ``Cache``, ``HashStore`` and ``ObjectPool`` do. Conform a type of your own to have it on the same pages.
public protocol MapFigureSource: AnyObject, Sendable {
    /// What it is.
    var mapKind: MapKind { get }

    /// The figures of this moment.
    ///
    /// Called once a second, and when metrics are asked for: it should take microseconds and must not wait.
    ///
    /// - Parameter probeSampleCount: How many entries' probe lengths to look at, about.
    /// - Returns: The figures; what can't be known is 0 or `nil`.
    func mapFigures(probeSampleCount: Int) -> MapFigures
}

/// A source whose operations can be observed.
package protocol ObservableSource {
    /// Sets who is told of a sample of the operations.
    func attach(_ observer: (any OperationObserver)?)
}

extension ConcurrentMap: MapFigureSource, ObservableSource {
    /// A map.
    public var mapKind: MapKind { .map }

    /// The figures of the tables; hits and misses come from the observed sample.
    public func mapFigures(probeSampleCount: Int) -> MapFigures {
        var figures = MapFigures()
        figures.take(statistics(probeSampleCount: probeSampleCount))
        figures.shardCounts = shardEntryCounts
        figures.areHitsEstimated = true
        return figures
    }
}

extension Cache: MapFigureSource, ObservableSource {
    /// A cache.
    public var mapKind: MapKind { .cache }

    /// The figures of tables and policy; hits and misses are exact.
    public func mapFigures(probeSampleCount: Int) -> MapFigures {
        var figures = MapFigures()
        figures.take(tableStatistics(probeSampleCount: probeSampleCount))
        figures.shardCounts = shardEntryCounts
        let statistics = statistics
        figures.hitTotal = statistics.hitCount
        figures.missTotal = statistics.missCount
        figures.evictionTotal = statistics.sizeEvictionCount
        figures.expirationTotal = statistics.expirationCount
        figures.loadTotal = statistics.loadCount
        figures.loadFailureTotal = statistics.loadFailureCount
        figures.loadSecondsTotal = statistics.totalLoadTime / .seconds(1)
        figures.weight = totalWeight
        figures.maximumWeight = maximumWeight
        return figures
    }
}

extension HashStore: MapFigureSource, ObservableSource {
    /// A store.
    public var mapKind: MapKind { .store }

    /// The figures of the tables; hits and misses come from the observed sample.
    public func mapFigures(probeSampleCount: Int) -> MapFigures {
        var figures = MapFigures()
        figures.take(statistics(probeSampleCount: probeSampleCount))
        figures.shardCounts = shardEntryCounts
        figures.areHitsEstimated = true
        figures.evictionTotal = evictedKeyCount
        return figures
    }
}

extension ObjectPool: MapFigureSource {
    /// A pool.
    public var mapKind: MapKind { .pool }

    /// The figures of the pool.
    public func mapFigures(probeSampleCount: Int) -> MapFigures {
        var figures = MapFigures()
        let statistics = statistics
        var pool = MapFigures.PoolFigures()
        pool.takeTotal = statistics.takeCount
        pool.creationTotal = statistics.creationCount
        pool.returnTotal = statistics.returnCount
        pool.discardTotal = statistics.discardCount
        pool.inUseCount = statistics.inUseCount
        figures.pool = pool
        figures.count = statistics.idleCount
        return figures
    }
}
