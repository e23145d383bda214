/// Measures what `Decision` needs to know of this machine, and of a Redis.
package struct DecisionMeasurement: Sendable {
    /// The service that is decided for: its reads and writes are what is measured.
    package var facts: DecisionFacts
    /// The server to measure too.
    package var redis: RedisAddress?
    /// How long each measurement takes.
    package var milliseconds = 500

    private static let entryLimit = 1_000_000
    private static let redisEntries = 10_000
    private static let pipelineDepth = 50

    /// Plans a measurement.
    package init(facts: DecisionFacts, redis: RedisAddress?) {
        self.facts = facts
        self.redis = redis
    }

    /// Measures.
    ///
    /// - Parameters:
    ///   - figures: Takes what was found.
    ///   - progress: Told what is being done.
    /// - Throws: What is wrong with the Redis.
    package func measure(into figures: inout DecisionFigures, progress: MapBenchmark.Progress) throws {
        try measureMap(&figures, progress)
        if let redis { try measureRedis(redis, &figures, progress) }
    }

    private func measureMap(_ figures: inout DecisionFigures, _ progress: MapBenchmark.Progress) throws {
        let entries = Int(min(max(facts.entries, 1_000), Double(Self.entryLimit)))
        let workload = Workload(keyCount: entries, distribution: .zipf(theta: 0.99), mix: .readOnly)
        progress("map: filling \(Figures.grouped(entries)) entries")
        let map = StrataMapSubject<UInt64, UInt64>()
        map.fill(workload)
        let keys = KeySequence<UInt64>(workload, count: 1 << 18, seed: 1, stream: 0).keys
        progress("map: reads")
        try figures.set("localReadNanoseconds", to: time(keys) { map.value(forKey: $0)?.checksum ?? 0 })
        progress("map: writes")
        try figures.set(
            "localWriteNanoseconds",
            to: time(keys) {
                map.setValue($0, forKey: $0)
                return $0
            })
        progress("map: the tail")
        var recorder = LatencyRecorder()
        for key in keys {
            let start = Nanoseconds.now()
            blackHole(map.value(forKey: key)?.checksum ?? 0)
            recorder.record(Nanoseconds.now() - start)
        }
        try figures.set("localP99Nanoseconds", to: Double(max(recorder.summary["P99"], 1)))
    }

    private func time(_ keys: [UInt64], _ operation: (UInt64) -> UInt64) -> Double {
        let end = Nanoseconds.now() + UInt64(milliseconds) * 1_000_000
        var rounds = Samples()
        repeat {
            var sum: UInt64 = 0
            let start = Nanoseconds.now()
            for key in keys { sum &+= operation(key) }
            rounds.add(Double(Nanoseconds.now() - start) / Double(keys.count))
            blackHole(sum)
        } while Nanoseconds.now() < end
        return max(rounds.median, 0.1)
    }

    private func measureRedis(
        _ address: RedisAddress, _ figures: inout DecisionFigures, _ progress: MapBenchmark.Progress
    ) throws {
        let connection = try RedisConnection(address)
        let names = (0..<Self.redisEntries).map { Array("strata-lab:\($0)".utf8) }
        let value = [UInt8](repeating: UInt8(ascii: "v"), count: Int(min(max(facts.entryBytes, 1), 65_536)))
        progress("Redis at \(address.host):\(address.port): putting \(Self.redisEntries) keys in")
        for start in stride(from: 0, to: names.count, by: 500) {
            for name in names[start..<min(start + 500, names.count)] { connection.request("SET", name, value) }
            try connection.finish()
        }
        progress("Redis: round trips")
        var recorder = LatencyRecorder()
        let processor = Nanoseconds.ofThread()
        var trips = 0
        var end = Nanoseconds.now() + UInt64(milliseconds) * 1_000_000
        while Nanoseconds.now() < end {
            let start = Nanoseconds.now()
            connection.request("GET", names[trips % names.count])
            try connection.finish()
            recorder.record(Nanoseconds.now() - start)
            trips += 1
        }
        try figures.set("remoteCallNanoseconds", to: Double(max(Nanoseconds.ofThread() - processor, 1)) / Double(trips))
        let summary = recorder.summary
        try figures.set("remoteP50Nanoseconds", to: Double(max(summary["P50"], 1)))
        try figures.set("remoteP99Nanoseconds", to: Double(max(summary["P99"], 1)))
        progress("Redis: throughput")
        var count = 0
        let start = Nanoseconds.now()
        end = start + UInt64(milliseconds) * 1_000_000
        while Nanoseconds.now() < end {
            for _ in 0..<Self.pipelineDepth {
                connection.request("GET", names[count % names.count])
                count += 1
            }
            try connection.finish()
        }
        try figures.set(
            "serverOperationsPerSecond", to: Double(count) / (Double(Nanoseconds.now() - start) / 1e9))
        progress("Redis: taking the keys out")
        for start in stride(from: 0, to: names.count, by: 500) {
            for name in names[start..<min(start + 500, names.count)] { connection.request("DEL", name) }
            try connection.finish()
        }
    }
}
