extension Cache {
    /// Removes a key, and drops the result of a load of it that is under way.
    ///
    /// Those who wait for such a load still get its value; who asks from here on starts another.
    ///
    /// - Returns: The value it had, or `nil` if it had none.
    ///
    /// **Concurrency:** from any thread; locks one shard.
    @inlinable
    @discardableResult
    public func remove(_ key: Key) -> Value? {
        let hash = MapHashing.hash(key, hashKey)
        return write(hash, .remove) { shard, now, aftermath in
            detachFlight(of: key, shard, &aftermath)
            guard let found = find(key, hash, locked: shard) else { return nil }
            let value = liveValue(of: found, now)
            take(out: found, .explicit, shard, now, &aftermath)
            return value
        }
    }

    /// Removes many keys, each as one atomic step.
    ///
    /// - Returns: How many of them had a value.
    @inlinable
    @discardableResult
    public func remove(contentsOf keys: some Sequence<Key>) -> Int {
        var count = 0
        for key in keys where remove(key) != nil { count += 1 }
        return count
    }

    /// Removes all entries, and drops the results of all loads under way.
    ///
    /// - Complexity: O(capacity). Each shard is locked for as long as it takes to empty it.
    public func removeAll() {
        for index in 0..<shardCount {
            let shard = shards + index
            withShard(shard) { aftermath in
                let now = now()
                detachFlights(ofShard: index, &aftermath)
                shard.removeAll { block in
                    let isExpired = isTimed && block.deadline <= now
                    if isExpired { shard.countExpired(block) }
                    discard(block, isExpired ? .expired : .explicit, shard, &aftermath)
                }
                shard.giveBack(budget)
            }
        }
    }

    /// Removes all entries that a predicate is true for, and drops the results of all loads under way, of which nobody can
    /// say yet whether it would be true for them.
    ///
    /// An entry that is there from beginning to end is judged once.
    ///
    /// - Parameter predicate: Runs while a shard is locked: see the type's documentation for what it must not do.
    /// - Returns: How many entries were removed.
    /// - Throws: What the predicate throws; entries removed before stay removed.
    /// - Complexity: O(capacity), a shard being locked for a few dozen entries at a time.
    @inlinable
    @discardableResult
    public func removeAll(where predicate: (Key, Value) throws -> Bool) rethrows -> Int {
        var count = 0
        for index in 0..<shardCount {
            let shard = shards + index
            withShard(shard) { detachFlights(ofShard: index, &$0) }
            var position: UInt64? = 0
            while let start = position {
                try withShard(shard) { aftermath in
                    let now = now()
                    var chosen: ContiguousArray<CacheBlock> = []
                    var failure: (any Error)?
                    position = shard.scan(from: start) { block in
                        let entry = block.base.assumingMemoryBound(to: Entry.self)
                        guard failure == nil, !isTimed || block.deadline > now else { return }
                        do {
                            let isChosen = try shard.pointee.lock.runClosure {
                                try predicate(entry.pointee.key, entry.pointee.value)
                            }
                            if isChosen { chosen.append(block) }
                        } catch {
                            failure = error
                        }
                    }
                    for block in chosen {
                        shard.remove(block)
                        discard(block, .explicit, shard, &aftermath)
                    }
                    count += chosen.count
                    shard.giveBack(budget)
                    if let failure { throw failure }
                }
            }
        }
        return count
    }
}
