/// Who waits for something that happens once.
///
///     pending ──finish──▶ finished
///
/// A waiter comes in two steps, because its continuation exists only once it has suspended: it gets a number, and then waits or
/// leaves, in either order.
///
/// Invariants:
/// - I1. Every waiter that was taken in is handed out exactly once: by `leave` or by `finish`.
/// - I2. `left` has only numbers whose waiter hasn't come yet, and only while it is pending.
package struct WaitListStateMachine<Outcome, Waiter> {
    /// Why a waiter leaves before the end.
    package enum Reason: Hashable, Sendable {
        /// Its deadline has come.
        case timeout
        /// Its task was cancelled.
        case cancelled
    }

    /// What a waiter has to do.
    package enum WaitAction {
        /// Wait to be handed out.
        case suspend
        /// Go on: it has happened.
        case finished(Outcome)
        /// Go on: it left before it came.
        case left(Reason)
    }

    /// What happened.
    package private(set) var outcome: Outcome?
    private var waiters: [(number: Int, waiter: Waiter)] = []
    private var left: [Int: Reason] = [:]
    private var nextNumber = 0

    /// Nothing has happened, and nobody waits.
    package init() {}

    /// How many wait.
    package var waiterCount: Int { waiters.count }

    /// A number for somebody who will wait.
    package mutating func makeNumber() -> Int {
        nextNumber += 1
        return nextNumber
    }

    /// Somebody waits from here on.
    package mutating func wait(_ waiter: Waiter, number: Int) -> WaitAction {
        if let outcome { return .finished(outcome) }
        if let reason = left.removeValue(forKey: number) { return .left(reason) }
        waiters.append((number, waiter))
        return .suspend
    }

    /// Somebody doesn't want to wait any longer.
    ///
    /// - Returns: The waiter to be told; `nil` if it hasn't come yet, or has been handed out.
    package mutating func leave(number: Int, _ reason: Reason) -> Waiter? {
        guard outcome == nil else { return nil }
        if let index = waiters.firstIndex(where: { $0.number == number }) { return waiters.remove(at: index).waiter }
        if left[number] == nil { left[number] = reason }
        return nil
    }

    /// It has happened.
    ///
    /// - Returns: The waiters to be told, in the order in which they came; `nil` if it had happened before.
    package mutating func finish(_ outcome: Outcome) -> [Waiter]? {
        guard self.outcome == nil else { return nil }
        self.outcome = outcome
        defer {
            waiters = []
            left = [:]
        }
        return waiters.map(\.waiter)
    }
}
