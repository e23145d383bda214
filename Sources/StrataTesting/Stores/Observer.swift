import StrataTiering

/// Somebody who is told of changes, with the reports that are on their way.
final class Observer: Sendable {
    private struct State {
        var queue: [(event: InvalidationEvent, time: Instant)] = []
        var waiter: CheckedContinuation<Void, Never>?
        var isClosed = false
    }

    private let prefixes: [[UInt8]]
    private let receive: @Sendable (InvalidationEvent) -> Void
    private let state = Guarded(State())

    init(prefixes: [[UInt8]], receive: @escaping @Sendable (InvalidationEvent) -> Void) {
        self.prefixes = prefixes
        self.receive = receive
    }

    /// Sends a report on its way.
    func post(_ event: InvalidationEvent, at time: Instant) {
        var event = event
        func observed(_ keys: [[UInt8]]) -> [[UInt8]] {
            keys.filter { key in prefixes.contains { key.starts(with: $0) } }
        }
        switch event {
        case .keys(let shard, let keys): event = .keys(shard, observed(keys))
        case .leases(let shard, let keys): event = .leases(shard, observed(keys))
        case .connected, .everything, .canary, .disconnected: break
        }
        if case .keys(_, []) = event { return }
        if case .leases(_, []) = event { return }
        wake { $0.queue.append((event, time)) }
    }

    /// Nothing will be sent any more.
    func close() { wake { $0.isClosed = true } }

    private func wake(_ change: (inout State) -> Void) {
        let waiter = state.withLock { state in
            change(&state)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Delivers reports, in their order, until the task is cancelled.
    func deliver(clock: TieringClock, delay: Duration, canaryInterval: Duration?, shards: [ShardID]) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await withTaskCancellationHandler {
                    await self.deliver(clock: clock, delay: delay)
                } onCancel: {
                    self.close()
                }
            }
            if let canaryInterval {
                group.addTask {
                    while (try? await clock.sleep(clock.now().advanced(by: canaryInterval))) != nil {
                        for shard in shards { self.post(.canary(shard, lag: .zero), at: clock.now()) }
                    }
                }
            }
            await group.waitForAll()
        }
    }

    private func deliver(clock: TieringClock, delay: Duration) async {
        while let (event, time) = await next() {
            let arrival = time.advanced(by: delay)
            if arrival > clock.now() { guard (try? await clock.sleep(arrival)) != nil else { return } }
            if case .canary(let shard, _) = event {
                receive(.canary(shard, lag: time.duration(to: clock.now())))
            } else {
                receive(event)
            }
        }
    }

    private func next() async -> (InvalidationEvent, Instant)? {
        while true {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.queue.isEmpty, !state.isClosed { state.waiter = continuation }
                    return state.waiter == nil
                }
                if isReady { continuation.resume() }
            }
            let found = state.withLock { state -> (event: InvalidationEvent, time: Instant)?? in
                if state.isClosed { return .some(nil) }
                return state.queue.isEmpty ? nil : .some(state.queue.removeFirst())
            }
            if let found { return found }
        }
    }
}
