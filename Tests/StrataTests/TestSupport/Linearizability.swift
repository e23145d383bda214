/// A sequential specification: what an operation does to a state, and which results it may have there.
protocol SequentialModel {
    associatedtype State: Hashable
    associatedtype Operation: Sendable

    static var initialState: State { get }
    /// The state after an operation, or `nil` if the operation can't have the result it had in this state.
    static func state(after operation: Operation, in state: State) -> State?
}

/// An operation that took effect at some moment from `start` to `end`.
struct RecordedOperation<Operation: Sendable>: Sendable {
    var start: UInt64
    var end: UInt64
    var operation: Operation
}

/// Decides whether a concurrent history can be explained by a sequential one in which every operation takes effect
/// between its start and its end.
///
/// The search is that of Wing and Gong ("Testing and verifying concurrent objects", 1993) in the form of Lowe ("Testing
/// for linearizability", 2017): operations are taken in an order that respects time, those that were tried in the same
/// set with the same state are not tried again, and dead ends are undone.
struct LinearizabilityChecker<Model: SequentialModel> {
    private struct Visited: Hashable {
        var linearized: [UInt64]
        var state: Model.State
    }

    // Events in time order, as a doubly linked list over numbers: event 2 i is the start of operation i, 2 i + 1 its end.
    private let operations: [Model.Operation]
    private var next: [Int]
    private var previous: [Int]
    private let head: Int
    private let tail: Int

    /// Whether a history is linearizable.
    static func check(_ history: [RecordedOperation<Model.Operation>]) -> Bool {
        var checker = Self(history)
        return checker.search()
    }

    private init(_ history: [RecordedOperation<Model.Operation>]) {
        operations = history.map(\.operation)
        head = history.count * 2
        tail = head + 1
        next = Array(repeating: tail, count: tail + 1)
        previous = Array(repeating: head, count: tail + 1)
        // Starts before ends at the same time: operations that touch are taken to overlap.
        let order = (0..<head).sorted { left, right in
            func key(_ event: Int) -> (UInt64, Int) {
                let record = history[event / 2]
                return (event % 2 == 0 ? record.start : record.end, event % 2)
            }
            return key(left) < key(right)
        }
        var last = head
        for event in order {
            next[last] = event
            previous[event] = last
            last = event
        }
        next[last] = tail
        previous[tail] = last
    }

    private mutating func search() -> Bool {
        var state = Model.initialState
        var linearized = [UInt64](repeating: 0, count: operations.count / 64 + 1)
        var visited: Set<Visited> = []
        var taken: [(operation: Int, stateBefore: Model.State)] = []
        var event = next[head]
        while event != tail {
            let index = event / 2
            guard event % 2 == 0 else {
                // An operation ended that could not be placed: undo the last choice.
                guard let last = taken.popLast() else { return false }
                state = last.stateBefore
                linearized[last.operation / 64] &= ~(1 << UInt64(last.operation % 64))
                putBack(last.operation)
                event = next[last.operation * 2]
                continue
            }
            if let newState = Model.state(after: operations[index], in: state) {
                var candidate = linearized
                candidate[index / 64] |= 1 << UInt64(index % 64)
                if visited.insert(Visited(linearized: candidate, state: newState)).inserted {
                    taken.append((index, state))
                    linearized = candidate
                    state = newState
                    lift(index)
                    event = next[head]
                    continue
                }
            }
            event = next[event]
        }
        return true
    }

    private mutating func lift(_ operation: Int) {
        for event in [operation * 2, operation * 2 + 1] {
            next[previous[event]] = next[event]
            previous[next[event]] = previous[event]
        }
    }

    private mutating func putBack(_ operation: Int) {
        for event in [operation * 2 + 1, operation * 2] {
            next[previous[event]] = event
            previous[next[event]] = event
        }
    }
}
