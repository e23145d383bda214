/// The way to one shard of the second tier: its breaker, and its bulkhead.
///
/// One failed primary degrades its own keys only.
final class ShardGate: Sendable {
    let breaker: SharedBreaker
    let bulkhead: Bulkhead
    private let clock: TieringClock
    private let tasks: TaskStarter

    init(_ configuration: TieredHash.Configuration, clock: TieringClock, tasks: TaskStarter) {
        breaker = SharedBreaker(configuration: configuration.breaker, clock: clock)
        bulkhead = Bulkhead(
            capacity: configuration.remoteCallsPerShard, waiterCapacity: configuration.remoteWaitersPerShard)
        self.clock = clock
        self.tasks = tasks
    }

    /// Makes a call, if breaker and bulkhead let it pass.
    ///
    /// - Parameters:
    ///   - shard: Which shard, for messages.
    ///   - deadline: When the call must be over.
    ///   - call: Makes it.
    /// - Returns: What the call returns.
    /// - Throws: What the call throws; `unavailable` when the breaker is open, `overloaded` when too many wait.
    func call<Result>(
        _ shard: ShardID, until deadline: Instant, _ call: () async throws(RemoteStoreError) -> Result
    ) async throws(RemoteStoreError) -> Result {
        switch breaker.acquire() {
        case .rejected:
            throw RemoteStoreError(.unavailable, "the breaker of \(shard) is open", shard: shard)
        case .allowed(let permit):
            guard await bulkhead.enter(until: deadline, clock: clock, tasks: tasks) else {
                permit.ignore()
                throw RemoteStoreError(.overloaded, "too many calls of \(shard) are under way", shard: shard)
            }
            defer { bulkhead.leave() }
            do throws(RemoteStoreError) {
                let result = try await call()
                permit.succeed()
                return result
            } catch {
                if error.isFault { permit.fail() } else { permit.ignore() }
                throw error
            }
        }
    }
}
