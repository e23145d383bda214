import HTTPTypes
import Hummingbird
import StrataTiering

extension HTTPField.Name {
    /// Which tiers a product came from.
    static let cacheTier = Self("X-Cache-Tier")!
    /// Whether it may be out of date.
    static let cacheStale = Self("X-Cache-Stale")!
}

extension Catalogue {
    /// What the service answers.
    func makeRouter() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("healthz") { _, _ in "ok\n" }
        router.get("statistics") { _, _ in Statistics(self) }
        router.get("products/:id") { request, context -> EditedResponse<Product> in
            let (product, origin) = try await self.product(context.parameters.require("id", as: Int.self))
            guard let product else { throw HTTPError(.notFound) }
            let tiers = Set(origin.fields.map(\.tier))
            return EditedResponse(
                headers: [
                    .cacheTier: Tier.allCases.filter(tiers.contains).map(\.rawValue).joined(separator: ","),
                    .cacheStale: origin.fields.contains(where: \.isStale) ? "yes" : "no",
                ], response: product)
        }
        router.patch("products/:id") { request, context -> EditedResponse<Product> in
            let change = try await request.decode(as: ProductChange.self, context: context)
            let id = try context.parameters.require("id", as: Int.self)
            guard let (product, isKnownEverywhere) = try await self.change(id, change) else {
                throw HTTPError(.notFound)
            }
            // 202: changed, but other processes may not know yet.
            return EditedResponse(status: isKnownEverywhere ? .ok : .accepted, response: product)
        }
        return router
    }
}

/// What `GET /statistics` answers.
struct Statistics: ResponseEncodable {
    struct Shard: Encodable {
        var breaker: String
        var isConnected: Bool
        var streamsLost: Int
    }

    var coherence: String
    var localHits: Int
    var localMisses: Int
    var remoteHits: Int
    var remoteFailures: Int
    var loads: Int
    var staleServed: Int
    var invalidatedKeys: Int
    var localKeys: Int
    var localBytes: Int
    var databaseReads: Int
    var shards: [Shard]

    init(_ catalogue: Catalogue) {
        let statistics = catalogue.cache.statistics
        coherence = "\(statistics.coherence)"
        localHits = statistics.localHitCount
        localMisses = statistics.localMissCount
        remoteHits = statistics.remoteHitCount
        remoteFailures = statistics.remoteFailureCount
        loads = statistics.loadCount
        staleServed = statistics.staleServedCount
        invalidatedKeys = statistics.invalidatedKeyCount
        localKeys = statistics.localKeyCount
        localBytes = statistics.localByteCount
        databaseReads = catalogue.database.readCount
        shards = statistics.shards.map {
            Shard(breaker: Self.name($0.breaker), isConnected: $0.isConnected, streamsLost: $0.lossCount)
        }
    }
    private static func name(_ state: CircuitBreaker.State) -> String {
        switch state {
        case .closed: "closed"
        case .open: "open"
        case .halfOpen: "half open"
        }
    }
}
