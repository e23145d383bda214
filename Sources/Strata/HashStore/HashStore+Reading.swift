import CStrata

extension HashStore {
    /// Reads one key without a lock.
    ///
    /// The entry is valid during the call. A string or a compact hash is a view of one moment; of a table hash, single
    /// fields may be read, and whatever looks at several of them needs exclusive access.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - now: The current tick. An expired entry counts as absent, but isn't removed.
    ///   - body: Called with the entry, `nil` without one.
    /// - Returns: What the closure returns.
    /// - Throws: What the closure throws.
    @inlinable @inline(__always)
    package func read<Result, Failure: Error>(
        _ key: Key, now: Int64, _ body: (Entry?) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let pin = Epoch.pin()
        defer { pin.end() }
        return try body(pinnedEntry(key, now: now))
    }

    /// The live entry of a key.
    ///
    /// The caller has pinned the epoch or locked the shard.
    @usableFromInline
    package func pinnedEntry(_ key: Key, now: Int64) -> Entry? {
        let shard = shards + shardIndex(of: key.hash)
        let block = shard.pointee.table.read(key.hash) { slot -> EntryBlock? in
            guard let base = slot.pointerIfPresent else { return nil }
            let block = EntryBlock(base)
            return block.key.hasSameBytes(as: key.bytes) ? block : nil
        }
        guard let block, !Deadline.hasPassed(block.deadline, at: now) else { return nil }
        return Entry(block)
    }

    /// Two fields of a hash, of which one is expected to be the first that was ever set: one walk finds both.
    ///
    /// Counts as an access. The caller has pinned the epoch.
    ///
    /// - Parameters:
    ///   - key: The key's bytes.
    ///   - first: The name of the field that comes first.
    ///   - name: The name of the other.
    ///   - now: The current tick.
    /// - Returns: The values of both; `nil` if one is missing, or the key holds no hash. Deadlines of fields aren't looked at.
    package func pinnedFields(
        _ key: Bytes, first: Bytes, and name: Bytes, now: Int64
    ) -> (first: Bytes, value: Bytes)? {
        let key = self.key(key)
        guard let entry = pinnedEntry(key, now: now), entry.kind == .hash else { return nil }
        recordRead(entry, of: key, now: now)
        guard !entry.isTable else {
            guard let head = entry.field(first, now: now), let field = entry.field(name, now: now) else { return nil }
            return (head.value, field.value)
        }
        var iterator = CompactFields(entry.block.payload).makeIterator()
        guard let head = iterator.next(), head.name.hasSameBytes(as: first) else { return nil }
        while let field = iterator.next() {
            if field.name.hasSameBytes(as: name) { return (head.value, field.value) }
        }
        return nil
    }

    /// Asks the processor for the place of a key in the table, ahead of its use: the first of two steps.
    ///
    /// The caller has pinned the epoch.
    package func prefetchPlace(ofHash hash: UInt64) {
        shards[shardIndex(of: hash)].table.prefetch(hash)
    }

    /// Asks the processor for the entries that may be a key's, ahead of their use: the second step, when the memory
    /// asked for in the first one has arrived.
    ///
    /// The caller has pinned the epoch.
    package func prefetchEntry(ofHash hash: UInt64) {
        let _: Void? = shards[shardIndex(of: hash)].table.read(hash) { slot in
            if let base = slot.pointerIfPresent {
                // The allocator's word before the block is read when the block is replaced.
                strata_prefetch(base - 8)
                strata_prefetch(base)
                strata_prefetch(base + 64)
            }
            return nil
        }
    }
}

extension HashStore.Key {
    /// A key without bytes, for places that hold no key yet.
    @inline(__always)
    package static var none: HashStore.Key { HashStore.Key(bytes: Bytes(start: nil, count: 0), hash: 0) }
}
