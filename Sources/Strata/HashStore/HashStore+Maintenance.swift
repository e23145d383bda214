import Synchronization

extension HashStore {
    /// Removes keys and fields whose deadline has passed.
    ///
    /// - Parameters:
    ///   - now: The current tick.
    ///   - limit: How many deadlines to look at, at most. The next call goes on with the shard where this one ended.
    /// - Returns: How many keys and fields were removed.
    @discardableResult
    package func expire(now: Int64, limit: Int) -> Int {
        var removed = 0
        var left = limit
        // relaxed: only a place to begin.
        let first = expiryTurn.load(ordering: .relaxed)
        for turn in 0..<shardCount {
            let index = (first + turn) & (shardCount - 1)
            expiryTurn.store(index, ordering: .relaxed)
            shards[index].lock.withLock {
                let result = writer(ofShard: index, now: now).expire(limit: left)
                removed += result.removed
                left = result.left
            }
            if left == 0 { break }
        }
        return removed
    }

    /// Frees what readers have let go of, and lets tables that change their size get on.
    ///
    /// For a timer.
    ///
    /// - Parameter now: The current tick.
    /// - Returns: Whether something is left to do.
    @discardableResult
    package func maintain(now: Int64) -> Bool {
        var isBusy = false
        for index in 0..<shardCount {
            shards[index].lock.withLock {
                if writer(ofShard: index, now: now).maintain(limit: Self.maintenanceSlice) { isBusy = true }
            }
        }
        // What was retired becomes free when the epoch has moved on twice.
        if isBusy { Epoch.advance() }
        return isBusy
    }

    /// How many blocks of a shard one call of `maintain` frees at most: about 50 µs under the shard's lock.
    private static let maintenanceSlice = 1024

    /// Makes room if the budget is used up.
    ///
    /// - Returns: Whether writes may go on; `false` means that the policy finds nothing to remove.
    package func evictIfNeeded(now: Int64) -> Bool { budget.makeRoom(now: now) }

    /// Removes the entry that the adaptive policy finds worth least of a sample of one shard.
    func evictOne(fromShard index: Int, _ engine: borrowing AdaptiveEviction, now: Int64) -> Bool {
        shards[index].lock.lock()
        defer { shards[index].lock.unlock() }
        return writer(ofShard: index, now: now).evictOne(engine)
    }

    /// Records a read of a key for the eviction policies.
    ///
    /// Writes record themselves. One plain store to the entry, at most.
    @inline(__always)
    package func recordRead(_ entry: Entry, of key: Key, now: Int64) {
        let requests = handle.requests
        entry.touch(now: now, tick: requests.now)
        requests.note(key.hash)
    }

    /// Removes the best victim of a sample of one shard.
    func evictOne(fromShard index: Int, policy: EvictionPolicy, now: Int64) -> Bool {
        shards[index].lock.withLock { writer(ofShard: index, now: now).evictOne(policy: policy) }
    }
}
