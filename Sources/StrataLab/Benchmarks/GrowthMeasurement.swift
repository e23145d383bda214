/// Measures how long each of the insertions takes by which a map grows from nothing.
///
/// Between stretches of insertions a probe takes as many empty steps: what the machine itself adds at that time is seen there.
package enum GrowthMeasurement {
    private static let stretch = 4_000
    private static let parts = 200

    /// What growth took.
    package struct Result: Codable, Sendable {
        /// The time of each insertion.
        package var insertions = LatencySummary()
        /// The time of each empty step.
        package var noise = LatencySummary()
        /// The longest insertion within each of equal parts.
        package var timeline: [UInt64] = []
        /// The most entries a single insertion had moved; `nil` where that isn't known.
        package var maximumSlotsMoved: Int?
        /// How much the process grew for each entry.
        package var residentBytesPerEntry = 0.0
        /// The same as the subject counts.
        package var ownBytesPerEntry: Double?
    }

    static func measure<S: MapSubject>(_ type: S.Type, _ task: MapChild.Task) -> Result {
        let count = task.growthCount
        let keys = (0..<count).map { S.Key(bits: KeyShape.scattered.key(ofRank: $0 &+ Int(task.seed) << 32)) }
        var latencies = LatencyRecorder()
        var probe = NoiseProbe()
        var timeline = [UInt64](repeating: 0, count: parts)
        PinnedThreads.pin(to: PinnedThreads.processors[0])
        probe.run(steps: stretch)
        probe = NoiseProbe()
        let before = ProcessMemory.residentBytes
        let map = type.init()
        var start = 0
        while start < count {
            let end = min(start + stretch, count)
            insert(map, keys, start..<end, &latencies, &timeline)
            probe.run(steps: end - start)
            start = end
        }
        let resident = ProcessMemory.residentBytes - before
        return Result(
            insertions: latencies.summary, noise: probe.latencies.summary, timeline: timeline,
            maximumSlotsMoved: map.maximumSlotsMoved ?? slotsMoved(by: type, keys),
            residentBytesPerEntry: Double(resident) / Double(count),
            ownBytesPerEntry: map.byteCount.map { Double($0) / Double(count) })
    }

    @inline(never)
    private static func insert<S: MapSubject>(
        _ map: S, _ keys: [S.Key], _ range: Range<Int>, _ latencies: inout LatencyRecorder, _ timeline: inout [UInt64]
    ) {
        for index in range {
            let begin = Nanoseconds.now()
            map.setValue(S.Value(bits: 1), forKey: keys[index])
            let time = Nanoseconds.now() &- begin
            latencies.record(time)
            let part = index * parts / keys.count
            if time > timeline[part] { timeline[part] = time }
        }
    }

    /// What the dictionaries don't say themselves: a dictionary that grows moves all it holds, at once.
    private static func slotsMoved<S: MapSubject>(by type: S.Type, _ keys: [S.Key]) -> Int? {
        let shardCount: Int
        switch S.title {
        case MutexDictionarySubject<S.Key, S.Value>.title, ReadWriteLockDictionarySubject<S.Key, S.Value>.title:
            shardCount = 1
        case ShardedDictionarySubject<S.Key, S.Value>.title: shardCount = 32
        default: return nil
        }
        var largest = 0
        var map: [S.Key: Bool] = [:]
        for key in keys where key.shardBits & (shardCount - 1) == 0 {
            let capacity = map.capacity
            map[key] = true
            if map.capacity > capacity { largest = max(largest, map.count - 1) }
        }
        return largest
    }
}
