import Synchronization

/// Measures insertions that are due at fixed times while the map grows.
package enum PacedMeasurement {
    /// What the load saw.
    package struct Result: Codable, Sendable {
        /// From when operations were due to when they were done.
        package var latencies = LatencySummary()
        /// From when operations began to when they were done.
        package var services = LatencySummary()
        /// The latencies without what the machine did to the idle loop.
        package var ownLatencies = LatencySummary()
        /// What the idle loop saw.
        package var noise = LatencySummary()
        /// The longest latency within each of equal parts of the run.
        package var timeline: [UInt64] = []
        /// The part of the time that was spent inside of operations.
        package var busyShare = 0.0
        /// The rate that was reached, in operations per second.
        package var rate = 0.0

        init(_ result: PacedLoad.Result, threads: Int) {
            latencies = result.latencies.summary
            services = result.services.summary
            ownLatencies = result.ownLatencies.summary
            noise = result.noise.summary
            timeline = result.timeline
            let elapsed = Double(max(result.elapsed, 1))
            busyShare = Double(result.busy) / (elapsed * Double(threads))
            rate = Double(result.latencies.count) / elapsed * 1e9
        }
    }

    static func measure<S: MapSubject>(_ type: S.Type, _ paced: MapChild.Paced, seed: UInt64) -> Result {
        let map = type.init()
        let count = Int(paced.rate * paced.seconds) / paced.threads
        let keys = (0..<paced.threads).map { thread in
            (0..<count).map { S.Key(bits: KeyShape.scattered.key(ofRank: $0 &+ (thread + 1) << 40 &+ Int(seed) << 32)) }
        }
        let load = PacedLoad(rate: paced.rate / Double(paced.threads), operationCount: count)
        let total = Mutex(PacedLoad.Result())
        PinnedThreads.run(paced.threads) { thread in
            let result = insert(map, keys[thread], load)
            total.withLock { $0.add(result) }
        }
        return Result(total.withLock { $0 }, threads: paced.threads)
    }

    @inline(never)
    private static func insert<S: MapSubject>(_ map: S, _ keys: [S.Key], _ load: PacedLoad) -> PacedLoad.Result {
        var clock = MachineClock()
        return load.run(clock: &clock) { index, _ in
            map.setValue(S.Value(bits: UInt64(truncatingIfNeeded: index)), forKey: keys[index])
        }
    }
}
