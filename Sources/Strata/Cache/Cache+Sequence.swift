extension Cache: Sequence {
    /// A key and its value.
    public typealias Element = (key: Key, value: Value)

    /// Walks over the entries in no particular order, while others may change the cache.
    ///
    /// The walk is weakly consistent: it sees every entry that is in the cache all the while exactly once; one that is put
    /// in or leaves meanwhile is seen or not; and each value is one that the key had at some moment of the walk. Neither
    /// policy nor statistics take notice.
    ///
    /// - Complexity: O(1) here; the walk is O(capacity) and locks one shard for a microsecond or two at a time.
    ///
    /// **Concurrency:** from any thread. The cache may be changed during the walk, also from its body.
    @inlinable
    public func makeIterator() -> Iterator { Iterator(self) }

    /// A weakly consistent walk over a cache: see `makeIterator()`.
    public struct Iterator: IteratorProtocol {
        @usableFromInline let cache: Cache
        @usableFromInline var shardIndex = 0
        @usableFromInline var position: UInt64 = 0
        /// What one hold of a lock found, last first.
        @usableFromInline var batch: ContiguousArray<Element> = []

        @inlinable
        init(_ cache: Cache) { self.cache = cache }

        /// The next entry, or `nil` at the end.
        @inlinable
        public mutating func next() -> Element? {
            while batch.isEmpty {
                guard shardIndex < cache.shardCount else { return nil }
                let shard = cache.shards + shardIndex
                let now = cache.now()
                let isTimed = cache.isTimed
                shard.pointee.lock.lock()
                let next = shard.scan(from: position) { block in
                    guard !isTimed || block.deadline > now else { return }
                    let entry = block.base.assumingMemoryBound(to: CacheEntry<Key, Value>.self)
                    batch.append((key: entry.pointee.key, value: entry.pointee.value))
                }
                shard.pointee.lock.unlock()
                position = next ?? 0
                if next == nil { shardIndex += 1 }
            }
            return batch.removeLast()
        }
    }

    /// A lower bound for the number of entries: none, because others may remove them.
    @inlinable
    public var underestimatedCount: Int { 0 }

    /// All entries, as weakly consistent as a walk over them.
    ///
    /// - Complexity: O(capacity).
    @inlinable
    public func snapshot() -> [Key: Value] {
        var entries: [Key: Value] = [:]
        entries.reserveCapacity(count)
        // A key that was removed and put in again meanwhile can come twice.
        for (key, value) in self { entries[key] = value }
        return entries
    }

    /// All keys, as weakly consistent as a walk over the entries.
    @inlinable
    public var keys: [Key] {
        var keys: [Key] = []
        keys.reserveCapacity(count)
        for (key, _) in self { keys.append(key) }
        return keys
    }
}
