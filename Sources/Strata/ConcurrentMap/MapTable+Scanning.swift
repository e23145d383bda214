// Under the shard's lock.
extension MapTable {
    /// The smallest hash whose home is a group.
    @inlinable
    func firstHash(ofGroup group: UInt64) -> UInt64 {
        // ceil(group × 2^64 / groupCount)
        let divided = groupCount.dividingFullWidth((high: group, low: 0))
        return divided.remainder == 0 ? divided.quotient : divided.quotient &+ 1
    }

    /// Visits the entries whose hashes are in a range: from the first home group of the range to the first group with an
    /// empty byte at or after its last home group, where every probe that started before ends.
    ///
    /// - Parameters:
    ///   - hashes: The range.
    ///   - hashKey: The secret of the map, to hash keys that are stored without their hash.
    ///   - slots: What the slots hold.
    ///   - body: Gets what `MapSlots.occupant` found, and how many groups after its home it is.
    @inlinable
    func visit<Key, Value>(
        _ hashes: ClosedRange<UInt64>, _ hashKey: HashKey, in slots: MapSlots<Key, Value>.Type,
        _ body: (_ found: UnsafeMutableRawPointer, _ distance: Int) -> Void
    ) {
        var group = homeGroup(of: hashes.lowerBound)
        let homes = homeGroup(of: hashes.upperBound) &- group &+ 1
        var visited: UInt64 = 0
        while visited < groupCount {
            let controls = controlGroup(group)
            var occupied = controls.fullSlots
            while !occupied.isEmpty {
                let slot = slots.slot(occupied.removeFirst(), ofGroup: group, in: self)
                guard let found = slots.occupant(of: slot) else { continue }
                let hash = slots.hash(of: found, hashKey)
                guard hashes.contains(hash) else { continue }
                let home = homeGroup(of: hash)
                let distance = group >= home ? group &- home : group &+ groupCount &- home
                body(found, Int(truncatingIfNeeded: distance))
            }
            visited &+= 1
            if visited >= homes, !controls.emptySlots.isEmpty { return }
            group = self.group(after: group)
        }
    }
}

extension ConcurrentMap {
    /// Where a walk over the map goes on: a shard and a position in hash space, which growth and shrinking don't change.
    @usableFromInline
    struct ScanPosition {
        @usableFromInline var shardIndex = 0
        @usableFromInline var hash: UInt64 = 0

        @inlinable
        init() {}
    }

    /// How many groups are visited under one hold of a lock: about 100 entries, a microsecond or two.
    @inlinable static var groupsPerScan: UInt64 { 8 }

    /// Visits a stretch of the map under the lock of one shard, and moves `position` past it.
    ///
    /// A walk that begins at a new position and ends when this returns `false` visits every entry that is present
    /// throughout exactly once.
    @inlinable
    func scan(
        _ position: inout ScanPosition, _ body: (_ found: UnsafeMutableRawPointer, _ distance: Int) -> Void
    ) -> Bool {
        guard position.shardIndex < shardCount else { return false }
        let shard = shards + position.shardIndex
        shard.pointee.lock.lock()
        defer { shard.pointee.lock.unlock() }
        let table = shard.lockedTable
        let next = table.homeGroup(of: position.hash) &+ Self.groupsPerScan
        let isLast = next >= table.groupCount
        let end = isLast ? UInt64.max : table.firstHash(ofGroup: next)
        let range = position.hash...(isLast ? UInt64.max : end &- 1)
        table.previous?.visit(range, hashKey, in: Slots.self, body)
        table.visit(range, hashKey, in: Slots.self, body)
        position.hash = isLast ? 0 : end
        if isLast { position.shardIndex += 1 }
        return true
    }
}
