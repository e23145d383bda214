import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import StrataRedis
import StrataTiering

/// The service: `PORT`, `REDIS_URL` and `DATABASE` in the environment say where.
@main
struct Main {
    static func main() async throws {
        let environment = ProcessInfo.processInfo.environment
        let port = environment["PORT"].flatMap(Int.init) ?? 8090
        let logger = Logger(label: "catalogue")

        let store = try RedisStore(
            RedisConfiguration(url: environment["REDIS_URL"] ?? "redis://127.0.0.1:6379"), logger: logger)
        var configuration = TieredHash.Configuration()
        configuration.name = "products"
        configuration.local.maximumBytes = 64 << 20
        // Only keys of ours are reported.
        configuration.prefixes = [Array("product:".utf8)]
        // A second tier that doesn't answer costs a request this much at most, and nothing while its breaker is open.
        configuration.remoteTimeout = .milliseconds(200)
        configuration.breaker.openDuration = .seconds(2)
        let cache = TieredHash(remote: store, configuration: configuration, logger: logger)

        let catalogue = Catalogue(
            database: try Database(path: environment["DATABASE"] ?? "catalogue.sqlite"), cache: cache)
        // Ends in the opposite order: first no more requests, then what is queued is written, then the connections are closed.
        let application = Application(
            router: catalogue.makeRouter(),
            configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: "catalogue"),
            services: [StoreService(store: store), cache], logger: logger)
        try await application.runService()
    }
}

/// Closes the connections to the second tier when the service ends.
struct StoreService: Service {
    let store: RedisStore

    func run() async throws {
        try? await gracefulShutdown()
        await store.shutdown()
    }
}
