import Logging
import Strata
import StrataRESP
import StrataRedis
import StrataTiering

/// What is measured: a server full of hashes, a tiered hash over it that knows them all, and a hash store with the same.
final class TierStage: Sendable {
    let remote: RedisStore
    let cache: TieredHash
    let store = HashStore()
    let keys: [String]
    private let running: Task<Void, Never>

    /// Fills a server.
    init(_ url: String, keyCount: Int, progress: MapBenchmark.Progress) async throws {
        remote = try RedisStore(try RedisConfiguration(url: url))
        let keys = (0..<keyCount).map(TierBenchmark.key)
        self.keys = keys
        progress("putting \(keyCount) hashes of \(TierBenchmark.fieldNames.count) fields into the second tier")
        let value = Self.value
        for start in stride(from: 0, to: keyCount, by: 500) {
            let commands = (start..<min(start + 500, keyCount)).map { rank in
                RedisCommand(
                    "HSET",
                    bytes: [Array(keys[rank].utf8)] + TierBenchmark.fieldNames.flatMap { [Array($0.utf8), value] },
                    effect: .idempotent)
            }
            for result in await remote.client.pipeline(commands, timeout: .seconds(20)) {
                _ = try result.get().orThrow()
            }
        }
        for key in keys { for field in TierBenchmark.fieldNames { try store.setField(key, field, to: value) } }
        let cache = TieredHash(remote: remote, configuration: Self.configuration, logger: Self.logger)
        self.cache = cache
        running = Task { try? await cache.run() }
        try await Self.wait(for: cache)
    }

    /// The value of every field.
    static let value = Array("a value of 24 characters".utf8)

    /// What the tiers have to say of caches that come and go isn't shown.
    static let logger = Logger(label: "strata-lab") { _ in SwiftLogNoOpLogHandler() }

    /// Nothing is refreshed or evicted while something is measured.
    static var configuration: TieredHash.Configuration {
        var configuration = TieredHash.Configuration()
        configuration.local.maximumBytes = 2 << 30
        configuration.local.maximumLifetime = .seconds(3600)
        configuration.eagerRefreshThreshold = nil
        configuration.callBudget = .seconds(10)
        configuration.remoteTimeout = .seconds(5)
        return configuration
    }

    /// Waits until changes are reported.
    private static func wait(for cache: TieredHash) async throws {
        for _ in 0..<1000 {
            if cache.statistics.coherence == .tracking { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Subprocess.Failure(description: "the server doesn't report changes: \(cache.statistics.coherence)")
    }

    /// Has the first tier know everything.
    func fill() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in 0..<64 {
                group.addTask { [cache, keys] in
                    for rank in stride(from: part, to: keys.count, by: 64) {
                        _ = try await cache.get(keys[rank], TierBenchmark.fieldNames)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// A tiered hash over the same store whose first tier is empty, for as long as a closure runs.
    func withEmptyCache<Value: Sendable>(_ body: @Sendable (TieredHash) async throws -> Value) async throws -> Value {
        let cache = TieredHash(remote: remote, configuration: Self.configuration, logger: Self.logger)
        let running = Task { try? await cache.run() }
        defer { running.cancel() }
        try await Self.wait(for: cache)
        return try await body(cache)
    }

    /// Ends everything; keys are removed from a server that goes on.
    func shutdown(removing: Bool) async {
        running.cancel()
        await running.value
        if removing {
            for start in stride(from: 0, to: keys.count, by: 1000) {
                _ = try? await remote.client.remove(
                    keys[start..<min(start + 1000, keys.count)].map { Array($0.utf8) }, timeout: .seconds(10))
            }
        }
        await remote.shutdown()
    }
}
