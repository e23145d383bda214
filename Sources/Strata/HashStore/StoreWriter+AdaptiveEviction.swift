import CStrata
import Synchronization

extension StoreWriter {
    /// How many groups of the table are looked at for one eviction: some two dozen entries.
    private static let drawnGroups = 2
    /// How many groups may be empty.
    private static let drawLimit = 64

    /// Removes the entry of a sample that is worth least per byte.
    ///
    /// - Returns: Whether there was one.
    func evictOne(_ engine: borrowing AdaptiveEviction) -> Bool {
        let clock = store.requests.now
        var victim: EntryBlock?
        var least = Float.infinity
        shard.pointee.table.forSomeGroups(
            startingAt: strata_random_word(), count: Self.drawnGroups, limit: Self.drawLimit
        ) { slot in
            let block = EntryBlock(slot.pointer)
            var worth: Float = 0
            if !Deadline.hasPassed(block.deadline, at: now) {
                worth = engine.worth(block.access.stamp, byteCount: block.wholeByteCount, at: clock)
            }
            if worth < least {
                least = worth
                victim = block
            }
        }
        guard let victim else { return false }
        let victimHash = self.hash(of: victim)
        guard let found = findAny(HashStore.Key(bytes: victim.key, hash: victimHash)) else { return false }
        prepareGhosts(horizon: engine.model.horizon)
        shard.pointee.ghosts?.insert(victim.access.stamp.word(hash: victimHash, now: clock), at: clock)
        remove(found, hash: victimHash, .evicted)
        report()
        return true
    }

    /// Stamps a new entry: with what its key was like when it was evicted, if that is remembered.
    func stamp(_ block: EntryBlock, hash: UInt64) {
        let now = store.requests.now
        var stamp = ReuseStamp(tick: now, requests: 1, octave: 0)
        if let ghost = shard.pointee.ghosts?.take(fragment: ReuseWord.fragment(of: hash), at: now) {
            stamp = ReuseStamp(tick: now, requests: ghost.requests + 1, octave: ReuseAge.octave(ghost.age))
        }
        block.access = block.access.with(stamp)
    }

    /// Sees to it that there is a place for ghosts, as large as the shard needs.
    private func prepareGhosts(horizon: UInt32) {
        let count = max(shard.pointee.keyCount.load(ordering: .relaxed), 64)
        if let ghosts = shard.pointee.ghosts?.capacity, count <= ghosts, count >= ghosts / 16 { return }
        dropGhosts()
        let ghosts = GhostTable(capacity: 2 * count, horizon: horizon)
        self.count(allocated: ghosts.byteCount)
        shard.pointee.ghosts = consume ghosts
    }

    /// Forgets what was evicted.
    func dropGhosts() {
        guard let bytes = shard.pointee.ghosts?.byteCount else { return }
        shard.pointee.ghosts = nil
        count(allocated: -bytes)
    }
}

extension EntryBlock {
    /// The memory of the entry, that of its fields included.
    var wholeByteCount: Int {
        byteCount + (flags.contains(.table) ? fieldTable.pointee.byteCount.load(ordering: .relaxed) : 0)
    }
}

extension GroupTable where Slot == PointerSlot {
    /// Visits the elements of some adjacent groups, asking for the memory of all of them first.
    ///
    /// Under the lock.
    ///
    /// - Parameters:
    ///   - random: Where to begin.
    ///   - count: How many groups with elements.
    ///   - limit: How many groups are looked at at most, before the whole table is.
    ///   - body: Gets each element; it must not change the table.
    func forSomeGroups(startingAt random: UInt64, count: Int, limit: Int, _ body: (UnsafeMutablePointer<Slot>) -> Void)
    {
        var region = newest
        // While elements move from one region to the other, either one is drawn by how much it holds.
        if let old = region.previous {
            let both = UInt64(max(region.liveCount + old.liveCount, 1))
            if (random & 0xffff_ffff) &* both >> 32 < UInt64(old.liveCount) { region = old }
        }
        var group = region.homeGroup(of: random)
        var found = 0
        for looked in 0..<region.groupCount {
            if looked >= limit, found > 0 { return }
            if region.liveMask(ofGroup: group) != 0 {
                region.forEachLive(inGroups: group..<(group + 1)) { strata_prefetch($0.pointer) }
                region.forEachLive(inGroups: group..<(group + 1)) { body($0) }
                found += 1
                if found == count { return }
            }
            group = group + 1 == region.groupCount ? 0 : group + 1
        }
    }
}
