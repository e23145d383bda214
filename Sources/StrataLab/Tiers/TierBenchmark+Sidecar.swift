import StrataRESP
import StrataRedis

/// A sidecar beside the Redis behind it: both on one processor, redis-benchmark on another.
extension TierBenchmark {
    /// How many hashes, and as many strings, are asked for through the sidecar.
    private static let sidecarKeyCount = 50_000
    private static let commands = [
        ("HGET", ["HGET", "key:__rand_int__", "f"]), ("GET", ["GET", "text:__rand_int__"]),
    ]

    /// Measures requests that a sidecar answers by itself.
    ///
    /// - Throws: ``Subprocess/Failure`` if a program is missing or fails.
    func measureSidecar(_ progress: MapBenchmark.Progress) throws -> Results {
        for program in ["redis-server", "redis-benchmark", "taskset"]
        where Subprocess.output(["which", program]).isEmpty {
            throw Subprocess.Failure(description: "there is no \(program)")
        }
        let processors = PinnedThreads.processors
        let redis = try ServerProcess(redisOn: processors[0])
        let sidecar = try ServerProcess(sidecarOf: redis.url, on: processors[0])
        defer {
            sidecar.stop()
            redis.stop()
        }
        progress("putting keys into redis-server and the sidecar")
        try Blocking.wait { () async -> Result<Void, any Error> in
            do {
                try await Self.fill(redis.url)
                return .success(())
            } catch {
                return .failure(error)
            }
        }.get()
        var results: Results = [:]
        let client = processors[processors.count - 1]
        // By the client that is measured: replies are kept for each version of the protocol. Reports of the writes, which come later, make
        // the sidecar forget some of it again, so it takes several turns.
        var misses = -1
        for turn in 0... {
            for (_, words) in Self.commands {
                _ = try Self.load(sidecar, words, depth: 16, count: 10 * Self.sidecarKeyCount, on: client)
            }
            let found = try Self.missCount(sidecar.url)
            if misses >= 0, found - misses < 100 { break }
            misses = found
            guard turn < 10 else {
                throw Subprocess.Failure(description: "the sidecar doesn't keep what it was asked for")
            }
        }
        for round in 0...rounds {
            progress(round == 0 ? "warming up" : "sidecar, round \(round) of \(rounds)")
            for (command, words) in Self.commands {
                for depth in [1, 16] {
                    let count = (depth == 1 ? sidecarCount : 5 * sidecarCount) / (round == 0 ? 5 : 1)
                    let subjects = [("Sidecar", sidecar), ("redis-server", redis)]
                    for (name, server) in round % 2 == 0 ? subjects : subjects.reversed() {
                        let before = server.processorTime
                        let rate = try Self.load(server, words, depth: depth, count: count, on: client)
                        let time = (server.processorTime - before) / Double(count) / 1000
                        guard round > 0 else { continue }
                        results.merge("sidecar-\(command)-\(depth)", [name: Samples([time])])
                        results.merge("sidecar-rate-\(command)-\(depth)", [name: Samples([rate])])
                    }
                }
            }
        }
        return results
    }

    /// How many reads a sidecar had to pass on so far.
    private static func missCount(_ url: String) throws -> Int {
        let client = try RedisClient(RedisConfiguration(url: url))
        let text = Blocking.wait { () async -> String? in
            let reply = try? await client.send(RedisCommand("INFO", "STRATA"))
            await client.shutdown()
            return reply?.text
        }
        let line = text?.split(whereSeparator: \.isNewline).first { $0.hasPrefix("near_cache_misses:") }
        guard let count = line.flatMap({ Int($0.dropFirst("near_cache_misses:".count)) }) else {
            throw Subprocess.Failure(description: "the sidecar has no figures")
        }
        return count
    }

    /// Writes all keys.
    private static func fill(_ url: String) async throws {
        var configuration = try RedisConfiguration(url: url)
        configuration.commandTimeout = .seconds(20)
        let client = try RedisClient(configuration)
        do {
            for start in stride(from: 0, to: sidecarKeyCount, by: 500) {
                let commands = (start..<start + 500).flatMap { rank in
                    let digits = String(repeating: "0", count: 12 - "\(rank)".count) + "\(rank)"
                    return [
                        RedisCommand("HSET", "key:\(digits)", "f", "v"), RedisCommand("SET", "text:\(digits)", "v"),
                    ]
                }
                for result in await client.pipeline(commands) { _ = try result.get().orThrow() }
            }
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }

    /// Has redis-benchmark send requests.
    ///
    /// - Returns: Requests per second.
    private static func load(
        _ server: ServerProcess, _ words: [String], depth: Int, count: Int, on processor: Int
    ) throws -> Double {
        let output = try Subprocess.run(
            [
                "taskset", "-c", "\(processor)", "redis-benchmark", "-p", "\(server.port)", "-c", "50", "-P",
                "\(depth)",
                "-n", "\(count)", "-r", "\(sidecarKeyCount)", "--csv",
            ] + words)
        let columns = output.text.split(separator: "\n").last?.split(separator: ",") ?? []
        guard output.status == 0, columns.count > 1, let rate = Double(columns[1].filter { $0 != "\"" }) else {
            throw Subprocess.Failure(description: "redis-benchmark failed: \(output.errors)\(output.text)")
        }
        return rate
    }
}
