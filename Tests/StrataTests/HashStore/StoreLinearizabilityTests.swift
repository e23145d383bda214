import Testing

@testable import Strata

/// One string key, or one field of a hash.
private enum OnePlace: SequentialModel {
    enum Operation: Sendable {
        case read(Int?)
        case set(Int, wasThere: Bool?)
        case remove(wasThere: Bool)
        case clear
    }

    static let initialState: Int? = nil

    static func state(after operation: Operation, in state: Int?) -> Int?? {
        switch operation {
        case .read(let value): value == state ? .some(state) : nil
        case .set(let value, let wasThere): wasThere == nil || wasThere == (state != nil) ? .some(value) : nil
        case .remove(let wasThere): wasThere == (state != nil) ? .some(nil) : nil
        case .clear: .some(nil)
        }
    }
}

/// Readers without locks and writers on a few places, while everything around them grows, shrinks and changes its form;
/// the history of each place must have a sequential explanation.
@Suite(.tags(.linearizability))
struct StoreLinearizabilityTests {
    private typealias Log = HistoryLog<OnePlace.Operation>

    private static let placeCount = 3
    private static let steps = 700

    private func makeStore() -> HashStore {
        var configuration = HashStore.Configuration()
        configuration.shardCount = 1
        configuration.encoding = EncodingLimits(maximumCompactFieldCount: 16)
        return HashStore(configuration: configuration, now: 0)
    }

    private func check(
        seed: UInt64, churn: @escaping @Sendable (Int, inout [HistoryLog<OnePlace.Operation>]) -> Void,
        step: @escaping @Sendable (Int, Int, inout SeededGenerator) -> OnePlace.Operation
    ) {
        let threadCount = 4
        let logs = PerThread<[Log]>(count: threadCount)
        runThreads(threadCount) { thread in
            var random = SeededGenerator(seed: seed &* 1000 &+ UInt64(thread))
            var mine = (0..<Self.placeCount).map { _ in Log(capacity: Self.steps) }
            if thread == 0 {
                for round in 0..<8 { churn(round, &mine) }
            } else {
                for number in 0..<Self.steps {
                    let place = random.number(0..<Self.placeCount)
                    mine[place].record { step(place, (thread + 1) * 1_000_000 + number, &random) }
                }
            }
            logs[thread] = mine
        }
        for place in 0..<Self.placeCount {
            let history = logs.all.flatMap { $0[place].operations }
            #expect(LinearizabilityChecker<OnePlace>.check(history), "seed \(seed), place \(place)")
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func explainsHistories_ofStrings(seed: UInt64) {
        let store = makeStore()
        check(seed: seed) { round, logs in
            for index in 0..<500 { store.put("other:\(index)", "x") }
            for index in 0..<500 { store.drop("other:\(index)") }
            guard round % 4 == 3 else { return }
            Self.recordClear(&logs) { store.withExclusiveAccessToAll(now: 0) { $0.removeAll() } }
        } step: { place, number, random in
            let key = "key:\(place)"
            switch random.number(0..<12) {
            case 0..<3:
                store.put(key, String(number))
                return .set(number, wasThere: nil)
            case 3, 4: return .remove(wasThere: store.drop(key))
            default: return .read(store.string(key).flatMap(Int.init))
            }
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func explainsHistories_ofFields(seed: UInt64) {
        let store = makeStore()
        check(seed: seed) { round, logs in
            // Over the limit and back: a table, a growing table, a compact hash again.
            store.putFields("hash", (0..<200).map { ("other:\($0)", "x") })
            for index in 0..<200 { store.dropFields("hash", ["other:\(index)"]) }
            guard round % 4 == 3 else { return }
            Self.recordClear(&logs) { store.drop("hash") }
        } step: { place, number, random in
            let field = "field:\(place)"
            switch random.number(0..<12) {
            case 0..<3: return .set(number, wasThere: store.putFields("hash", [(field, String(number))]) == 0)
            case 3, 4: return .remove(wasThere: store.dropFields("hash", [field]) == 1)
            default: return .read(store.fieldValue("hash", field).flatMap(Int.init))
            }
        }
    }

    /// Runs what empties every place and records it for each.
    private static func recordClear(_ logs: inout [HistoryLog<OnePlace.Operation>], _ body: () -> Void) {
        let start = monotonicNanoseconds()
        body()
        let end = monotonicNanoseconds()
        for place in logs.indices {
            logs[place].append(RecordedOperation(start: start, end: end, operation: .clear))
        }
    }
}
