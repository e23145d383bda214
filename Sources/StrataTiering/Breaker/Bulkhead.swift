/// Bounds how many calls are under way at once, and how many wait for their turn.
///
/// Turns are given in the order in which they were asked for.
///
/// **Concurrency:** from any task.
package final class Bulkhead: Sendable {
    private struct State {
        var running = 0
        var waiters: [Signal<Void>] = []
    }

    private let state = Guarded(State())
    private let capacity: Int
    private let waiterCapacity: Int

    /// A bulkhead.
    ///
    /// - Parameters:
    ///   - capacity: How many calls at once.
    ///   - waiterCapacity: How many may wait.
    package init(capacity: Int, waiterCapacity: Int) {
        self.capacity = max(capacity, 1)
        self.waiterCapacity = max(waiterCapacity, 0)
    }

    /// How many calls are under way.
    package var runningCount: Int { state.withLock { $0.running } }
    /// How many wait for their turn.
    package var waiterCount: Int { state.withLock { $0.waiters.count } }

    /// Waits for a turn.
    ///
    /// - Returns: Whether it has come; it must be given back with `leave` then.
    package nonisolated(nonsending) func enter(
        until deadline: Instant, clock: TieringClock, tasks: TaskStarter
    ) async -> Bool {
        enum Action {
            case go
            case refuse
            case wait(Signal<Void>)
        }
        let action: Action = state.withLock { state in
            if state.running < capacity {
                state.running += 1
                return .go
            }
            guard state.waiters.count < waiterCapacity else { return .refuse }
            let signal = Signal<Void>()
            state.waiters.append(signal)
            return .wait(signal)
        }
        switch action {
        case .go: return true
        case .refuse: return false
        case .wait(let signal):
            if case .outcome = await signal.wait(until: deadline, clock: clock, tasks: tasks) { return true }
            let wasWaiting = state.withLock { state in
                guard let index = state.waiters.firstIndex(where: { $0 === signal }) else { return false }
                state.waiters.remove(at: index)
                return true
            }
            // The turn came at the moment of leaving: it goes to the next.
            if !wasWaiting { leave() }
            return false
        }
    }

    /// Gives a turn back.
    package func leave() {
        let next = state.withLock { state -> Signal<Void>? in
            guard !state.waiters.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.send(())
    }
}
