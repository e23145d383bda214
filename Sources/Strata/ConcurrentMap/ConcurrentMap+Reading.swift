public import CStrata
public import Synchronization

extension ConcurrentMap {
    /// The value of a key, or `nil` if the map has none.
    ///
    /// There is no setter, because `map[key]! += 1` would lose updates of other threads: use `update(_:_:)` or
    /// `updateValue(_:forKey:)`.
    ///
    /// - Complexity: O(1): one hash, one comparison of keys on a hit. No allocation.
    ///
    /// **Concurrency:** from any thread; takes no lock and never waits.
    @inlinable
    public subscript(key: Key) -> Value? {
        @inline(__always) get {
            if probe.isDue { return observedValue(forKey: key) }
            return withFound(key) { Slots.value(of: $0) }
        }
    }

    /// The value of a key, or another one if the map has none.
    ///
    /// Adds nothing to the map.
    ///
    /// - Parameters:
    ///   - key: The key to look for.
    ///   - defaultValue: Evaluated only on a miss.
    /// - Returns: The value of the key or the default.
    /// - Throws: What the default throws.
    @inlinable @inline(__always)
    public func value(forKey key: Key, default defaultValue: @autoclosure () throws -> Value) rethrows -> Value {
        if let value = self[key] { return value }
        return try defaultValue()
    }

    /// Whether the map has an entry for a key.
    ///
    /// Costs no copy of the value.
    @inlinable @inline(__always)
    public func contains(_ key: Key) -> Bool {
        if probe.isDue { return observedValue(forKey: key) != nil }
        return withFound(key) { _ in () } != nil
    }

    /// The values of many keys: element i is the value of `keys[i]`, or `nil`.
    ///
    /// Reads are overlapped: while one key's memory is on its way, the next ones are asked for. On a large map that is
    /// two to three times faster than a loop over `subscript`. Each key is read at some moment of the call; a key that
    /// is given twice may have two different values.
    ///
    /// - Complexity: O(number of keys); one allocation for the result.
    @inlinable
    public func values(forKeys keys: some Sequence<Key>) -> [Value?] {
        let start = probe.beginBulk()
        let values = OverlappedReads.values(forKeys: keys, hashKey) { hash in
            let table = shard(of: hash).acquiredTable
            let group = table.homeGroup(of: hash)
            strata_prefetch(table.controls(ofGroup: group))
            Slots.prefetch(Slots.slot(MapTable.preferredIndex(of: hash), ofGroup: group, in: table))
        } read: { key, hash in
            find(key, hash).map { Slots.value(of: $0) }
        }
        probe.endBulk(start, values.count) { values.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }
        return values
    }

    /// The number of entries.
    ///
    /// Exact while nobody writes; otherwise each shard is counted at some moment of the call.
    ///
    /// - Complexity: O(shards).
    @inlinable
    public var count: Int {
        var count = 0
        for index in 0..<shardCount {
            // relaxed: an estimate while others write.
            count &+= shards[index].liveCount.load(ordering: .relaxed)
        }
        return count
    }

    /// Whether the map has no entries, with the same reservation as `count`.
    @inlinable
    public var isEmpty: Bool {
        for index in 0..<shardCount where shards[index].liveCount.load(ordering: .relaxed) != 0 { return false }
        return true
    }

    /// A read that is observed.
    @inlinable @inline(never)
    func observedValue(forKey key: Key) -> Value? {
        let start = probe.begin()
        let value = withFound(key) { Slots.value(of: $0) }
        probe.end(start, .get, wasFound: value != nil, hash: MapHashing.hash(key, hashKey)) { String(describing: key) }
        return value
    }

    /// Looks for a key and copies something of what was found, under a pin.
    @inlinable @inline(__always)
    func withFound<Result>(_ key: Key, _ body: (UnsafeMutableRawPointer) -> Result) -> Result? {
        let hash = MapHashing.hash(key, hashKey)
        let pin = Epoch.pin()
        defer { pin.end() }
        guard let found = find(key, hash) else { return nil }
        return body(found)
    }

    /// Looks for a key as I3 says.
    ///
    /// The caller is pinned.
    ///
    /// What is inlined is the usual case: no move under way, and the table is still the newest after a miss.
    @inlinable @inline(__always)
    func find(_ key: Key, _ hash: UInt64) -> UnsafeMutableRawPointer? {
        let shard = shard(of: hash)
        let table = shard.acquiredTable
        if table.previous == nil {
            if let found = table.find(key, hash, in: Slots.self) { return found }
            if shard.acquiredTable == table { return nil }
        }
        return findWhileMoving(key, hash)
    }

    @inlinable @inline(never)
    func findWhileMoving(_ key: Key, _ hash: UInt64) -> UnsafeMutableRawPointer? {
        let shard = shard(of: hash)
        var table = shard.acquiredTable
        while true {
            if let found = table.previous?.find(key, hash, in: Slots.self) { return found }
            if let found = table.find(key, hash, in: Slots.self) { return found }
            let newest = shard.acquiredTable
            if newest == table { return nil }
            table = newest
        }
    }
}
