import Strata

/// Measures single operations in a closed loop.
enum RowMeasurement {
    /// The longest sequence of operations for one thread; a round that needs more begins anew.
    static let sequenceLength = 1 << 20
    /// What is done before anything counts, and tells how long an operation takes.
    private static let warmUpCount = 1 << 15

    /// One row with the operations of each of its threads.
    private struct Prepared<Key: SubjectKey> {
        let row: MapRow
        let sequences: [KeySequence<Key>]
        var roundCount = 0
    }

    /// Fills a map and measures rows on it, in turns.
    static func measure<S: MapSubject>(_ subject: S.Type, _ task: MapChild.Task, _ result: inout MapChild.Result) throws
    {
        guard let first = task.rows.first else { return }
        let workload = try first.workload(keyCount: task.keyCount)
        let before = ProcessMemory.residentBytes
        let map = subject.init()
        map.fill(workload)
        let resident = ProcessMemory.residentBytes - before
        result.residentBytesPerEntry = Double(resident) / Double(workload.keyCount)
        result.ownBytesPerEntry = map.byteCount.map { Double($0) / Double(workload.keyCount) }

        var prepared: [Prepared<S.Key>] = []
        var known: [String: [KeySequence<S.Key>]] = [:]
        let rows = task.rows.filter { $0.bulk == 1 || S.hasBulkReads }
        let threads = rows.map(\.threads).max() ?? 1
        for row in rows {
            let name = "\(row.distribution) \(row.mix.text)"
            if known[name] == nil {
                let workload = try row.workload(keyCount: task.keyCount)
                known[name] = (0..<threads).map {
                    KeySequence(workload, count: sequenceLength, seed: task.seed, stream: $0)
                }
            }
            prepared.append(Prepared(row: row, sequences: Array(known[name]!.prefix(row.threads))))
        }
        for index in prepared.indices {
            let time = run(map, prepared[index], count: warmUpCount)
            let wanted = Double(task.roundMilliseconds) * 1e6 / max(time, 1)
            prepared[index].roundCount = min(max(Int(wanted), 1 << 12), sequenceLength) & ~15
        }
        for _ in 0..<task.rounds {
            for item in prepared {
                result.rows[item.row.name, default: []].append(run(map, item, count: item.roundCount))
            }
        }
    }

    /// Nanoseconds per operation as one thread sees them.
    private static func run<S: MapSubject>(_ map: S, _ prepared: Prepared<S.Key>, count: Int) -> Double {
        let bulk = prepared.row.bulk
        let sequences = prepared.sequences
        let times = PinnedThreads.run(sequences.count) { thread in
            if bulk > 1 {
                blackHole(map.readInBulk(sequences[thread].keys, 0..<count, of: bulk))
            } else {
                map.run(sequences[thread], 0..<count)
            }
        }
        return Double(times.max() ?? 0) / Double(count)
    }
}

/// Measures the actor, which is asked by tasks.
enum ActorMeasurement {
    private static let longest = 200_000

    static func measure(_ task: MapChild.Task) throws -> MapChild.Result {
        switch task.rows.first?.entries ?? .integers {
        case .integers: try measure(ActorDictionary<UInt64, UInt64>(), task)
        case .texts: try measure(ActorDictionary<ShortBytes, FourWords>(), task)
        case .strings: try measure(ActorDictionary<String, FourWords>(), task)
        }
    }

    private static func measure<Key, Value>(
        _ actor: ActorDictionary<Key, Value>, _ task: MapChild.Task
    ) throws -> MapChild.Result {
        var result = MapChild.Result()
        for row in task.rows where row.bulk == 1 {
            let workload = try row.workload(keyCount: task.keyCount)
            let keys = (0..<workload.keyCount).map { Key(bits: workload.shape.key(ofRank: $0)) }
            let sequences = (0..<row.threads).map { stream in
                KeySequence<Key>(workload, count: longest, seed: task.seed, stream: stream)
            }
            let rounds = task.rounds
            let limit = UInt64(task.roundMilliseconds) * 1_000_000
            result.rows[row.name] = Blocking.wait {
                await actor.fill(keys)
                let warm = await actor.run(sequences, operationCount: 5_000)
                let count = min(max(Int(limit * 5_000 / max(warm, 1)), 2_000), longest)
                var times: [Double] = []
                for _ in 0..<rounds {
                    times.append(Double(await actor.run(sequences, operationCount: count)) / Double(count))
                }
                return times
            }
        }
        return result
    }
}
