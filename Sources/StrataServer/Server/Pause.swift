import NIOCore
import Strata

/// The suspension of all clients, or of those that write, for `CLIENT PAUSE`.
///
/// **Concurrency:** from any thread; a client that is held goes on, on its own event loop, when the pause ends.
final class Pause: Sendable {
    private struct State {
        var end: Int64 = 0
        var holdsReads = false
        var held: [UInt64: Client] = [:]
    }

    private let state = Locked(State())

    /// Begins a pause or changes it.
    ///
    /// One that would end earlier than the present one doesn't shorten it.
    func begin(until end: Int64, holdsReads: Bool) {
        state.withLock { state in
            state.end = max(state.end, end)
            state.holdsReads = holdsReads
        }
    }

    /// Ends the pause.
    ///
    /// - Returns: The clients that were held; they have to be resumed.
    func end() -> [Client] {
        state.withLock { state in
            defer { state = State() }
            return Array(state.held.values)
        }
    }

    /// When the pause ends, in ticks.
    var endTime: Int64 { state.withLock { $0.end } }

    /// Whether a request has to wait; if so, the client is resumed when the pause ends.
    func holds(isWrite: Bool, until now: Int64, worker: Worker, client: Client) -> Bool {
        let delay: Int64? = state.withLock { state in
            guard state.end > now, isWrite || state.holdsReads else { return nil }
            state.held[client.identifier] = client
            return state.end - now
        }
        guard let delay else { return false }
        client.status.set(.blocked, true)
        worker.eventLoop.scheduleTask(in: .milliseconds(delay + 1)) { [server = worker.server] in
            server.endPauseIfOver(now: WallClock.nowTicks())
        }
        return true
    }

    /// Forgets a client that has gone.
    func forget(_ client: Client) {
        state.withLock { $0.held[client.identifier] = nil }
    }
}
