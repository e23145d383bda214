extension Cache {
    /// The value of a key, or `nil` if the cache has none.
    ///
    /// Counts as a request: the policy learns from it, statistics count it, and it prolongs the entry's life where reading does.
    ///
    /// - Complexity: O(1): one hash, one comparison of keys on a hit. No allocation.
    ///
    /// **Concurrency:** from any thread; takes no lock and never waits.
    @inlinable @inline(__always)
    public func get(_ key: Key) -> Value? {
        if probe.isDue { return observedValue(forKey: key) }
        return countedValue(forKey: key)
    }

    /// A read that is observed.
    @inlinable @inline(never)
    func observedValue(forKey key: Key) -> Value? {
        let start = probe.begin()
        let value = countedValue(forKey: key)
        probe.end(start, .get, wasFound: value != nil, hash: MapHashing.hash(key, hashKey)) { String(describing: key) }
        return value
    }

    @inlinable @inline(__always)
    func countedValue(forKey key: Key) -> Value? {
        let hash = MapHashing.hash(key, hashKey)
        let pin = Epoch.pin()
        defer { pin.end() }
        guard let entry = request(key, hash, shard(of: hash)) else {
            shard(of: hash).prefetchInsertion(hash)
            counters.add(to: .misses)
            return nil
        }
        counters.add(to: .hits)
        return entry.pointee.value
    }

    /// The value of a key, as ``get(_:)`` returns it.
    ///
    /// There is no setter, because `cache[key]! += 1` would lose updates of other threads: use ``update(_:_:)`` or
    /// ``put(_:forKey:)``.
    @inlinable
    public subscript(key: Key) -> Value? {
        @inline(__always) get { get(key) }
    }

    /// The value of a key, without anybody taking notice: neither policy nor statistics nor the entry's deadline.
    ///
    /// **Concurrency:** from any thread; takes no lock and never waits.
    @inlinable
    public func peek(_ key: Key) -> Value? {
        let hash = MapHashing.hash(key, hashKey)
        let pin = Epoch.pin()
        defer { pin.end() }
        guard let entry = find(key, hash, shard(of: hash)), isAlive(entry) else { return nil }
        return entry.pointee.value
    }

    /// Whether the cache has a value for a key; like ``peek(_:)``, nobody takes notice.
    @inlinable
    public func contains(_ key: Key) -> Bool {
        let hash = MapHashing.hash(key, hashKey)
        let pin = Epoch.pin()
        defer { pin.end() }
        guard let entry = find(key, hash, shard(of: hash)) else { return false }
        return isAlive(entry)
    }

    /// The values of many keys: element i is what `get(keys[i])` returns.
    ///
    /// Reads are overlapped: while one key's memory is on its way, the next ones are asked for. Each key is read at some
    /// moment of the call.
    ///
    /// - Complexity: O(number of keys); one allocation for the result.
    @inlinable
    public func values(forKeys keys: some Sequence<Key>) -> [Value?] {
        let start = probe.beginBulk()
        let values = OverlappedReads.values(forKeys: keys, hashKey) { hash in
            shard(of: hash).pointee.table.prefetch(hash)
        } read: { key, hash in
            let entry = request(key, hash, shard(of: hash))
            counters.add(to: entry == nil ? .misses : .hits)
            return entry.map { $0.pointee.value }
        }
        probe.endBulk(start, values.count) { values.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }
        return values
    }

    /// The number of entries.
    ///
    /// Exact while nobody writes, apart from entries that have expired and are still there; otherwise each shard is
    /// counted at some moment of the call.
    ///
    /// - Complexity: O(shards).
    public var count: Int { (0..<shardCount).reduce(0) { $0 + (shards + $1).liveCount } }

    /// Whether the cache has no entries, with the same reservation as `count`.
    public var isEmpty: Bool { count == 0 }

    /// What the entries weigh together, with the same reservation as `count`.
    public var totalWeight: UInt64 { (0..<shardCount).reduce(0) { $0 + (shards + $1).heldWeight } }

    /// The time, 0 in a cache that doesn't use it.
    @inlinable @inline(__always)
    func now() -> Int64 { isTimed ? timing.clock.nanoseconds() : 0 }

    /// Looks for a key, without a lock.
    ///
    /// The caller is pinned, and stays so while it uses the entry.
    @inlinable @inline(__always)
    func find(_ key: Key, _ hash: UInt64, _ shard: CacheShardAddress) -> UnsafeMutablePointer<Entry>? {
        shard.pointee.table.read(hash) { slot in
            guard let pointer = slot.pointerIfPresent else { return nil }
            // SAFETY: all pointers in the table are to entries of these types; the pin keeps this one.
            let entry = pointer.assumingMemoryBound(to: Entry.self)
            return entry.pointee.header.hash == hash && entry.pointee.key == key ? entry : nil
        }
    }

    /// Looks for a key as a request: with all the notice that is taken, but for the statistics.
    ///
    /// The caller is pinned, and stays so while it uses the entry.
    @inlinable @inline(__always)
    func request(_ key: Key, _ hash: UInt64, _ shard: CacheShardAddress) -> UnsafeMutablePointer<Entry>? {
        guard let entry = find(key, hash, shard) else { return nil }
        if isTimed {
            let now = timing.clock.nanoseconds()
            guard CacheBlock(entry).deadline > now else { return nil }
            if readsProlong { prolong(entry, now: now) }
        }
        shard.recordHit(CacheBlock(entry))
        return entry
    }

    @inlinable @inline(__always)
    func isAlive(_ entry: UnsafeMutablePointer<Entry>) -> Bool {
        !isTimed || CacheBlock(entry).deadline > timing.clock.nanoseconds()
    }

    /// Sets the deadline of an entry that is read.
    @inlinable @inline(never)
    func prolong(_ entry: UnsafeMutablePointer<Entry>, now: Int64) {
        let block = CacheBlock(entry)
        let before = block.deadline
        var after = before
        if let afterRead = expiry?.afterRead {
            let lifetime = afterRead(entry.pointee.key, entry.pointee.value, Self.remaining(before, now))
            after = CacheTiming.end(of: CacheTiming.length(lifetime), from: now)
        } else {
            after = timing.deadline(written: block.written, read: now)
        }
        // Not stored when nothing changes, so that readers share the line while the clock stands.
        if after != before { block.deadline = after }
    }

    @inlinable
    static func remaining(_ deadline: Int64, _ now: Int64) -> Duration? {
        deadline == CacheBlock.noDeadline ? nil : .nanoseconds(CacheTiming.distance(from: now, to: deadline))
    }
}

extension CacheBlock {
    @inlinable @inline(__always)
    init<Key, Value>(_ entry: UnsafeMutablePointer<CacheEntry<Key, Value>>) {
        self.init(UnsafeMutableRawPointer(entry))
    }
}
