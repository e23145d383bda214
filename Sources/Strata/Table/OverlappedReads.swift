/// Reads of many keys whose waits for memory overlap.
@usableFromInline
enum OverlappedReads {
    /// How many reads are overlapped: enough to cover a cache miss, few enough to stay in the first-level cache.
    @inlinable static var batchCount: Int { 16 }

    /// Reads keys in batches: the places of all keys of a batch are asked for before the first of them is read.
    ///
    /// Each batch is pinned by itself: reclamation must not wait for a long list. Keys that lie in one piece are read where
    /// they are.
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
        let values = keys.withContiguousStorageIfAvailable { buffer in
            contiguousValues(forKeys: buffer, hashKey, prefetch: prefetch, read: read)
        }
        if let values { return values }
        return ContiguousArray(keys).withUnsafeBufferPointer { buffer in
            contiguousValues(forKeys: buffer, hashKey, prefetch: prefetch, read: read)
        }
    }

    @inlinable @inline(__always)
    static func contiguousValues<Key: Hashable, Value>(
        forKeys keys: UnsafeBufferPointer<Key>, _ hashKey: HashKey, prefetch: (UInt64) -> Void,
        read: (Key, UInt64) -> Value?
    ) -> [Value?] {
        [Value?](unsafeUninitializedCapacity: keys.count) { values, count in
            // SAFETY: `keys` and `values` have `keys.count` elements, and each of the latter is initialised once, in order.
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: batchCount) { hashes in
                let hashes = hashes.baseAddress.unsafelyUnwrapped
                while count < keys.count {
                    let start = count
                    let batch = keys.baseAddress.unsafelyUnwrapped + start
                    let size = Swift.min(keys.count &- start, batchCount)
                    let pin = Epoch.pin()
                    for index in 0..<size {
                        let hash = MapHashing.hash(batch[index], hashKey)
                        hashes[index] = hash
                        prefetch(hash)
                    }
                    let results = values.baseAddress.unsafelyUnwrapped + start
                    for index in 0..<size { (results + index).initialize(to: read(batch[index], hashes[index])) }
                    pin.end()
                    count = start &+ size
                }
            }
        }
    }
}
