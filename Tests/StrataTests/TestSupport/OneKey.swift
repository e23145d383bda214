/// One key of a map or a cache.
///
/// Every write has a value of its own, so that a version stands for a value.
enum OneKey: SequentialModel {
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

/// The same where a key may lose its value at any moment: nothing is a result that every operation may have, as if an eviction came
/// just before it.
enum OneEvictedKey: SequentialModel {
    static let initialState = OneKey.initialState

    static func state(after operation: OneKey.Operation, in state: Int?) -> Int?? {
        if let next = OneKey.state(after: operation, in: state) { return next }
        return OneKey.state(after: operation, in: nil)
    }
}

/// What threads did with a few keys of one shard, while keys that nobody records came and went, so that the shard changed all the time.
struct OneKeyHistories {
    typealias Log = HistoryLog<OneKey.Operation>

    /// How many keys are recorded: those from 0.
    static let keyCount = 3
    private static let threadCount = 4
    private static let steps = 900

    let seed: UInt64
    /// How many keys come and go at a time: those from 1000.
    let churn: Int

    /// Records the histories.
    ///
    /// - Parameters:
    ///   - put: Gives a key a value that doesn't matter.
    ///   - remove: Takes a key's value away.
    ///   - removeAll: Takes all away.
    ///   - step: Does something with a key, and a value that nobody else has, and records it.
    /// - Returns: The operations by key.
    func record(
        put: @escaping @Sendable (Int) -> Void, remove: @escaping @Sendable (Int) -> Void,
        removeAll: @escaping @Sendable () -> Void,
        step: @escaping @Sendable (_ key: Int, _ new: Int, _ log: inout Log, _ generator: inout SeededGenerator) -> Void
    ) -> [[RecordedOperation<OneKey.Operation>]] {
        let logs = PerThread<[Log]>(count: Self.threadCount)
        runThreads(Self.threadCount) { thread in
            var generator = SeededGenerator(seed: seed &* 1000 &+ UInt64(thread))
            var mine = (0..<Self.keyCount).map { _ in Log(capacity: Self.steps * 2) }
            var next = (thread + 1) * 1_000_000
            if thread == 0 {
                for round in 0..<8 {
                    for index in 0..<churn { put(1000 + index) }
                    for index in 0..<churn { remove(1000 + index) }
                    guard round % 4 == 3 else { continue }
                    let start = monotonicNanoseconds()
                    removeAll()
                    let end = monotonicNanoseconds()
                    for index in 0..<Self.keyCount {
                        mine[index].append(RecordedOperation(start: start, end: end, operation: .removeAll))
                    }
                }
            } else {
                for _ in 0..<Self.steps {
                    next += 1
                    let chosen = generator.below(Self.keyCount)
                    step(chosen, next, &mine[chosen], &generator)
                }
            }
            logs[thread] = mine
        }
        return (0..<Self.keyCount).map { index in logs.all.flatMap { $0[index].operations } }
    }
}
