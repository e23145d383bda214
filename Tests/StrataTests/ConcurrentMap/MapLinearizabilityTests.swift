import Strata
import Testing

/// Threads work on three keys of one shard while the shard grows, shrinks and is cleaned under them; the history of each
/// key must have a sequential explanation.
@Suite(.tags(.linearizability))
struct MapLinearizabilityTests {
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func explainsHistories_withValuesInTheTable(seed: UInt64) {
        checkHistories(seed: seed, key: { UInt64($0) }, value: { $0 }, number: { $0 })
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func explainsHistories_withAllocatedEntries(seed: UInt64) {
        checkHistories(seed: seed, key: { "key \($0)" }, value: { [$0] }, number: { $0[0] })
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func explainsHistories_withWideValues(seed: UInt64) {
        checkHistories(
            seed: seed, key: { ShortBytes("key \($0)") ?? "" }, value: { WideValue($0) }, number: { $0.number })
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func explainsHistories_whenHashesCollide(seed: UInt64) {
        checkHistories(seed: seed, churn: 40, key: { ClusteredKey(number: $0) }, value: { $0 }, number: { $0 })
        checkHistories(seed: seed, churn: 40, key: { [ClusteredKey(number: $0)] }, value: { $0 }, number: { $0 })
    }

    private func checkHistories<Key: Hashable & Sendable, Value: Sendable>(
        seed: UInt64, churn: Int = 600, key: @escaping @Sendable (Int) -> Key,
        value: @escaping @Sendable (Int) -> Value, number: @escaping @Sendable (Value) -> Int
    ) {
        let map = ConcurrentMap<Key, Value>(shardCount: 1)
        let histories = OneKeyHistories(seed: seed, churn: churn).record(
            put: { map.updateValue(value(0), forKey: key($0)) }, remove: { map.removeValue(forKey: key($0)) },
            removeAll: { map.removeAll() },
            step: { Self.step(map, key($0), $1, &$2, &$3, value: value, number: number) })
        for (index, history) in histories.enumerated() {
            #expect(LinearizabilityChecker<OneKey>.check(history), "seed \(seed), key \(index)")
        }
    }

    private static func step<Key, Value>(
        _ map: ConcurrentMap<Key, Value>, _ key: Key, _ new: Int, _ log: inout OneKeyHistories.Log,
        _ generator: inout SeededGenerator, value: (Int) -> Value, number: (Value) -> Int
    ) {
        let choice = generator.below(16)
        log.record {
            switch choice {
            case 0..<3: return .set(new, old: map.updateValue(value(new), forKey: key).map(number))
            case 3..<6: return .remove(old: map.removeValue(forKey: key).map(number))
            case 6: return .insertIfAbsent(new, existing: map.insertIfAbsent(value(new), forKey: key).map(number))
            case 7:
                return map.update(key) { entry in
                    let old = entry.map(number)
                    entry = old == nil ? value(new) : nil
                    return .update(to: old == nil ? new : nil, old: old)
                }
            case 8: return .read(map.values(forKeys: [key])[0].map(number))
            default: return .read(map[key].map(number))
            }
        }
        guard choice == 15 else { return }
        var version = EntryVersion.absent
        var expected: Int?
        log.record {
            let read = map.versionedValue(forKey: key)
            version = read.version
            expected = read.value.map(number)
            return .read(expected)
        }
        log.record {
            let written = map.updateValue(value(new + 500_000), forKey: key, ifVersion: version)
            return .setIfUnchanged(from: expected, to: new + 500_000, succeeded: written != nil)
        }
    }

    @Test
    func showsOneMoment_whenSnapshotIsTaken() {
        let map = ConcurrentMap<Int, Int>()
        runThreads(3) { thread in
            if thread == 0 {
                for round in 1...3_000 {
                    // In this order: no moment has the second key ahead of the first.
                    map.updateValue(round, forKey: 1)
                    map.updateValue(round, forKey: 2)
                    map.updateValue(round, forKey: 100 + round % 500)
                }
            } else {
                for _ in 0..<300 {
                    let snapshot = map.snapshot()
                    let first = snapshot[1] ?? 0
                    let second = snapshot[2] ?? 0
                    #expect(first == second || first == second + 1)
                }
            }
        }
    }
}
