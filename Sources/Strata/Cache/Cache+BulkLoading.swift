extension Cache {
    /// The values of many keys, of which those the cache doesn't have are loaded in one call.
    ///
    /// Keys that somebody is loading already are waited for; the loader gets all others that are missing, each once. What it
    /// returns is stored under the same rules as in ``load(_:loader:)``. Keys it returns nothing for are absent from the
    /// result and not stored; what it returns for keys it wasn't asked for is ignored.
    ///
    /// - Parameters:
    ///   - keys: The keys; repeated ones count once.
    ///   - loader: Gets the missing keys; not called if there are none.
    /// - Returns: The values found and loaded.
    /// - Throws: What the loader throws, or another one's whose load was waited for; `CancellationError` if the calling task is
    ///   cancelled while it waits.
    ///
    /// **Concurrency:** from any task. Suspends only if something is missing.
    @inlinable
    nonisolated(nonsending) public func load(
        keys: some Sequence<Key>, loader: @escaping @Sendable ([Key]) async throws -> [Key: Value]
    ) async throws -> [Key: Value] {
        var found: [Key: Value] = [:]
        var missing: Set<Key> = []
        let keys = ContiguousArray(keys)
        for (key, value) in zip(keys, values(forKeys: keys)) {
            if let value { found[key] = value } else { missing.insert(key) }
        }
        guard !missing.isEmpty else { return found }
        let loaded = try await loadMissing(missing, loader)
        found.merge(loaded) { _, loaded in loaded }
        return found
    }

    @usableFromInline
    nonisolated(nonsending) func loadMissing(
        _ missing: Set<Key>, _ loader: @escaping @Sendable ([Key]) async throws -> [Key: Value]
    ) async throws -> [Key: Value] {
        var values: [Key: Value] = [:]
        var own: [Key: CacheFlight<Value>] = [:]
        var awaited: [Key: CacheFlight<Value>] = [:]
        for key in missing {
            switch join(key, MapHashing.hash(key, hashKey)) {
            case .present(let value): values[key] = value
            case .leader(let flight): own[key] = flight
            case .waiter(let flight): awaited[key] = flight
            }
        }
        if !own.isEmpty { start(own, loader) }
        awaited.merge(own) { awaited, _ in awaited }
        for (key, flight) in awaited {
            switch try await flight.outcome() {
            case .value(let value): values[key] = value
            case .failure(let error): throw error
            case .absent: break
            }
        }
        return values
    }

    /// Runs a bulk loader in a task of its own.
    private func start(
        _ flights: [Key: CacheFlight<Value>], _ loader: @escaping @Sendable ([Key]) async throws -> [Key: Value]
    ) {
        Task {
            let start = self.timing.clock.preciseNanoseconds()
            do {
                let loaded = try await loader(Array(flights.keys))
                self.countLoad(since: start, isFailure: false)
                for (key, flight) in flights {
                    let outcome = loaded[key].map { CacheFlight<Value>.Outcome.value($0) }
                    self.land(flight, key, MapHashing.hash(key, self.hashKey), outcome ?? .absent)
                }
            } catch {
                self.countLoad(since: start, isFailure: true)
                for (key, flight) in flights {
                    self.land(flight, key, MapHashing.hash(key, self.hashKey), .failure(error))
                }
            }
        }
    }
}
