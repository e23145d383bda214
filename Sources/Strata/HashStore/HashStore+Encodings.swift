extension HashStore {
    /// How a random sample of the entries is represented, and what the tables of the keys take.
    package struct EncodingSample: Sendable {
        /// Entries of one kind.
        package struct Part: Sendable {
            /// How many of the sample.
            package var count = 0
            /// Their memory in bytes.
            package var byteCount = 0
        }

        /// Strings.
        package var strings = Part()
        /// Hashes in one block.
        package var compactHashes = Part()
        /// Hashes with a table of their own.
        package var tableHashes = Part()
        /// Memory of the tables of the keys, in bytes; not a sample's but all of it.
        package var tableByteCount = 0

        /// An empty sample.
        package init() {}
    }

    /// Looks at some entries to tell what memory is used for.
    ///
    /// - Parameter count: How many entries to look at, about.
    /// - Returns: The sample; every entry is equally likely to be in it, but neighbours in hash order come together.
    /// - Complexity: O(shards + count).
    ///
    /// **Concurrency:** locks one shard at a time, for a few microseconds.
    package func sampleEncodings(count: Int) -> EncodingSample {
        var sample = EncodingSample()
        for index in 0..<shardCount {
            sample.tableByteCount += (shards + index).pointee.lock.withLock {
                (shards + index).pointee.table.figures.byteCount
            }
        }
        var left = count
        var scans = 0
        while left > 0, scans < 8 + count / 16 {
            scans += 1
            let shard = shards + Int.random(in: 0..<shardCount)
            shard.pointee.lock.withLock {
                shard.pointee.table.forEachOfSomeGroups { slot in
                    left -= 1
                    sample.add(Entry(EntryBlock(slot.pointer)))
                }
            }
        }
        return sample
    }
}

extension HashStore.EncodingSample {
    fileprivate mutating func add(_ entry: HashStore.Entry) {
        let bytes = entry.byteCount
        func enter(_ part: inout Part) {
            part.count += 1
            part.byteCount += bytes
        }
        switch (entry.kind, entry.isTable) {
        case (.string, _): enter(&strings)
        case (.hash, false): enter(&compactHashes)
        case (.hash, true): enter(&tableHashes)
        }
    }
}

extension GroupTable {
    /// Visits the elements of eight groups from a random place on.
    ///
    /// Under the lock.
    fileprivate func forEachOfSomeGroups(_ body: (UnsafeMutablePointer<Slot>) -> Void) {
        let region = newest
        let first = Int.random(in: 0..<region.groupCount)
        for offset in 0..<Swift.min(8, region.groupCount) {
            let group = (first + offset) % region.groupCount
            region.forEachLive(inGroups: group..<(group + 1), body)
        }
    }
}
