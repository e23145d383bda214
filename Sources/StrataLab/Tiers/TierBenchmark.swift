import Strata
import StrataRedis
import StrataTiering

/// `strata bench tiers`: what each tier of `TieredHash` costs beside what is under it, and a sidecar beside the Redis behind it.
package struct TierBenchmark: Sendable {
    /// The second tier; `nil` starts redis-server.
    package var url: String?
    /// How many hashes there are.
    package var keyCount = 100_000
    /// How many reads of the first tier a round has.
    package var peekCount = 1_000_000
    /// How many reads of the second tier a round has.
    package var remoteCount = 10_000
    /// How long each mix of reads and writes runs in a round.
    package var mixSeconds = 2.0
    /// How many requests a sidecar is sent in a round, sent one at a time; five times as many in batches.
    package var sidecarCount = 200_000
    /// How many rounds are measured, in turns.
    package var rounds = 5

    /// The usual size.
    package init() {}

    /// How many fields each hash has.
    static let fieldNames = (0..<12).map { "field:\($0)" }
    /// The figures so far, by row and subject.
    typealias Results = [String: [String: Samples]]

    /// The key of a hash.
    static func key(_ rank: Int) -> String { "strata-lab:\(rank)" }

    /// Runs the benchmark.
    ///
    /// - Throws: ``Subprocess/Failure`` if there is no redis-server, or it can't be used.
    package func run(progress: @escaping MapBenchmark.Progress) throws -> LabReport {
        let start = Nanoseconds.now()
        let processors = PinnedThreads.processors
        let server = try url == nil ? ServerProcess(redisOn: processors[0]) : nil
        guard let address = url ?? server?.url else { throw Subprocess.Failure(description: "there is no server") }
        let stage = try Blocking.wait { () async -> Result<TierStage, any Error> in
            do {
                return .success(try await TierStage(address, keyCount: keyCount, progress: progress))
            } catch {
                return .failure(error)
            }
        }.get()
        var results: Results = [:]
        do {
            // The first round only warms up.
            for round in 0...rounds {
                progress(round == 0 ? "warming up" : "tiers, round \(round) of \(rounds)")
                var found: Results = [:]
                try measureLocal(stage, round, &found)
                try Self.blocking { try await self.measureRemote(stage, round) }.forEach { found.merge($0, $1) }
                try Self.blocking { try await self.measureMixes(stage, round) }.forEach { found.merge($0, $1) }
                if round > 0 { for (row, one) in found { results.merge(row, one) } }
            }
        } catch {
            Blocking.wait { await stage.shutdown(removing: url != nil) }
            throw error
        }
        Blocking.wait { await stage.shutdown(removing: url != nil) }
        server?.stop()
        var skipped: String?
        do {
            for (row, one) in try measureSidecar(progress) { results.merge(row, one) }
        } catch {
            skipped = "\(error)"
        }
        var report = makeReport(results, skipped: skipped)
        report.seconds = Double(Nanoseconds.now() - start) / 1e9
        return report
    }

    private static func blocking<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) throws -> Value {
        try Blocking.wait { () async -> Result<Value, any Error> in
            do { return .success(try await body()) } catch { return .failure(error) }
        }.get()
    }

    // MARK: First tier

    /// Reads of single fields in this process, on one thread.
    private func measureLocal(_ stage: TierStage, _ round: Int, _ results: inout Results) throws {
        let ranks = Workload(keyCount: keyCount).sequence(count: peekCount, seed: UInt64(round + 1)).ranks
        let keys = stage.keys
        let fields = Self.fieldNames
        let cache = stage.cache
        let store = stage.store
        try Self.blocking { try await stage.fill() }
        func time(_ body: @escaping @Sendable (Int) -> Int) -> Double {
            let times = PinnedThreads.run(1) { _ in
                var sum = 0
                for rank in ranks { sum &+= body(rank) }
                blackHole(UInt64(truncatingIfNeeded: sum))
            }
            return Double(times[0]) / Double(ranks.count)
        }
        let before = cache.statistics.peekMissCount
        let subjects: [(String, @Sendable (Int) -> Int)] = [
            ("TieredHash", { cache.peek(keys[$0], fields[$0 % 12])?.count ?? 0 }),
            ("HashStore", { store[keys[$0], fields[$0 % 12]]?.count ?? 0 }),
        ]
        for (name, body) in round % 2 == 0 ? subjects : subjects.reversed() {
            results.merge("peek", [name: Samples([time(body)])])
        }
        let missed = cache.statistics.peekMissCount - before
        guard missed * 1000 < ranks.count else {
            throw Subprocess.Failure(
                description: "\(missed) of \(ranks.count) peeks found nothing: not a hit was measured")
        }
    }
}

extension TierBenchmark.Results {
    /// Adds figures of a row.
    mutating func merge(_ row: String, _ others: [String: Samples]) {
        for (subject, samples) in others {
            for value in samples.values { self[row, default: [:]][subject, default: Samples()].add(value) }
        }
    }
}
