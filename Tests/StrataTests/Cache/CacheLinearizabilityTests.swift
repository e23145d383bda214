import Strata
import Testing

/// One key of a cache.
///
/// Every write has a value of its own. In a cache that evicts, a key may lose its value at any moment: then a result of
/// nothing is always possible, and what is there afterwards is nothing.
private enum OneCachedKey: SequentialModel {
    enum Operation: Sendable {
        case read(Int?)
        case set(Int, old: Int?)
        case remove(old: Int?)
        case putIfAbsent(Int, existing: Int?)
        case update(to: Int?, old: Int?)
        case removeAll
    }

    static let initialState: Int? = nil

    static func state(after operation: Operation, in state: Int?) -> Int?? {
        switch operation {
        case .read(let value): value == state ? .some(state) : nil
        case .set(let value, let old): old == state ? .some(value) : nil
        case .remove(let old): old == state ? .some(nil) : nil
        case .putIfAbsent(let value, let existing): existing == state ? .some(existing ?? value) : nil
        case .update(let value, let old): old == state ? .some(value) : nil
        case .removeAll: .some(nil)
        }
    }
}

/// The same with evictions: `nil` is a result that every operation may have, as if an eviction came just before it.
private enum OneEvictedKey: SequentialModel {
    static let initialState = OneCachedKey.initialState

    static func state(after operation: OneCachedKey.Operation, in state: Int?) -> Int?? {
        if let next = OneCachedKey.state(after: operation, in: state) { return next }
        return OneCachedKey.state(after: operation, in: nil)
    }
}

/// Threads work on three keys of one shard, while the shard's table and policy grow or evict under them; the history of
/// each key must have a sequential explanation.
@Suite(.tags(.linearizability))
struct CacheLinearizabilityTests {
    private typealias Log = HistoryLog<OneCachedKey.Operation>

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func explainsHistories_withoutEviction(seed: UInt64) {
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 1 << 20)) { $0.shardCount = 1 }
        for (index, history) in histories(of: cache, seed: seed, churn: 600).enumerated() {
            #expect(LinearizabilityChecker<OneCachedKey>.check(history), "seed \(seed), key \(index)")
        }
        expectValid(cache)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func explainsHistories_withEviction(seed: UInt64) {
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 40)) { $0.shardCount = 1 }
        for (index, history) in histories(of: cache, seed: seed, churn: 150).enumerated() {
            #expect(LinearizabilityChecker<OneEvictedKey>.check(history), "seed \(seed), key \(index)")
        }
        #expect(cache.statistics.sizeEvictionCount > 0)
        expectValid(cache)
    }

    private func histories(
        of cache: Cache<Int, Int>, seed: UInt64, churn: Int
    ) -> [[RecordedOperation<OneCachedKey.Operation>]] {
        let keyCount = 3
        let threadCount = 4
        let steps = 900
        let logs = PerThread<[Log]>(count: threadCount)
        runThreads(threadCount) { thread in
            var generator = SeededGenerator(seed: seed &* 1000 &+ UInt64(thread))
            var mine = (0..<keyCount).map { _ in Log(capacity: steps) }
            var next = (thread + 1) * 1_000_000
            if thread == 0 {
                // Keys that nobody records come and go, so that the shard changes all the time.
                for round in 0..<8 {
                    for index in 0..<churn { cache.put(0, forKey: 1000 + index) }
                    for index in 0..<churn { cache.remove(1000 + index) }
                    guard round % 4 == 3 else { continue }
                    let start = monotonicNanoseconds()
                    cache.removeAll()
                    let end = monotonicNanoseconds()
                    for index in 0..<keyCount {
                        mine[index].append(RecordedOperation(start: start, end: end, operation: .removeAll))
                    }
                }
            } else {
                for _ in 0..<steps {
                    next += 1
                    let chosen = generator.below(keyCount)
                    Self.step(cache, chosen, next, &mine[chosen], &generator)
                }
            }
            logs[thread] = mine
        }
        return (0..<keyCount).map { index in logs.all.flatMap { $0[index].operations } }
    }

    private static func step(
        _ cache: Cache<Int, Int>, _ key: Int, _ new: Int, _ log: inout Log, _ generator: inout SeededGenerator
    ) {
        let choice = generator.below(16)
        log.record {
            switch choice {
            case 0..<3: return .set(new, old: cache.updateValue(new, forKey: key))
            case 3..<6: return .remove(old: cache.remove(key))
            case 6: return .putIfAbsent(new, existing: cache.putIfAbsent(new, forKey: key))
            case 7:
                return cache.update(key) { value in
                    let old = value
                    value = old == nil ? new : nil
                    return .update(to: value, old: old)
                }
            case 8: return .read(cache.values(forKeys: [key])[0])
            case 9: return .read(cache.peek(key))
            default: return .read(cache[key])
            }
        }
    }
}
