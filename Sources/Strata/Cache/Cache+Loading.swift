extension Cache {
    /// The value of a key, loaded if the cache has none.
    ///
    /// - However many ask for a key at once, one loader runs for it, and all get what it returns or throws. An error isn't
    ///   kept: the next one who asks starts another load.
    /// - The loader runs in a task of its own. A caller that is cancelled stops waiting; the load goes on for the others, and
    ///   its result is stored.
    /// - If the key is written or removed during the load, those who wait still get the loaded value, but it isn't stored.
    /// - A value older than ``Configuration/refreshAfterWrite`` is returned at once, and one load of a new one is started behind
    ///   the scenes. If that fails, the old value stays, and the next request tries again.
    ///
    /// A hit returns without suspending and without leaving the caller's actor. The loader is a closure that can outlive the call,
    /// for which a caller may allocate its context; where that matters, try ``get(_:)`` first.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - loader: Gets the key. May use the cache, but must not load the same key.
    /// - Returns: The value.
    /// - Throws: What the loader throws; `CancellationError` if the calling task is cancelled while it waits.
    ///
    /// **Concurrency:** from any task. Suspends on a miss only.
    @inlinable
    nonisolated(nonsending) public func load(
        _ key: Key, loader: @escaping @Sendable (Key) async throws -> Value
    ) async throws -> Value {
        let hash = MapHashing.hash(key, hashKey)
        if let hit = freshHit(key, hash) {
            if hit.wantsRefresh { refresh(key, hash, loader) }
            return hit.value
        }
        counters.add(to: .misses)
        return try await loadMissing(key, hash, loader)
    }

    /// A hit, and whether the caller is the one to refresh it.
    @usableFromInline
    typealias Hit = (value: Value, wantsRefresh: Bool)

    @inlinable @inline(__always)
    func freshHit(_ key: Key, _ hash: UInt64) -> Hit? {
        let pin = Epoch.pin()
        defer { pin.end() }
        guard let entry = request(key, hash, shard(of: hash)) else { return nil }
        counters.add(to: .hits)
        return (entry.pointee.value, claimRefresh(of: CacheBlock(entry)))
    }

    @inlinable @inline(__always)
    func claimRefresh(of block: CacheBlock) -> Bool {
        guard isTimed, timing.refreshAfter != CacheBlock.noDeadline else { return false }
        let age = CacheTiming.distance(from: block.written, to: timing.clock.nanoseconds())
        return age >= timing.refreshAfter && block.claimRefresh()
    }

    /// Loads a new value for a key that has one.
    @usableFromInline
    func refresh(_ key: Key, _ hash: UInt64, _ loader: @escaping @Sendable (Key) async throws -> Value) {
        let index = shardIndex(of: hash)
        let flight = CacheFlight<Value>()
        let isFirst = withShard(shards + index) { _ in
            guard flights[index][key] == nil else { return false }
            addFlight(flight, of: key, shardIndex: index)
            return true
        }
        if isFirst { start(flight, key, hash, loader) }
    }

    /// Runs a loader in a task of its own.
    func start(
        _ flight: CacheFlight<Value>, _ key: Key, _ hash: UInt64,
        _ loader: @escaping @Sendable (Key) async throws -> Value
    ) {
        Task {
            let start = self.timing.clock.preciseNanoseconds()
            var outcome: CacheFlight<Value>.Outcome
            do {
                outcome = .value(try await loader(key))
                self.countLoad(since: start, isFailure: false)
            } catch {
                outcome = .failure(error)
                self.countLoad(since: start, isFailure: true)
            }
            self.land(flight, key, hash, outcome)
        }
    }

    @usableFromInline
    nonisolated(nonsending) func loadMissing(
        _ key: Key, _ hash: UInt64, _ loader: @escaping @Sendable (Key) async throws -> Value
    ) async throws -> Value {
        while true {
            switch join(key, hash) {
            case .present(let value):
                return value
            case .leader(let flight):
                start(flight, key, hash, loader)
                if let value = try await value(of: flight) { return value }
            case .waiter(let flight):
                if let value = try await value(of: flight) { return value }
            // A bulk load had nothing for the key: this loader may.
            }
        }
    }

    /// What a flight ends with, `nil` if it has nothing for the key.
    private nonisolated(nonsending) func value(of flight: CacheFlight<Value>) async throws -> Value? {
        switch try await flight.outcome() {
        case .value(let value): return value
        case .failure(let error): throw error
        case .absent: return nil
        }
    }

    /// What somebody has to do who misses a value.
    @usableFromInline
    enum Part {
        /// Nothing: it has come meanwhile.
        case present(Value)
        /// Load it, end the flight.
        case leader(CacheFlight<Value>)
        /// Wait for somebody else's load.
        case waiter(CacheFlight<Value>)
    }

    /// Joins the load of a key or begins one.
    func join(_ key: Key, _ hash: UInt64, computingThread: UInt = 0) -> Part {
        let index = shardIndex(of: hash)
        return withShard(shards + index) { _ in
            if let value = liveValue(of: find(key, hash, locked: shards + index), now()) { return .present(value) }
            if let flight = flights[index][key] { return .waiter(flight) }
            let flight = CacheFlight<Value>(computingThread: computingThread)
            addFlight(flight, of: key, shardIndex: index)
            return .leader(flight)
        }
    }
}
