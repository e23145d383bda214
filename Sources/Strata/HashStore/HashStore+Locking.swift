extension HashStore {
    /// Locks the shard of a key.
    ///
    /// **Concurrency:** the thread must hold no other lock of this store, else use `lock(_:)` with all keys.
    @usableFromInline
    package func lock(_ key: Key) { shards[shardIndex(of: key.hash)].lock.lock() }

    /// Unlocks the shard of a key.
    @usableFromInline
    package func unlock(_ key: Key) { shards[shardIndex(of: key.hash)].lock.unlock() }

    /// Locks the shards of several keys, each once, in ascending order.
    @usableFromInline
    package func lock(_ keys: [Key]) {
        forEachShard(of: keys) { shards[$0].lock.lock() }
    }

    /// Unlocks the shards of several keys, each once.
    @usableFromInline
    package func unlock(_ keys: [Key]) {
        forEachShard(of: keys) { shards[$0].lock.unlock() }
    }

    /// Locks all shards in ascending order.
    @usableFromInline
    package func lockAll() {
        for index in 0..<shardCount { shards[index].lock.lock() }
    }

    /// Unlocks all shards.
    @usableFromInline
    package func unlockAll() {
        for index in 0..<shardCount { shards[index].lock.unlock() }
    }

    /// Access for a caller that holds the locks of the keys it will touch.
    @usableFromInline
    package func access(now: Int64) -> Access { Access(store: handle, now: now) }

    /// Runs a closure with the shard of a key locked.
    @inlinable
    package func withExclusiveAccess<Result, Failure: Error>(
        to key: Key, now: Int64, _ body: (Access) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock(key)
        defer { unlock(key) }
        return try body(access(now: now))
    }

    /// Runs a closure with the shards of several keys locked.
    @inlinable
    package func withExclusiveAccess<Result, Failure: Error>(
        to keys: [Key], now: Int64, _ body: (Access) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock(keys)
        defer { unlock(keys) }
        return try body(access(now: now))
    }

    /// Runs a closure with all shards locked.
    @inlinable
    package func withExclusiveAccessToAll<Result, Failure: Error>(
        now: Int64, _ body: (Access) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lockAll()
        defer { unlockAll() }
        return try body(access(now: now))
    }

    /// Calls a closure with each shard of some keys, once and in ascending order.
    private func forEachShard(of keys: [Key], _ body: (Int) -> Void) {
        if keys.count == 1 { return body(shardIndex(of: keys[0].hash)) }
        let wordCount = (shardCount + 63) / 64
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: wordCount) { words in
            words.initialize(repeating: 0)
            for key in keys {
                let index = shardIndex(of: key.hash)
                words[index / 64] |= 1 << UInt64(index % 64)
            }
            for word in 0..<wordCount {
                var bits = words[word]
                while bits != 0 {
                    body(word * 64 + bits.trailingZeroBitCount)
                    bits &= bits - 1
                }
            }
        }
    }
}
