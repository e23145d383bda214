/// Something that happens once, which any number of tasks may wait for, each with its own deadline.
///
/// **Concurrency:** from any task. Waiters are resumed in the order in which they came.
package final class Signal<Outcome: Sendable>: Sendable {
    /// How a wait ends.
    package enum Wait: Sendable {
        /// It has happened.
        case outcome(Outcome)
        /// The waiter's deadline came first.
        case timeout
        /// The waiter's task was cancelled.
        case cancelled
    }

    private struct State {
        var machine = WaitListStateMachine<Outcome, CheckedContinuation<Wait, Never>>()
    }

    private let state = Guarded(State())

    /// Something that hasn't happened yet.
    package init() {}

    /// What happened, if it has.
    package var outcome: Outcome? { state.withLock { $0.machine.outcome } }

    /// How many tasks wait.
    package var waiterCount: Int { state.withLock { $0.machine.waiterCount } }

    /// It happens.
    ///
    /// Only the first time counts.
    ///
    /// - Returns: Whether this was the first time.
    @discardableResult
    package func send(_ outcome: Outcome) -> Bool {
        guard let waiters = state.withLock({ $0.machine.finish(outcome) }) else { return false }
        for waiter in waiters { waiter.resume(returning: .outcome(outcome)) }
        return true
    }

    /// Waits for it.
    ///
    /// A waiter that leaves doesn't disturb the others.
    package nonisolated(nonsending) func wait() async -> Wait {
        let number = state.withLock { $0.machine.makeNumber() }
        return await suspended(number)
    }

    /// Waits for it, even if the calling task is cancelled.
    package func outcomeDespiteCancellation() async -> Outcome {
        let number = state.withLock { $0.machine.makeNumber() }
        let wait = await withCheckedContinuation { continuation in
            if case .finished(let outcome) = state.withLock({ $0.machine.wait(continuation, number: number) }) {
                continuation.resume(returning: .outcome(outcome))
            }
        }
        guard case .outcome(let outcome) = wait else { preconditionFailure("nobody makes this waiter leave") }
        return outcome
    }

    /// Waits for it until a moment.
    ///
    /// - Parameters:
    ///   - deadline: When to give up.
    ///   - clock: What tells the time.
    ///   - tasks: Starts the task that watches the clock.
    /// - Returns: What came first.
    package nonisolated(nonsending) func wait(
        until deadline: Instant, clock: TieringClock, tasks: TaskStarter
    ) async -> Wait {
        if let outcome { return .outcome(outcome) }
        if deadline <= clock.now() { return .timeout }
        let number = state.withLock { $0.machine.makeNumber() }
        let timer = tasks.start {
            do { try await clock.sleep(deadline) } catch { return }
            self.leave(number, .timeout)
        }
        defer { timer.cancel() }
        return await suspended(number)
    }

    private nonisolated(nonsending) func suspended(_ number: Int) async -> Wait {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                switch state.withLock({ $0.machine.wait(continuation, number: number) }) {
                case .suspend: break
                case .finished(let outcome): continuation.resume(returning: .outcome(outcome))
                case .left(let reason): continuation.resume(returning: reason == .timeout ? .timeout : .cancelled)
                }
            }
        } onCancel: {
            leave(number, .cancelled)
        }
    }

    private func leave(_ number: Int, _ reason: WaitListStateMachine<Outcome, CheckedContinuation<Wait, Never>>.Reason)
    {
        guard let waiter = state.withLock({ $0.machine.leave(number: number, reason) }) else { return }
        waiter.resume(returning: reason == .timeout ? .timeout : .cancelled)
    }
}
