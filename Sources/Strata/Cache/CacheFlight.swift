/// One load of one key, with all that wait for it.
///
/// The state machine is guarded by a lock of the flight's own, which is taken while no other lock is held.
@usableFromInline
final class CacheFlight<Value: Sendable>: @unchecked Sendable {
    // Sendable because: (1) `state` is read and written under `lock`, `isAttached` under the lock of the key's shard; (2) the rest is
    // immutable; (3) values are Sendable.

    /// How a load ends.
    @usableFromInline
    enum Outcome: Sendable {
        case value(Value)
        case failure(any Error)
        /// A bulk loader has nothing for the key.
        case absent
    }

    private typealias Waiter = CheckedContinuation<Outcome, any Error>

    private let lock = ShardLock()
    private var state = FlightStateMachine<Outcome, Waiter>()
    /// Held by the thread that computes the value, if it does so synchronously: others wait for it by taking this lock.
    private let gate = ShardLock()
    /// The address of that thread's epoch record, 0 if the load is asynchronous.
    let computingThread: UInt
    /// Whether the flight is in the cache's dictionary, so that its result may be stored; under the shard's lock.
    var isAttached = false

    /// A flight whose value is computed by a thread (which `finish` must be called by), or by a task if that is 0.
    init(computingThread: UInt = 0) {
        self.computingThread = computingThread
        if computingThread != 0 { gate.lock() }
    }

    /// How many tasks wait.
    var waiterCount: Int { lock.withLock { state.waiterCount } }

    /// Ends the flight.
    ///
    /// Its result is stored before that, so that whoever waited finds it.
    func finish(_ outcome: Outcome) {
        let waiters = lock.withLock { state.finish(outcome) }
        if computingThread != 0 { gate.unlock() }
        for waiter in waiters { waiter.resume(returning: outcome) }
    }

    /// Waits for the end, or for the cancellation of the calling task, which leaves the flight alone.
    ///
    /// - Throws: `CancellationError`.
    nonisolated(nonsending) func outcome() async throws -> Outcome {
        let number = lock.withLock { state.makeNumber() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                switch lock.withLock({ state.wait(continuation, number: number) }) {
                case .suspend: break
                case .resume(let outcome): continuation.resume(returning: outcome)
                case .throwCancellation: continuation.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            lock.withLock { state.cancel(number: number) }?.resume(throwing: CancellationError())
        }
    }

    /// Blocks the thread until the thread that computes the value has finished.
    func waitForThread() -> Outcome {
        gate.lock()
        gate.unlock()
        guard let outcome = lock.withLock({ state.outcome }) else { preconditionFailure("the gate opens at the end") }
        return outcome
    }
}

extension Cache {
    /// Takes a key's flight out of the dictionary, so that its result isn't stored.
    ///
    /// Under the shard's lock. What is taken out is released after it.
    @inlinable @inline(__always)
    func detachFlight(of key: Key, _ shard: CacheShardAddress, _ aftermath: inout Aftermath) {
        if shard.pointee.flightCount > 0 { removeFlight(of: key, shard, &aftermath) }
    }

    @usableFromInline
    func removeFlight(of key: Key, _ shard: CacheShardAddress, _ aftermath: inout Aftermath) {
        let index = shard - shards
        guard let place = flights[index].index(forKey: key) else { return }
        removeFlight(at: place, shard, &aftermath)
    }

    private func removeFlight(
        at place: Dictionary<Key, CacheFlight<Value>>.Index, _ shard: CacheShardAddress, _ aftermath: inout Aftermath
    ) {
        shard.pointee.flightCount -= 1
        let removed = flights[shard - shards].remove(at: place)
        removed.value.isAttached = false
        aftermath.detached = (aftermath.detached ?? []) + [removed]
    }

    /// Takes a flight out that has landed and isn't found by its key.
    ///
    /// A key that isn't equal to itself, such as a NaN, would otherwise leave one behind with every load.
    private func removeLanded(
        _ flight: CacheFlight<Value>, _ shard: CacheShardAddress, _ aftermath: inout Aftermath
    ) {
        let index = shard - shards
        guard let place = flights[index].firstIndex(where: { $0.value === flight }) else { return }
        removeFlight(at: place, shard, &aftermath)
    }

    @usableFromInline
    func detachFlights(ofShard index: Int, _ aftermath: inout Aftermath) {
        guard shards[index].flightCount > 0 else { return }
        for flight in flights[index].values { flight.isAttached = false }
        aftermath.detached = ContiguousArray(flights[index].lazy.map { ($0.key, $0.value) })
        flights[index] = [:]
        shards[index].flightCount = 0
    }

    /// Notes that a key is being loaded.
    ///
    /// Under the shard's lock; the key has no flight.
    func addFlight(_ flight: CacheFlight<Value>, of key: Key, shardIndex: Int) {
        flight.isAttached = true
        flights[shardIndex][key] = flight
        shards[shardIndex].flightCount += 1
    }

    /// Ends a flight: stores its value, unless somebody has written or removed the key meanwhile, and tells all who wait.
    func land(_ flight: CacheFlight<Value>, _ key: Key, _ hash: UInt64, _ outcome: CacheFlight<Value>.Outcome) {
        var entry: UnsafeMutablePointer<Entry>?
        var refusedWeight: UInt32 = 0
        if case .value(let value) = outcome {
            let weight = weight(of: key, value)
            if fits(weight) { entry = makeEntry(key, hash, value, weight) } else { refusedWeight = weight }
        }
        write(hash) { shard, now, aftermath in
            let found = find(key, hash, locked: shard)
            guard flight.isAttached else {
                // The entry may have survived what took the flight out: its refresh may be tried again.
                if isTimed, let found { CacheBlock(found.entry).abandonRefresh() }
                return
            }
            if let made = entry {
                entry = nil
                store(made, in: found, shard, now, &aftermath)
            } else if case .value(let value) = outcome {
                refuse(key, value, refusedWeight, found, shard, now, &aftermath)
            } else {
                // A refresh that failed may be tried again.
                if isTimed, let found { CacheBlock(found.entry).abandonRefresh() }
                removeFlight(of: key, shard, &aftermath)
            }
            if flight.isAttached { removeLanded(flight, shard, &aftermath) }
        }
        if let entry { Entry.destroy(entry, isTimed: isTimed) }
        flight.finish(outcome)
    }

    /// Counts a load that has ended.
    func countLoad(since start: Int64, isFailure: Bool, count: Int = 1) {
        counters.add(count, to: isFailure ? .loadFailures : .loads)
        let duration = CacheTiming.distance(from: start, to: timing.clock.preciseNanoseconds())
        counters.add(Int(Swift.max(duration, 0)), to: .loadNanoseconds)
    }
}
