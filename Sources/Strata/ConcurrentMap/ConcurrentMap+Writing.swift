extension ConcurrentMap {
    /// Sets the value of a key.
    ///
    /// - Returns: The value it had before, or `nil` if it had none.
    /// - Complexity: O(1): at most 32 other entries are moved.
    ///
    /// **Concurrency:** from any thread; locks one shard.
    @inlinable
    @discardableResult
    public func updateValue(_ value: Value, forKey key: Key) -> Value? {
        withEntry(key, .set) { entry in
            let old = entry.value
            entry.store(value)
            return old
        }
    }

    /// Removes a key.
    ///
    /// - Returns: The value it had, or `nil` if it had none.
    @inlinable
    @discardableResult
    public func removeValue(forKey key: Key) -> Value? {
        withEntry(key, .remove) { entry in
            let old = entry.value
            entry.remove()
            return old
        }
    }

    /// Sets the value of a key that has none.
    ///
    /// - Returns: The value that the key has already and keeps; `nil` if `value` was put in.
    @inlinable
    @discardableResult
    public func insertIfAbsent(_ value: Value, forKey key: Key) -> Value? {
        // A hit needs no lock.
        if let existing = self[key] { return existing }
        return withEntry(key, .set) { entry in
            if let existing = entry.value { return existing }
            entry.store(value)
            return nil
        }
    }

    /// The value of a key, made and put in first if the key has none.
    ///
    /// `make` runs at most once at a time per key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - make: Runs while the key's shard is locked: see the type's documentation for what it must not do.
    /// - Returns: The value that the key has now.
    /// - Throws: What `make` throws; the map is unchanged then.
    @inlinable
    public func value<Failure: Error>(
        forKey key: Key, orInsert make: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        if let existing = self[key] { return existing }
        return try withEntry(key, .set) { entry throws(Failure) in
            if let existing = entry.value { return existing }
            let value = try entry.runClosure(make)
            entry.store(value)
            return value
        }
    }

    /// Computes a key's new value from its old one, as one atomic step.
    ///
    /// ```swift
    /// counters.update(key) { $0 = ($0 ?? 0) + 1 }         // count
    /// queues.update(key) { $0?.removeFirst(); if $0?.isEmpty == true { $0 = nil } }
    /// ```
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - body: Gets the value, or `nil` if the key has none, and leaves the new one, or `nil` to remove the key. Runs
    ///     exactly once, while the key's shard is locked: see the type's documentation for what it must not do.
    ///     Collections in a value are copied when `body` changes them, because readers may be looking at the old one.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; the map is unchanged then.
    @inlinable
    @discardableResult
    public func update<Result, Failure: Error>(
        _ key: Key, _ body: (inout Value?) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // Outside, so that what the body leaves when it throws is released after the lock: a destructor may use the map.
        var value: Value?
        return try withEntry(key, .update) { entry throws(Failure) in
            value = entry.value
            let result = try entry.runClosure { () throws(Failure) -> Result in try body(&value) }
            if let value { entry.store(value) } else { entry.remove() }
            return result
        }
    }

    /// Puts a value in, or combines it with the one that is there, as one atomic step.
    ///
    /// - Parameters:
    ///   - value: The value to put in if the key has none, and to combine with the present one otherwise.
    ///   - key: The key.
    ///   - combine: Gets the present value and the new one. Runs while the key's shard is locked.
    /// - Returns: The value that the key has now.
    /// - Throws: What `combine` throws; the map is unchanged then.
    @inlinable
    @discardableResult
    public func merge<Failure: Error>(
        _ value: Value, forKey key: Key, _ combine: (Value, Value) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try withEntry(key, .update) { entry throws(Failure) in
            var merged = value
            if let existing = entry.value {
                merged = try entry.runClosure { () throws(Failure) -> Value in try combine(existing, value) }
            }
            entry.store(merged)
            return merged
        }
    }

    /// Merges many entries, each as one atomic step, in the order of the sequence.
    ///
    /// A key may occur more than once.
    @inlinable
    public func merge<Failure: Error>(
        _ entries: some Sequence<(Key, Value)>, uniquingKeysWith combine: (Value, Value) throws(Failure) -> Value
    ) throws(Failure) {
        for (key, value) in entries { try merge(value, forKey: key, combine) }
    }

    /// Removes many keys, each as one atomic step.
    ///
    /// - Returns: How many of them had a value.
    @inlinable
    @discardableResult
    public func removeValues(forKeys keys: some Sequence<Key>) -> Int {
        var count = 0
        for key in keys where removeValue(forKey: key) != nil { count += 1 }
        return count
    }

    /// Runs a closure with a key's entry while the key's shard is locked.
    @inlinable @inline(__always)
    func withEntry<Result, Failure: Error>(
        _ key: Key, _ operation: MapOperation, _ body: (inout LockedEntry<Key, Value>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = probe.beginIfDue()
        let hash = MapHashing.hash(key, hashKey)
        var entry = LockedEntry<Key, Value>(locking: shard(of: hash), key, hash, hashKey)
        defer {
            entry.finish()
            if start != 0 { endObservation(start, operation, key, hash) }
        }
        return try body(&entry)
    }

    /// Ends the observation of a write.
    @inlinable @inline(never)
    func endObservation(_ start: Int, _ operation: MapOperation, _ key: Key, _ hash: UInt64) {
        probe.end(start, operation, wasFound: false, hash: hash) { String(describing: key) }
    }
}
