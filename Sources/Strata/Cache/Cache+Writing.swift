extension Cache {
    /// Sets the value of a key.
    ///
    /// - Complexity: O(1): at most 32 other entries are moved, and as many evicted as it takes to make room.
    ///
    /// **Concurrency:** from any thread; locks one shard.
    @inlinable
    public func put(_ value: Value, forKey key: Key) {
        let hash = MapHashing.hash(key, hashKey)
        let weight = weight(of: key, value)
        guard fits(weight) else { return refuse(key, hash, value, weight) }
        let entry = makeEntry(key, hash, value, weight)
        write(hash) { shard, now, aftermath in
            store(entry, in: find(key, hash, locked: shard), shard, now, &aftermath)
        }
    }

    /// Sets the value of a key and returns the one it had.
    ///
    /// - Returns: The value it had before, or `nil` if it had none.
    ///
    /// **Concurrency:** from any thread; locks one shard.
    @inlinable
    @discardableResult
    public func updateValue(_ value: Value, forKey key: Key) -> Value? {
        let hash = MapHashing.hash(key, hashKey)
        let weight = weight(of: key, value)
        let entry = fits(weight) ? makeEntry(key, hash, value, weight) : nil
        return write(hash) { shard, now, aftermath in
            let found = find(key, hash, locked: shard)
            let former = liveValue(of: found, now)
            if let entry {
                store(entry, in: found, shard, now, &aftermath)
            } else {
                refuse(key, value, weight, found, shard, now, &aftermath)
            }
            return former
        }
    }

    /// Sets the value of a key that has none.
    ///
    /// A value that is there already counts as used, but not as a request.
    ///
    /// - Returns: The value that the key has already and keeps; `nil` if `value` was put in, or was too heavy.
    ///
    /// **Concurrency:** from any thread; locks one shard if there is no value.
    @inlinable
    @discardableResult
    public func putIfAbsent(_ value: Value, forKey key: Key) -> Value? {
        let hash = MapHashing.hash(key, hashKey)
        if let existing = use(key, hash) { return existing }
        let weight = weight(of: key, value)
        let entry = fits(weight) ? makeEntry(key, hash, value, weight) : nil
        var unused: UnsafeMutablePointer<Entry>?
        let existing: Value? = write(hash) { shard, now, aftermath in
            let found = find(key, hash, locked: shard)
            if let existing = liveValue(of: found, now) {
                unused = entry
                return existing
            }
            if let entry {
                store(entry, in: found, shard, now, &aftermath)
            } else {
                refuse(key, value, weight, found, shard, now, &aftermath)
            }
            return nil
        }
        if let unused { Entry.destroy(unused, isTimed: isTimed) }
        return existing
    }

    /// Computes a key's new value from its old one, as one atomic step.
    ///
    /// ```swift
    /// visits.update(user) { $0 = ($0 ?? 0) + 1 }
    /// ```
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - body: Gets the value, or `nil` if the key has none, and leaves the new one, or `nil` to remove the key. Runs
    ///     exactly once, while the key's shard is locked: see the type's documentation for what it must not do.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; the cache is unchanged then.
    ///
    /// **Concurrency:** from any thread; locks one shard.
    @inlinable
    @discardableResult
    public func update<Result, Failure: Error>(
        _ key: Key, _ body: (inout Value?) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let hash = MapHashing.hash(key, hashKey)
        // Outside, so that what isn't stored is released after the lock: a destructor may use the cache.
        var value: Value?
        return try write(hash, .update) { shard, now, aftermath throws(Failure) in
            let found = find(key, hash, locked: shard)
            value = liveValue(of: found, now)
            let result = try shard.pointee.lock.runClosure { () throws(Failure) -> Result in try body(&value) }
            guard let value else {
                if let found { take(out: found, .explicit, shard, now, &aftermath) }
                detachFlight(of: key, shard, &aftermath)
                return result
            }
            let weight = shard.pointee.lock.runClosure { self.weight(of: key, value) }
            if fits(weight) {
                store(
                    Entry.allocate(
                        isTimed: isTimed, hash: hash, weight: weight, key: key, value: value
                    ), in: found, shard, now, &aftermath)
            } else {
                refuse(key, value, weight, found, shard, now, &aftermath)
            }
            return result
        }
    }
}

// MARK: - Parts of a write
extension Cache {
    /// Where a key's entry is, under the lock.
    @usableFromInline
    typealias Found = (position: PointerTable.Position, entry: UnsafeMutablePointer<Entry>)

    /// Runs a closure with the key's shard locked and the time, then keeps the shard within its bounds.
    @inlinable @inline(__always)
    func write<Result, Failure: Error>(
        _ hash: UInt64, _ operation: MapOperation = .set,
        _ body: (CacheShardAddress, Int64, inout Aftermath) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = probe.beginIfDue()
        defer { if start != 0 { probe.end(start, operation, wasFound: false, hash: hash) { "" } } }
        let shard = shard(of: hash)
        return try withShard(shard) { aftermath throws(Failure) in
            // After the lock was taken: a later write doesn't have an earlier time.
            let now = now()
            let result = try body(shard, now, &aftermath)
            keepBounds(of: shard, now: now, &aftermath)
            return result
        }
    }

    @inlinable @inline(__always)
    func weight(of key: Key, _ value: Value) -> UInt32 {
        guard let weigher else { return 1 }
        return weigher(key, value)
    }

    /// Whether an entry of some weight can be let in at all.
    @usableFromInline
    func fits(_ weight: UInt32) -> Bool {
        weight <= CachePolicy.maximumEntryWeight && Int64(weight) <= budget.pointee.maximumWeight
    }

    /// Makes an entry, and sees to it that a heavy one finds room in its shard.
    @inlinable @inline(__always)
    func makeEntry(_ key: Key, _ hash: UInt64, _ value: Value, _ weight: UInt32) -> UnsafeMutablePointer<Entry> {
        shard(of: hash).prefetchInsertion(hash)
        if weight > 1 { makeRoom(for: weight, shardIndex: shardIndex(of: hash)) }
        return Entry.allocate(isTimed: isTimed, hash: hash, weight: weight, key: key, value: value)
    }

    /// Looks for a key under the lock.
    @inlinable @inline(__always)
    func find(_ key: Key, _ hash: UInt64, locked shard: CacheShardAddress) -> Found? {
        let position = shard.pointee.table.find(hash) { slot in
            let entry = slot.pointer.assumingMemoryBound(to: Entry.self)
            return entry.pointee.header.hash == hash && entry.pointee.key == key
        }
        guard let position else { return nil }
        return (position, position.slot.pointer.assumingMemoryBound(to: Entry.self))
    }

    /// The value of an entry that hasn't expired.
    @inlinable @inline(__always)
    func liveValue(of found: Found?, _ now: Int64) -> Value? {
        guard let found, !isExpired(found, now) else { return nil }
        return found.entry.pointee.value
    }

    @inlinable @inline(__always)
    func isExpired(_ found: Found, _ now: Int64) -> Bool { isTimed && CacheBlock(found.entry).deadline <= now }

    /// Puts an entry in, in place of the one the key has.
    @inlinable @inline(__always)
    func store(
        _ entry: UnsafeMutablePointer<Entry>, in found: Found?, _ shard: CacheShardAddress, _ now: Int64,
        _ aftermath: inout Aftermath
    ) {
        let block = CacheBlock(entry)
        if isTimed { setTimes(entry, found, shard, now) }
        if let found {
            let old = CacheBlock(found.entry)
            let isExpired = isExpired(found, now)
            if isExpired { shard.countExpired(old) }
            shard.replace(found.position, old, with: block, isTimed: isTimed)
            if block.weight < old.weight { shard.giveBack(budget) }
            discard(old, isExpired ? .expired : .replaced, shard, &aftermath)
        } else {
            shard.insert(block, isTimed: isTimed, garbage: &aftermath.garbage)
        }
        detachFlight(of: entry.pointee.key, shard, &aftermath)
    }

    /// Sets the times of an entry that is about to be put in.
    @inlinable @inline(never)
    func setTimes(
        _ entry: UnsafeMutablePointer<Entry>, _ found: Found?, _ shard: CacheShardAddress, _ now: Int64
    ) {
        var deadline = timing.deadline(written: now, read: now)
        if let expiry {
            var lifetime: Duration?
            if let found, !isExpired(found, now) {
                let remaining = Self.remaining(CacheBlock(found.entry).deadline, now)
                lifetime = shard.pointee.lock.runClosure {
                    expiry.afterUpdate(entry.pointee.key, entry.pointee.value, remaining)
                }
            } else {
                lifetime = shard.pointee.lock.runClosure {
                    expiry.afterCreate(entry.pointee.key, entry.pointee.value)
                }
            }
            deadline = CacheTiming.end(of: CacheTiming.length(lifetime), from: now)
        }
        CacheBlock(entry).setTimes(written: now, deadline: deadline)
    }

    /// Takes the entry of a key out.
    @inlinable
    func take(
        out found: Found, _ cause: RemovalCause, _ shard: CacheShardAddress, _ now: Int64, _ aftermath: inout Aftermath
    ) {
        let block = CacheBlock(found.entry)
        let isExpired = isExpired(found, now)
        if isExpired { shard.countExpired(block) }
        shard.remove(found.position, block)
        shard.giveBack(budget)
        discard(block, isExpired ? .expired : cause, shard, &aftermath)
    }

    /// What is done with a value that is too heavy: it replaces what was there and is evicted at once.
    @inlinable @inline(never)
    func refuse(_ key: Key, _ hash: UInt64, _ value: Value, _ weight: UInt32) {
        write(hash) { shard, now, aftermath in
            refuse(key, value, weight, find(key, hash, locked: shard), shard, now, &aftermath)
        }
    }

    @inlinable @inline(never)
    func refuse(
        _ key: Key, _ value: Value, _ weight: UInt32, _ found: Found?, _ shard: CacheShardAddress, _ now: Int64,
        _ aftermath: inout Aftermath
    ) {
        if let found { take(out: found, .replaced, shard, now, &aftermath) }
        shard.countRefused(weight: weight)
        note(key, value, .size, &aftermath)
        detachFlight(of: key, shard, &aftermath)
    }

    /// The value of a key, used but not counted as a request.
    @inlinable @inline(__always)
    func use(_ key: Key, _ hash: UInt64) -> Value? {
        let pin = Epoch.pin()
        defer { pin.end() }
        return request(key, hash, shard(of: hash))?.pointee.value
    }
}
