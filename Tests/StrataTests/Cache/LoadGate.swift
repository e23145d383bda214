import Strata
import Synchronization

/// Holds loaders back until the test lets them go, and counts them.
final class LoadGate: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        var calls = 0
    }

    private let state = Mutex(State())

    /// How many loaders have come.
    var calls: Int { state.withLock { $0.calls } }

    /// Called by a loader: waits for the gate to open.
    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                state.calls += 1
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    /// Lets all go.
    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits for a loader to come.
    func waitForCall(_ number: Int = 1) async {
        while calls < number { await Task.yield() }
    }
}

/// Waits for something that other tasks are about to do.
func waitUntil(_ condition: () -> Bool) async {
    while !condition() { await Task.yield() }
}

extension Cache {
    /// Waits for so many tasks to wait for a load.
    func waitForWaiters(_ count: Int, forKey key: Key) async {
        await waitUntil { waiterCount(forKey: key) == count }
    }
}

/// The error of loaders in tests.
struct LoadFailure: Error, Equatable {
    var number = 0
}
