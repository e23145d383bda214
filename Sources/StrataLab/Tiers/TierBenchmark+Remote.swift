import Strata
import StrataRESP
import StrataRedis
import StrataTiering

/// Rows with a second tier in them.
extension TierBenchmark {
    /// Reads that the second tier answers, beside the client alone; one at a time and many at once.
    func measureRemote(_ stage: TierStage, _ round: Int) async throws -> Results {
        var results: Results = [:]
        let fields = Self.fieldNames
        let bytes = fields.map { Array($0.utf8) }
        let client = stage.remote.client
        let keys = stage.keys
        for concurrency in [1, 64] {
            let row = "remote-\(concurrency)"
            let bare: @Sendable () async throws -> Double = {
                try await self.time(concurrency, round) { rank in
                    let reply = try await client.send(
                        RedisCommand("HGET", bytes: [Array(keys[rank].utf8), bytes[rank % 12]], effect: .readOnly))
                    guard reply.bytes != nil else { throw Self.wrong("HGET") }
                }
            }
            let tiered: @Sendable () async throws -> Double = {
                try await stage.withEmptyCache { cache in
                    try await self.time(concurrency, round) { rank in
                        guard try await cache.get(keys[rank], fields[rank % 12]) != nil else { throw Self.wrong("get") }
                    }
                }
            }
            if round % 2 == 0 { results.merge(row, ["RedisClient": Samples([try await bare()])]) }
            results.merge(row, ["TieredHash": Samples([try await tiered()])])
            if round % 2 == 1 { results.merge(row, ["RedisClient": Samples([try await bare()])]) }
        }
        let together = try await stage.withEmptyCache { cache in
            try await self.time(1, round) { rank in
                guard try await cache.get(keys[rank], fields).count == 12 else { throw Self.wrong("get") }
            }
        }
        let each = try await stage.withEmptyCache { cache in
            try await self.time(1, round, share: 12) { rank in
                for field in fields {
                    guard try await cache.get(keys[rank], field) != nil else { throw Self.wrong("get") }
                }
            }
        }
        results.merge("twelve", ["one call": Samples([together]), "twelve calls": Samples([each])])
        return results
    }

    private static func wrong(_ call: String) -> Subprocess.Failure {
        Subprocess.Failure(description: "\(call) found nothing where something is")
    }

    /// Does something with different hashes, so many at once.
    ///
    /// - Returns: Nanoseconds for each.
    private func time(
        _ concurrency: Int, _ round: Int, share: Int = 1, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> Double {
        let count = min(remoteCount * (concurrency > 1 ? 4 : 1) / share, keyCount)
        let offset = round * 7919
        let keyCount = keyCount
        let start = Nanoseconds.now()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in 0..<concurrency {
                group.addTask {
                    for index in stride(from: part, to: count, by: concurrency) {
                        try await body((index + offset) % keyCount)
                    }
                }
            }
            try await group.waitForAll()
        }
        return Double(Nanoseconds.now() - start) / Double(count)
    }

    /// A mix of reads and writes.
    struct Mix {
        /// Its name among the figures.
        var row: String
        /// Its name for people.
        var title: String
        /// The share of reads in percent.
        var reads: Int
        /// How writes are written.
        var policy = TieredWriteOptions.Policy.writeThrough
        /// How many callers there are, each with one call at a time.
        var callers: Int
    }

    /// The mixes that are measured.
    static let mixes: [Mix] = [2, 16].flatMap { callers in
        [
            Mix(row: "zipf-100-\(callers)", title: "reads only, \(callers) callers", reads: 100, callers: callers),
            Mix(
                row: "zipf-99-\(callers)", title: "99/1, written through, \(callers) callers", reads: 99,
                callers: callers),
            Mix(
                row: "zipf-95-\(callers)", title: "95/5, written through, \(callers) callers", reads: 95,
                callers: callers),
            Mix(
                row: "zipf-95-behind-\(callers)", title: "95/5, written behind, \(callers) callers", reads: 95,
                policy: .writeBehind, callers: callers),
        ]
    }

    /// Single fields under Zipf's distribution, with both tiers and with the second alone.
    func measureMixes(_ stage: TierStage, _ round: Int) async throws -> Results {
        var results: Results = [:]
        let client = stage.remote.client
        let cache = stage.cache
        let keys = stage.keys
        let fields = Self.fieldNames
        let bytes = fields.map { Array($0.utf8) }
        let value = TierStage.value
        for mix in Self.mixes {
            // What the mix before has changed is known again.
            try await stage.fill()
            let both = try await rate(mix, round) { rank, isRead in
                if isRead {
                    _ = try await cache.get(keys[rank], fields[rank % 12])
                } else {
                    try await cache.set(
                        keys[rank], [Array(fields[rank % 12].utf8): value], lifetime: .seconds(3600),
                        options: .init(policy: mix.policy))
                }
            }
            let alone = try await rate(mix, round) { rank, isRead in
                let key = Array(keys[rank].utf8)
                let command =
                    isRead
                    ? RedisCommand("HGET", bytes: [key, bytes[rank % 12]], effect: .readOnly)
                    : RedisCommand("HSET", bytes: [key, bytes[rank % 12], value], effect: .idempotent)
                _ = try await client.send(command, timeout: .seconds(5))
            }
            results.merge(mix.row, ["both tiers": Samples([both]), "second tier alone": Samples([alone])])
        }
        return results
    }

    /// Operations per second of all callers together.
    private func rate(
        _ mix: Mix, _ round: Int, _ body: @escaping @Sendable (_ rank: Int, _ isRead: Bool) async throws -> Void
    ) async throws -> Double {
        let workload = Workload(keyCount: keyCount, distribution: .zipf(theta: 0.99))
        let sequences = (0..<mix.callers).map {
            workload.sequence(count: 1 << 15, seed: UInt64(round + 1), stream: $0).ranks
        }
        let reads = mix.reads
        let start = Nanoseconds.now()
        let end = start + UInt64(mixSeconds * 1e9)
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<mix.callers {
                group.addTask {
                    let ranks = sequences[caller]
                    var random = SeededRandom(seed: UInt64(round), stream: caller)
                    var count = 0
                    while true {
                        if count % 16 == 0, Nanoseconds.now() >= end { return count }
                        let isRead = reads == 100 || random.next(below: 100) < reads
                        try await body(ranks[count % ranks.count], isRead)
                        count += 1
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(count) / (Double(Nanoseconds.now() - start) / 1e9)
    }
}
