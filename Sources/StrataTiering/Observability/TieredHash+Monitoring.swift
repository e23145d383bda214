package import Strata
public import StrataMonitor

/// What a monitor sees of a tiered hash: its first tier as a map, and what each tier answered.
///
/// ```swift
/// let registration = try MapRegistry.shared.register(users)        // under the name of its configuration
/// ```
extension TieredHash: MapFigureSource, TierFigureSource, ObservableSource {
    /// A store.
    public var mapKind: MapKind { .store }

    /// The figures of the first tier; hits and misses are exact, and those of fields.
    public func mapFigures(probeSampleCount: Int) -> MapFigures {
        var figures = local.store.mapFigures(probeSampleCount: probeSampleCount)
        figures.areHitsEstimated = false
        figures.hitTotal = counters[.peekHits] + counters[.localHits]
        figures.missTotal = counters[.peekMisses] + counters[.localMisses]
        figures.loadTotal = counters[.loads]
        figures.loadFailureTotal = counters[.loadFailures]
        return figures
    }

    /// What each tier answered, how the breakers of the shards stand, and what waits.
    ///
    /// - Complexity: O(shards of the second tier + threads).
    public func tierFigures() -> TierFigures {
        let statistics = statistics
        var figures = TierFigures()
        figures.tiers = [
            .init(
                name: "local", hitTotal: statistics.peekHitCount + statistics.localHitCount,
                missTotal: statistics.peekMissCount + statistics.localMissCount),
            // What was asked of both at the same moment may have been counted of one only.
            .init(
                name: "remote", hitTotal: statistics.remoteHitCount,
                missTotal: max(statistics.localMissCount - statistics.remoteHitCount, 0),
                failureTotal: statistics.remoteFailureCount),
            .init(
                name: "source", hitTotal: max(statistics.loadCount - statistics.loadFailureCount, 0),
                failureTotal: statistics.loadFailureCount),
        ]
        figures.breakers = statistics.shards.map {
            .init(
                name: "\($0.shard.index)", state: TierFigures.BreakerState($0.breaker),
                openingTotal: $0.breakerOpeningCount, isConnected: $0.isConnected)
        }
        figures.staleServedTotal = statistics.staleServedCount
        figures.queueDepth = statistics.queueDepth
        figures.invalidationLagSeconds = statistics.invalidationLag.quantile(0.99).map { $0 / .seconds(1) }
        return figures
    }

    /// Sets who is told of a sample of the first tier's operations.
    package func attach(_ observer: (any OperationObserver)?) { local.store.attach(observer) }
}

extension SharedBreaker: TierFigureSource {
    /// What the breaker lets pass, as the only shard.
    public func tierFigures() -> TierFigures {
        var figures = TierFigures()
        figures.breakers = [
            .init(name: "\(ShardID.single.index)", state: TierFigures.BreakerState(state), openingTotal: openingCount)
        ]
        figures.staleServedTotal = nil
        figures.queueDepth = nil
        return figures
    }
}

extension TierFigures.BreakerState {
    init(_ state: CircuitBreaker.State) {
        self =
            switch state {
            case .closed: .closed
            case .halfOpen: .halfOpen
            case .open: .open
            }
    }
}

extension MapRegistry {
    /// Enters a tiered hash under the name of its configuration: its first tier as a map, its tiers and breakers.
    ///
    /// - Parameter hash: What to watch; not kept alive.
    /// - Returns: What keeps the places.
    /// - Throws: `RegistryError`.
    public func register(_ hash: TieredHash) throws(RegistryError) -> Registration {
        try register(hash, name: hash.configuration.name)
    }
}
