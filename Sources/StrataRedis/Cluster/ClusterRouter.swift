import Logging
import NIOCore
import StrataRESP
import StrataTiering

/// Knows the layout of a cluster, keeps it current, and sends commands where their keys live.
///
/// The layout is asked for at first use, when a server redirects, when a connection is lost, and from time to time; never twice at
/// the same time, and not more often than every 100 ms.
///
/// **Concurrency:** from any task; the layout is read under a lock that is held for a moment.
final class ClusterRouter: Sendable {
    struct State {
        var topology: ClusterTopology?
        var refresh: Task<Void, Never>?
        var lastRefresh: NIODeadline?
        var failure: RedisError?
        var observers: [Int: @Sendable (ClusterTopology) -> Void] = [:]
        var nextObserver = 0
        var timer: Task<Void, Never>?
        var isStopped = false
    }

    let configuration: RedisConfiguration
    let nodes: NodeTable
    let servers: ServerTable
    let logger: Logger
    let random: @Sendable () -> Double
    let state = Guarded(State())
    /// The layout once more, for readers that mustn't wait; written under the lock.
    let owners = SlotOwners()

    init(
        _ configuration: RedisConfiguration, nodes: NodeTable, servers: ServerTable, logger: Logger,
        random: @escaping @Sendable () -> Double
    ) {
        self.configuration = configuration
        self.nodes = nodes
        self.servers = servers
        self.logger = logger
        self.random = random
    }

    /// The layout as it is known; `nil` before the first answer.
    var topology: ClusterTopology? { state.withLock { $0.topology } }

    /// Calls a closure with each layout from now on, in order, until the number it returns is given to ``removeObserver(_:)``.
    func addObserver(_ observer: @escaping @Sendable (ClusterTopology) -> Void) -> Int {
        state.withLock { state in
            state.nextObserver += 1
            state.observers[state.nextObserver] = observer
            return state.nextObserver
        }
    }

    func removeObserver(_ number: Int) { state.withLock { state in state.observers[number] = nil } }

    /// The layout, asked for if it isn't known.
    ///
    /// - Throws: ``RedisError/Code/unavailable`` if no member tells it by the deadline.
    func currentTopology(deadline: NIODeadline) async throws(RedisError) -> ClusterTopology {
        if let topology { return topology }
        await refresh(deadline: deadline)
        let (topology, failure) = state.withLock { ($0.topology, $0.failure) }
        if let topology { return topology }
        throw failure ?? RedisError(.unavailable, "no member of the cluster tells its layout")
    }

    /// Asks for the layout and waits for it, but not longer than until the deadline.
    func refresh(deadline: NIODeadline) async {
        let task = startRefresh()
        let waiting = OnceContinuation()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiting.set(continuation)
                let timer = Task {
                    try? await Task.sleep(for: .nanoseconds(max((deadline - .now()).nanoseconds, 0)))
                    waiting.resume()
                }
                Task {
                    await task.value
                    timer.cancel()
                    waiting.resume()
                }
            }
        } onCancel: {
            waiting.resume()
        }
    }

    /// Begins to ask for the layout, unless that is going on.
    @discardableResult
    func startRefresh() -> Task<Void, Never> {
        state.withLock { state in
            if let refresh = state.refresh { return refresh }
            let last = state.lastRefresh
            let task = Task { await self.performRefresh(last: last) }
            state.refresh = task
            startTimer(&state)
            return task
        }
    }

    private func startTimer(_ state: inout State) {
        guard state.timer == nil, !state.isStopped else { return }
        state.timer = Task { [weak self, interval = configuration.topologyInterval] in
            while !Task.isCancelled {
                guard (try? await Task.sleep(for: interval)) != nil, let self else { return }
                await self.startRefresh().value
            }
        }
    }

    func stop() {
        let timer = state.withLock { state in
            state.isStopped = true
            return state.timer
        }
        timer?.cancel()
    }
}

/// A continuation that several may resume, of whom the first does.
final class OnceContinuation: Sendable {
    private enum State {
        case empty
        case waiting(CheckedContinuation<Void, Never>)
        case done
    }

    private let state = Guarded(State.empty)

    func set(_ continuation: CheckedContinuation<Void, Never>) {
        let isDone = state.withLock { state in
            if case .done = state { return true }
            state = .waiting(continuation)
            return false
        }
        if isDone { continuation.resume() }
    }

    func resume() {
        let continuation = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state = .done }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        continuation?.resume()
    }
}
