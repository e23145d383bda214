import Strata
import Testing

/// Threads work on three keys of one shard, while the shard's table and policy grow or evict under them; the history of
/// each key must have a sequential explanation.
@Suite(.tags(.linearizability))
struct CacheLinearizabilityTests {
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func explainsHistories_withoutEviction(seed: UInt64) {
        let cache: Cache<Int, Int> = makeCache(.init(maximumCount: 1 << 20)) { $0.shardCount = 1 }
        for (index, history) in histories(of: cache, seed: seed, churn: 600).enumerated() {
            #expect(LinearizabilityChecker<OneKey>.check(history), "seed \(seed), key \(index)")
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
    ) -> [[RecordedOperation<OneKey.Operation>]] {
        OneKeyHistories(seed: seed, churn: churn).record(
            put: { cache.put(0, forKey: $0) }, remove: { cache.remove($0) }, removeAll: { cache.removeAll() },
            step: { Self.step(cache, $0, $1, &$2, &$3) })
    }

    private static func step(
        _ cache: Cache<Int, Int>, _ key: Int, _ new: Int, _ log: inout OneKeyHistories.Log,
        _ generator: inout SeededGenerator
    ) {
        let choice = generator.below(16)
        log.record {
            switch choice {
            case 0..<3: return .set(new, old: cache.updateValue(new, forKey: key))
            case 3..<6: return .remove(old: cache.remove(key))
            case 6: return .insertIfAbsent(new, existing: cache.putIfAbsent(new, forKey: key))
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
