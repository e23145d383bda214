import Strata
import Testing

/// One key of a map.
///
/// Every write has a value of its own, so that a version stands for a value.
private enum OneKey: SequentialModel {
    enum Operation: Sendable {
        case read(Int?)
        case set(Int, old: Int?)
        case remove(old: Int?)
        case insertIfAbsent(Int, existing: Int?)
        case update(to: Int?, old: Int?)
        case setIfUnchanged(from: Int?, to: Int, succeeded: Bool)
        case removeAll
    }

    static let initialState: Int? = nil

    static func state(after operation: Operation, in state: Int?) -> Int?? {
        switch operation {
        case .read(let value): value == state ? .some(state) : nil
        case .set(let value, let old): old == state ? .some(value) : nil
        case .remove(let old): old == state ? .some(nil) : nil
        case .insertIfAbsent(let value, let existing): existing == state ? .some(existing ?? value) : nil
        case .update(let value, let old): old == state ? .some(value) : nil
        case .setIfUnchanged(let expected, let value, let succeeded):
            (expected == state) == succeeded ? .some(succeeded ? value : state) : nil
        case .removeAll: .some(nil)
        }
    }
}

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

    private typealias Log = HistoryLog<OneKey.Operation>

    private func checkHistories<Key: Hashable & Sendable, Value: Sendable>(
        seed: UInt64, churn: Int = 600, key: @escaping @Sendable (Int) -> Key,
        value: @escaping @Sendable (Int) -> Value, number: @escaping @Sendable (Value) -> Int
    ) {
        let keyCount = 3
        let threadCount = 4
        let steps = 900
        let map = ConcurrentMap<Key, Value>(shardCount: 1)
        let logs = PerThread<[Log]>(count: threadCount)
        runThreads(threadCount) { thread in
            var generator = SeededGenerator(seed: seed &* 1000 &+ UInt64(thread))
            var mine = (0..<keyCount).map { _ in Log(capacity: steps) }
            var next = (thread + 1) * 1_000_000
            if thread == 0 {
                // Keys that nobody records come and go, so that the table changes all the time.
                for round in 0..<8 {
                    for index in 0..<churn { map.updateValue(value(0), forKey: key(1000 + index)) }
                    for index in 0..<churn { map.removeValue(forKey: key(1000 + index)) }
                    guard round % 4 == 3 else { continue }
                    let start = monotonicNanoseconds()
                    map.removeAll()
                    let end = monotonicNanoseconds()
                    for index in 0..<keyCount {
                        mine[index].append(RecordedOperation(start: start, end: end, operation: .removeAll))
                    }
                }
            } else {
                for _ in 0..<steps {
                    next += 1
                    let chosen = generator.below(keyCount)
                    Self.step(
                        map, key(chosen), next, &mine[chosen], &generator, value: value, number: number)
                }
            }
            logs[thread] = mine
        }
        for index in 0..<keyCount {
            let history = logs.all.flatMap { $0[index].operations }
            #expect(LinearizabilityChecker<OneKey>.check(history), "seed \(seed), key \(index)")
        }
    }

    private static func step<Key, Value>(
        _ map: ConcurrentMap<Key, Value>, _ key: Key, _ new: Int, _ log: inout Log,
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
