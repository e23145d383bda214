extension Cache {
    /// Loads a new value for a key, whether or not it has one.
    ///
    /// Others get the present value until the new one is there. If the key is being loaded or reloaded already, that load is waited
    /// for and none is started; to be sure that a load begins after something has changed, ``remove(_:)`` the key and load it.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - loader: Gets the key, in a task of its own, as in ``load(_:loader:)``.
    /// - Returns: The new value. It isn't stored if the key was written or removed during the load.
    /// - Throws: What the loader throws, and the present value stays; `CancellationError` if the calling task is cancelled while it
    ///   waits, and the load goes on.
    ///
    /// **Concurrency:** from any task; suspends.
    @discardableResult
    nonisolated(nonsending) public func reload(
        _ key: Key, loader: @escaping @Sendable (Key) async throws -> Value
    ) async throws -> Value {
        let hash = MapHashing.hash(key, hashKey)
        while true {
            let flight = joinReload(key, hash) { start($0, key, hash, loader) }
            switch try await flight.outcome() {
            case .value(let value): return value
            case .failure(let error): throw error
            case .absent: break  // A bulk load had nothing for the key: this loader may.
            }
        }
    }

    /// The load of a key that is under way, or a new one, which is started after the shard is unlocked.
    private func joinReload(
        _ key: Key, _ hash: UInt64, start: (CacheFlight<Value>) -> Void
    ) -> CacheFlight<Value> {
        let index = shardIndex(of: hash)
        let new = CacheFlight<Value>()
        let present = withShard(shards + index) { _ -> CacheFlight<Value>? in
            if let flight = flights[index][key] { return flight }
            addFlight(new, of: key, shardIndex: index)
            return nil
        }
        if present == nil { start(new) }
        return present ?? new
    }
}
