/// Starts the tasks that a tiered hash owns, and knows when the last one has ended.
///
/// A load, a refresh or a flush belongs to nobody who asks for it: it must go on when they leave. All such tasks start here, so
/// that a simulation can run them on its own executor and a shutdown can wait for them.
package final class TaskStarter: Sendable {
    private struct State {
        var count = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let executor: (any TaskExecutor)?
    private let state = Guarded(State())

    /// Starts tasks on an executor; `nil` for the one that tasks use by default.
    package init(executor: (any TaskExecutor)? = nil) { self.executor = executor }

    /// How many of the tasks haven't ended.
    package var runningCount: Int { state.withLock { $0.count } }

    /// Starts a task.
    @discardableResult
    package func start(_ operation: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        state.withLock { $0.count += 1 }
        return Task(executorPreference: executor) {
            await operation()
            self.end()
        }
    }

    /// Suspends until no task is left.
    package func waitForAll() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if state.count > 0 { state.waiters.append(continuation) }
                return state.count == 0
            }
            if isIdle { continuation.resume() }
        }
    }

    private func end() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.count -= 1
            guard state.count == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
