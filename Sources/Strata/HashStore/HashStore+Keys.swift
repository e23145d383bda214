extension HashStore {
    /// The number of keys.
    ///
    /// Keys that have expired count until they are collected.
    ///
    /// - Complexity: O(shards).
    public var count: Int { keyCount }

    /// Whether there are no keys.
    public var isEmpty: Bool { keyCount == 0 }

    /// Whether a key holds anything.
    @inlinable
    public func contains(_ key: some ByteKey) -> Bool { withRawBytes(key) { contains(key: $0) } }

    @usableFromInline
    func contains(key: UnsafeRawBufferPointer) -> Bool { read(self.key(key), now: coarseNow()) { $0 != nil } }

    /// Removes a key and whatever it holds.
    ///
    /// - Returns: Whether there was such a key.
    @discardableResult
    @inlinable
    public func remove(_ key: some ByteKey) -> Bool { withRawBytes(key) { remove(key: $0) } }

    @usableFromInline
    func remove(key bytes: UnsafeRawBufferPointer) -> Bool {
        let key = self.key(bytes)
        return withExclusiveAccess(to: key, now: now()) { $0.remove(key) }
    }

    /// Removes all keys.
    ///
    /// **Concurrency:** waits for all writers and keeps them out; readers go on.
    public func removeAll() {
        withExclusiveAccessToAll(now: now()) { $0.removeAll() }
    }

    /// The string that a key holds, copied; `nil` if it holds none.
    @inlinable
    public func string(_ key: some ByteKey) -> [UInt8]? { withRawBytes(key) { string(ofKey: $0) } }

    @usableFromInline
    func string(ofKey key: UnsafeRawBufferPointer) -> [UInt8]? {
        let start = probe.beginIfDue()
        let now = coarseNow()
        let bytes = key
        let key = self.key(key)
        var wasFound = false
        defer {
            if start != 0 { probe.end(start, .get, wasFound: wasFound, hash: key.hash) { Self.text(ofKey: bytes) } }
        }
        return read(key, now: now) { entry in
            guard let entry, entry.kind == .string else { return nil }
            recordRead(entry, of: key, now: now)
            wasFound = true
            return [UInt8](entry.stringBytes)
        }
    }

    /// Puts a string in place of whatever a key holds.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - value: The string's bytes.
    ///   - lifetime: How long the key lives; `nil` for ever.
    /// - Throws: `tooLong`, `outOfMemory`.
    @inlinable
    public func setString(
        _ key: some ByteKey, to value: some ByteKey, expiringAfter lifetime: Duration? = nil
    ) throws(HashStoreError) {
        try withRawBytes(key) { key throws(HashStoreError) in
            try withRawBytes(value) { value throws(HashStoreError) in try setString(key: key, value, lifetime) }
        }
    }

    @usableFromInline
    func setString(
        key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ lifetime: Duration?
    ) throws(HashStoreError) {
        try checkLength(value, value)
        try writing(key) { key, access, now in
            access.setString(key, value, deadline: deadlineChange(lifetime, now))
        }
    }

    /// The keys at about this moment.
    ///
    /// A key that is there from the beginning of the call to its end is in the result, once. Keys that come or go
    /// meanwhile may be.
    ///
    /// - Complexity: O(keys), with one shard locked at a time, briefly.
    public func keys() -> [[UInt8]] { keys { _ in true } }

    /// The keys at about this moment that match a pattern.
    ///
    /// A key that is there from the beginning of the call to its end is in the result, once. Keys that come or go
    /// meanwhile may be.
    ///
    /// - Parameter pattern: `*`, `?`, `[a-z]`, `[^x]` and `\` mean what they mean to Redis.
    /// - Returns: The keys' bytes, in no particular order.
    /// - Complexity: O(keys), with one shard locked at a time, briefly.
    public func keys(matching pattern: some ByteKey) -> [[UInt8]] {
        withRawBytes(pattern) { pattern in keys { GlobPattern.matches(pattern, $0) } }
    }

    private func keys(where isWanted: (Bytes) -> Bool) -> [[UInt8]] {
        var seen = Set<[UInt8]>()
        let now = now()
        var cursor: UInt64 = 0
        repeat {
            cursor = scan(cursor: cursor, limit: 100, now: now) { key, _ in
                if isWanted(key) { seen.insert([UInt8](key)) }
            }
        } while cursor != 0
        return Array(seen)
    }

    /// Collects what has expired and frees what nobody reads any more.
    ///
    /// To be called now and then, say ten times a second.
    ///
    /// Reads and writes work without it; expired entries and freed memory just stay longer.
    ///
    /// - Parameter limit: How many deadlines to look at, at most.
    /// - Returns: How many keys and fields had expired.
    @discardableResult
    public func performMaintenance(limit: Int = 10_000) -> Int {
        let now = now()
        let removed = expire(now: now, limit: limit)
        maintain(now: now)
        return removed
    }
}
