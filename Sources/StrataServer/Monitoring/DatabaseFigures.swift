import Strata
import StrataMonitor

/// One database of a server as the monitor sees it.
final class DatabaseFigures: MapFigureSource {
    private let index: Int
    private unowned let state: ServerState

    init(index: Int, state: ServerState) {
        self.index = index
        self.state = state
    }

    var mapKind: MapKind { .store }

    func mapFigures(probeSampleCount: Int) -> MapFigures {
        var figures = state.databases[index].mapFigures(probeSampleCount: probeSampleCount)
        figures.areHitsEstimated = false
        figures.hitTotal = state.sum { $0.keyspaces[index].pointee.hits.current }
        figures.missTotal = state.sum { $0.keyspaces[index].pointee.misses.current }
        let removals = state.keyWatcher.removals(ofDatabase: index)
        figures.evictionTotal = removals.evicted
        figures.expirationTotal = removals.expired
        return figures
    }
}
