/// Reads of many keys whose waits for memory overlap.
@usableFromInline
enum OverlappedReads {
    /// How many reads are overlapped: enough to cover a cache miss, few enough to stay in the first-level cache.
    @inlinable static var batchCount: Int { 16 }

    /// Reads keys in batches: the places of all keys of a batch are asked for before the first of them is read.
    ///
    /// Each batch is pinned by itself: reclamation must not wait for a long list.
    ///
    /// - Parameters:
    ///   - keys: The keys.
    ///   - hashKey: The secret of the hash function.
    ///   - prefetch: Asks for the place of a hash.
    ///   - read: The value of a key with a hash, `nil` without one.
    /// - Returns: The values in the order of the keys.
    @inlinable @inline(__always)
    static func values<Key: Hashable, Value>(
        forKeys keys: some Sequence<Key>, _ hashKey: HashKey, prefetch: (UInt64) -> Void,
        read: (Key, UInt64) -> Value?
    ) -> [Value?] {
        let keys = ContiguousArray(keys)
        var values: [Value?] = []
        values.reserveCapacity(keys.count)
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: batchCount) { hashes in
            var start = 0
            while start < keys.count {
                let end = Swift.min(start &+ batchCount, keys.count)
                Epoch.pin()
                for index in start..<end {
                    let hash = MapHashing.hash(keys[index], hashKey)
                    hashes[index &- start] = hash
                    prefetch(hash)
                }
                for index in start..<end { values.append(read(keys[index], hashes[index &- start])) }
                Epoch.unpin()
                start = end
            }
        }
        return values
    }
}
