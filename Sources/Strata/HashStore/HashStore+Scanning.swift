import CStrata
import Synchronization

extension HashStore {
    /// The bits of a hash that a cursor doesn't keep.
    ///
    /// With 48 bits of position and up to 1024 shards a cursor stays below 2⁵⁸, with the usual 16 below 2⁵³, which
    /// every client's numbers hold.
    static let cursorShift: UInt64 = 16
    static let cursorMask: UInt64 = ~0xffff

    /// Visits some keys, so that calls with each call's result, from 0 until 0 comes back, visit every key that is
    /// present throughout.
    ///
    /// A key may come twice only if it was removed and set again.
    ///
    /// A cursor is a position in the space of hashes, `shard << 48 | top 48 bits`, so it means the same whatever size the
    /// tables have meanwhile.
    ///
    /// - Parameters:
    ///   - cursor: 0 or the result of another call. Any other number is a position like any other.
    ///   - limit: About how many keys to visit.
    ///   - now: The current tick; expired keys are left out, and removed.
    ///   - isLocked: Whether the caller holds the locks of all shards, as a transaction does.
    ///   - body: Called with each key, under its shard's lock; must not call the store.
    /// - Returns: Where to go on; 0 at the end.
    /// - Complexity: O(limit); one lock per shard visited.
    package func scan(
        cursor: UInt64, limit: Int, now: Int64, isLocked: Bool = false, _ body: (_ key: Bytes, _ entry: Entry) -> Void
    ) -> UInt64 {
        var shardIndex = Int(truncatingIfNeeded: min(cursor >> 48, UInt64(shardCount)))
        var position = cursor << Self.cursorShift
        var left = max(limit, 1)
        while shardIndex < shardCount, left > 0 {
            let next = withShard(shardIndex, isLocked: isLocked) { () -> UInt64? in
                // An empty shard costs next to nothing, so that a small store is scanned in one call.
                guard keyCount(ofShard: shardIndex) > 0 else { return nil }
                let groups = shards[shardIndex].table.groupCount(forElements: left)
                let hashKey = hashKey
                var visited = 0
                var expired: [EntryBlock] = []
                let next = shards[shardIndex].table.scan(
                    from: position, groupCount: groups, mask: Self.cursorMask,
                    hashOf: { hashKey.hash(EntryBlock($0.pointer).key) }
                ) { slot in
                    let block = EntryBlock(slot.pointer)
                    visited += 1
                    if !Deadline.hasPassed(block.deadline, at: now) {
                        body(block.key, Entry(block))
                    } else if expired.count < Self.removalLimit {
                        expired.append(block)
                    }
                }
                left -= max(visited, 1)
                removeExpired(expired, ofShard: shardIndex, now: now)
                return next
            }
            if let next {
                position = next
            } else {
                shardIndex += 1
                position = 0
            }
        }
        return shardIndex < shardCount ? UInt64(shardIndex) << 48 | position >> Self.cursorShift : 0
    }

    /// How many expired keys a scan removes under one lock at most.
    private static let removalLimit = 1024

    /// Removes keys that a scan has found expired.
    ///
    /// Their blocks are still in the table.
    private func removeExpired(_ blocks: [EntryBlock], ofShard index: Int, now: Int64) {
        guard !blocks.isEmpty else { return }
        let writer = writer(ofShard: index, now: now)
        for block in blocks { _ = writer.find(Key(bytes: block.key, hash: hashKey.hash(block.key))) }
    }

    /// The bytes of a random live key.
    ///
    /// Every key is about equally likely: a shard is chosen by its share of the keys, then a random place in its table.
    ///
    /// - Parameters:
    ///   - now: The current tick.
    ///   - isLocked: Whether the caller holds the locks of all shards, as a transaction does.
    /// - Returns: A copy of the key; `nil` if there is none.
    package func randomKey(now: Int64, isLocked: Bool = false) -> [UInt8]? {
        // Expired keys are passed over; of a store full of them, one may be missed for another try.
        for _ in 0..<Self.randomKeyTries {
            let total = keyCount
            guard total > 0 else { return nil }
            var place = Int(strata_random_word() % UInt64(total))
            for index in 0..<shardCount {
                let count = keyCount(ofShard: index)
                guard place >= count else {
                    if let key = randomKey(ofShard: index, now: now, isLocked: isLocked) { return key }
                    break
                }
                place -= count
            }
        }
        return firstLiveKey(now: now, isLocked: isLocked)
    }

    private static let randomKeyTries = 100

    private func randomKey(ofShard index: Int, now: Int64, isLocked: Bool) -> [UInt8]? {
        withShard(index, isLocked: isLocked) {
            var generator = SamplingGenerator()
            for _ in 0..<64 {
                guard let slot = shards[index].table.randomElement(using: &generator) else { continue }
                let block = EntryBlock(slot.pointer)
                return Deadline.hasPassed(block.deadline, at: now) ? nil : [UInt8](block.key)
            }
            return nil
        }
    }

    private func firstLiveKey(now: Int64, isLocked: Bool) -> [UInt8]? {
        var result: [UInt8]?
        var cursor: UInt64 = 0
        repeat {
            cursor = scan(cursor: cursor, limit: 100, now: now, isLocked: isLocked) { key, _ in
                if result == nil { result = [UInt8](key) }
            }
        } while cursor != 0 && result == nil
        return result
    }

    /// Runs a closure with a shard locked, which the caller may have done.
    private func withShard<Result>(_ index: Int, isLocked: Bool, _ body: () -> Result) -> Result {
        isLocked ? body() : shards[index].lock.withLock(body)
    }
}

extension GroupTable {
    /// How many groups hold about this many elements.
    func groupCount(forElements elementCount: Int) -> Int {
        let count = max(count, 1)
        let product = elementCount.multipliedFullWidth(by: newest.groupCount)
        guard product.high == 0 else { return newest.groupCount }
        return max(Int(truncatingIfNeeded: min(product.low / UInt(count), UInt(newest.groupCount))), 1)
    }
}
