import Synchronization

extension Cache {
    /// The keys whose entries the policy would keep longest, best first.
    ///
    /// What it thinks of an entry changes with every request and with time.
    ///
    /// - Parameter limit: How many keys at most.
    /// - Returns: The keys in that order.
    /// - Complexity: O(capacity × log(limit)); a shard is locked for a few thousand entries at a time.
    public func hottestKeys(limit: Int) -> [Key] { rankedKeys(limit: limit) { $0 > $1 } }

    /// The keys whose entries the policy would evict first, worst first.
    ///
    /// The next victim is the worst of a random sample and needn't be the first of these.
    ///
    /// - Parameter limit: How many keys at most.
    /// - Returns: The keys in that order.
    /// - Complexity: As for ``hottestKeys(limit:)``.
    public func coldestKeys(limit: Int) -> [Key] { rankedKeys(limit: limit) { $0 < $1 } }

    private func rankedKeys(limit: Int, _ isBefore: (Float, Float) -> Bool) -> [Key] {
        guard limit > 0 else { return [] }
        var best: [(worth: Float, key: Key)] = []
        for index in 0..<shardCount {
            let shard = shards + index
            var start = 0
            while true {
                var chosen: [(worth: Float, key: Key)] = []
                let end = shard.pointee.lock.withLock {
                    shard.forEachRanked(from: start, count: 4096) { block, worth in
                        if best.count == limit, !isBefore(worth, best[limit - 1].worth) { return }
                        chosen.append((worth, block.base.assumingMemoryBound(to: Entry.self).pointee.key))
                    }
                }
                best = Array((best + chosen).sorted { isBefore($0.worth, $1.worth) }.prefix(limit))
                guard let end else { break }
                start = end
            }
        }
        return best.map(\.key)
    }

    /// How many tasks wait for the load of a key, `nil` if it isn't being loaded.
    ///
    /// For tests.
    package func waiterCount(forKey key: Key) -> Int? {
        let index = shardIndex(of: MapHashing.hash(key, hashKey))
        return shards[index].lock.withLock { flights[index][key] }?.waiterCount
    }

    /// What is wrong with the state of the cache; nothing if all is well.
    ///
    /// For tests. Exact only while nobody writes.
    ///
    /// - Complexity: O(capacity).
    package func checkInvariants() -> [String] {
        var problems: [String] = []
        var allowances: Int64 = 0
        for index in 0..<shardCount {
            let shard = shards + index
            shard.pointee.lock.withLock {
                problems += shard.checkInvariants(isTimed: isTimed).map { "shard \(index): \($0)" }
                allowances += shard.pointee.allowance
                if shard.pointee.flightCount != flights[index].count { problems.append("flights of shard \(index)") }
            }
        }
        let rest = budget.pointee.unassigned.load(ordering: .relaxed)
        if allowances + rest != budget.pointee.maximumWeight {
            problems.append("CacheBudget.I1: \(allowances) + \(rest)")
        }
        if totalWeight > maximumWeight { problems.append("weighs \(totalWeight) of \(maximumWeight)") }
        return problems
    }
}

extension CacheShardAddress {
    /// Visits some entries with what the policy thinks they are worth.
    ///
    /// Under the lock.
    ///
    /// - Returns: The slot to go on with, `nil` at the end.
    func forEachRanked(from start: Int, count: Int, _ body: (CacheBlock, Float) -> Void) -> Int? {
        let end = Swift.min(start + count, pointee.policy.usedSlots)
        guard start < end else { return nil }
        for slot in start..<end {
            let index = UInt32(truncatingIfNeeded: slot)
            guard pointee.policy.isInUse(index), let block = pointee.entries[slot]?.block else { continue }
            body(block, pointee.policy.worth(index))
        }
        return end
    }

    /// What is wrong with the shard.
    ///
    /// Under the lock.
    func checkInvariants(isTimed: Bool) -> [String] {
        var problems = pointee.policy.checkInvariants()
        var count = 0
        pointee.table.forEach { slot in
            count += 1
            let block = CacheBlock(slot.pointer)
            if !pointee.policy.isInUse(block.slot) || pointee.entries[Int(block.slot)]?.block != block {
                problems.append("I2: slot \(block.slot)")
            }
        }
        if count != pointee.policy.count || count != liveCount { problems.append("I2: \(count) entries in the table") }
        if heldWeight != pointee.policy.totalWeight { problems.append("held weight \(heldWeight)") }
        if Int64(heldWeight) > pointee.allowance { problems.append("I4: \(heldWeight) of \(pointee.allowance)") }
        if pointee.policy.recorder.words != pointee.words.load(ordering: .relaxed) { problems.append("I3: words") }
        guard isTimed else { return problems }
        return problems
            + pointee.deadlines.checkInvariants { slot in
                pointee.policy.isInUse(slot) ? pointee.entries[Int(slot)]?.block.deadline : nil
            }
    }
}
