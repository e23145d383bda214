/// One load that many may wait for: who waits, and how it ended.
///
///     underway ──finish──▶ landed
///
/// A waiter comes in two steps, because its continuation exists only once it has suspended: it gets a number, and then waits or
/// is cancelled, in either order.
///
/// Invariants:
/// - I1. Every waiter that was taken in is handed out exactly once: by `cancel` or by `finish`.
/// - I2. `cancelled` has numbers whose waiter hasn't come yet, only while the load is under way.
struct FlightStateMachine<Outcome, Waiter> {
    /// What a waiter has to do.
    enum WaitAction {
        case suspend
        case resume(Outcome)
        case throwCancellation
    }

    private(set) var outcome: Outcome?
    private var waiters: [Int: Waiter] = [:]
    private var cancelled: Set<Int> = []
    private var nextNumber = 0

    /// How many wait.
    var waiterCount: Int { waiters.count }

    /// A number for somebody who will wait.
    mutating func makeNumber() -> Int {
        nextNumber += 1
        return nextNumber
    }

    /// Somebody waits from here on.
    mutating func wait(_ waiter: Waiter, number: Int) -> WaitAction {
        if let outcome { return .resume(outcome) }
        if cancelled.remove(number) != nil { return .throwCancellation }
        waiters[number] = waiter
        return .suspend
    }

    /// Somebody doesn't want to wait any longer.
    ///
    /// - Returns: The waiter to be told; `nil` if it hasn't come yet, or has been served.
    mutating func cancel(number: Int) -> Waiter? {
        guard outcome == nil else { return nil }
        if let waiter = waiters.removeValue(forKey: number) { return waiter }
        cancelled.insert(number)
        return nil
    }

    /// The load has ended.
    ///
    /// - Returns: The waiters to be told; none if it had ended before.
    mutating func finish(_ outcome: Outcome) -> [Waiter] {
        guard self.outcome == nil else { return [] }
        self.outcome = outcome
        defer {
            waiters = [:]
            cancelled = []
        }
        return Array(waiters.values)
    }
}
