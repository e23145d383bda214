extension ConcurrentMap: Sequence {
    /// A key and its value.
    public typealias Element = (key: Key, value: Value)

    /// Walks over the entries in no particular order, while others may change the map.
    ///
    /// The walk is weakly consistent: it sees every entry that is in the map all the while exactly once; one that is put
    /// in or removed meanwhile is seen or not; and each value is one that the key had at some moment of the walk.
    ///
    /// - Complexity: O(1) here; the walk is O(capacity) and locks one shard for a microsecond or two at a time.
    ///
    /// **Concurrency:** from any thread. The map may be changed during the walk, also from its body.
    @inlinable
    public func makeIterator() -> Iterator { Iterator(self) }

    /// A weakly consistent walk over a map: see `makeIterator()`.
    public struct Iterator: IteratorProtocol {
        @usableFromInline let map: ConcurrentMap
        @usableFromInline var position = ScanPosition()
        /// What one hold of a lock found, last first.
        @usableFromInline var batch: ContiguousArray<Element> = []

        @inlinable
        init(_ map: ConcurrentMap) { self.map = map }

        /// The next entry, or `nil` at the end.
        @inlinable
        public mutating func next() -> Element? {
            while batch.isEmpty {
                let found = map.scan(&position) { found, _ in
                    batch.append((key: Slots.key(of: found), value: Slots.value(of: found)))
                }
                if !found { return nil }
            }
            return batch.removeLast()
        }
    }

    /// A lower bound for the number of entries: none, because others may remove them.
    @inlinable
    public var underestimatedCount: Int { 0 }

    /// All entries as they are at one moment during the call.
    ///
    /// All shards are locked at that moment, and each is released as soon as it has been copied: writers wait, readers
    /// don't. To see all entries without holding writers up, iterate.
    ///
    /// - Complexity: O(capacity); about 5 ns of waiting per entry for writers, more for values with references.
    @inlinable
    public func snapshot() -> [Key: Value] {
        var entries: ContiguousArray<Element> = []
        // Memory for the copy is allocated before the locks are taken; a little more for what comes meanwhile.
        entries.reserveCapacity(count + count / 16 + 64)
        for index in 0..<shardCount { shards[index].lock.lock() }
        for index in 0..<shardCount {
            let table = (shards + index).lockedTable
            for table in [table.previous, table] {
                table?.visit(0...UInt64.max, hashKey, in: Slots.self) { found, _ in
                    entries.append((key: Slots.key(of: found), value: Slots.value(of: found)))
                }
            }
            shards[index].lock.unlock()
        }
        // A shard's entries are not in both tables, so that no key comes twice, unless its `==` isn't true to itself.
        return Dictionary(entries.lazy.map { ($0.key, $0.value) }, uniquingKeysWith: { _, last in last })
    }
}
