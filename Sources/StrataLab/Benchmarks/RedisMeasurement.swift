import Synchronization

/// Measures a Redis with the rows of the map benchmark: each thread has a connection and waits for each reply; bulk reads are sent
/// together.
///
/// The keys begin with `strata-lab:` and are removed at the end.
struct RedisMeasurement {
    let address: RedisAddress
    let keyCount: Int
    let rounds: Int
    let roundMilliseconds: Int

    private static let value = [UInt8](repeating: UInt8(ascii: "v"), count: 8)
    private static let batch = 1_000
    private static let longest = 200_000

    private static func name(_ rank: Int) -> [UInt8] { Array("strata-lab:\(rank)".utf8) }

    /// Puts the keys in.
    func fill() throws {
        let connection = try RedisConnection(address)
        for start in stride(from: 0, to: keyCount, by: Self.batch) {
            for rank in start..<min(start + Self.batch, keyCount) {
                connection.request("SET", Self.name(rank), Self.value)
            }
            try connection.finish()
        }
    }

    /// Takes the keys out.
    func empty() throws {
        let connection = try RedisConnection(address)
        for start in stride(from: 0, to: keyCount, by: Self.batch) {
            for rank in start..<min(start + Self.batch, keyCount) { connection.request("DEL", Self.name(rank)) }
            try connection.finish()
        }
    }

    /// Nanoseconds per operation and thread, round by round.
    func measure(_ row: MapRow) throws -> [Double] {
        let workload = try row.workload(keyCount: keyCount)
        let sequences = (0..<row.threads).map { workload.sequence(count: Self.longest, seed: 1, stream: $0) }
        let warm = try run(sequences, bulk: row.bulk, count: 2_000)
        let count = min(max(Int(Double(roundMilliseconds) * 1e6 / max(warm, 1)), 1_000), Self.longest)
        return try (0..<rounds).map { _ in try run(sequences, bulk: row.bulk, count: count) }
    }

    private func run(_ sequences: [Workload.Sequence], bulk: Int, count: Int) throws -> Double {
        let failure = Mutex<String?>(nil)
        let times = PinnedThreads.run(sequences.count) { thread in
            do {
                try run(sequences[thread], bulk: bulk, count: count)
            } catch {
                failure.withLock { $0 = "\(error)" }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw RedisConnection.Failure(description: failure) }
        return Double(times.max() ?? 0) / Double(count)
    }

    private func run(_ sequence: Workload.Sequence, bulk: Int, count: Int) throws {
        let connection = try RedisConnection(address)
        for index in 0..<count {
            let name = Self.name(sequence.ranks[index])
            switch sequence.kinds.isEmpty ? .read : sequence.kinds[index] {
            case .read: connection.request("GET", name)
            case .remove: connection.request("DEL", name)
            default: connection.request("SET", name, Self.value)
            }
            if (index + 1) % bulk == 0 { try connection.finish() }
        }
        try connection.finish()
    }
}

extension MapBenchmark {
    func measureRedis(_ address: RedisAddress, _ progress: Progress) throws -> Collected {
        var collected = Collected(title: "Redis")
        let measurement = RedisMeasurement(
            address: address, keyCount: task.keyCount, rounds: task.rounds, roundMilliseconds: task.roundMilliseconds)
        progress("Redis at \(address.host):\(address.port): putting \(task.keyCount) keys in")
        try measurement.fill()
        for row in rows where row.entries == .integers && row.shape == .scattered {
            progress("Redis: \(row.title)")
            collected.rows[row.name] = Samples(try measurement.measure(row))
        }
        progress("Redis: taking the keys out")
        try measurement.empty()
        return collected
    }
}
