import CStrata
import Synchronization

extension StoreWriter {
    /// How many entries are compared for one eviction.
    ///
    /// Redis' default of 5 with a pool of 16 comes out about as good as 8 without a pool, and a pool would hold keys
    /// that have changed since.
    private static let sampleCount = 8
    /// How many random places are looked at for them; tables are at least an eighth full.
    private static let drawLimit = 64
    /// How many groups are searched when drawing found nothing.
    private static let searchedGroups = 256
    /// Up to how many items the whole deadline index is searched when drawing found nothing.
    private static let searchedItems = 2048

    /// Removes the best victim of a sample.
    ///
    /// - Returns: Whether there was one.
    func evictOne(policy: EvictionPolicy) -> Bool {
        if policy.needsDeadline, shard.pointee.expiringKeyCount.load(ordering: .relaxed) == 0 { return false }
        if policy == .volatileTTL { dropEarlyGarbage() }
        var sample = Sample(policy: policy, now: now)
        var draws = 0
        while draws < Self.drawLimit, sample.count < Self.sampleCount {
            if let block = draw(draws, policy) { sample.consider(block) }
            draws += 1
        }
        if sample.count == 0, policy.needsDeadline, shard.pointee.deadlines.itemCount <= Self.searchedItems {
            // Few keys with a deadline among garbage or among hashes with field deadlines: look at every item.
            for index in 0..<shard.pointee.deadlines.itemCount {
                if let item = shard.pointee.deadlines.item(at: UInt64(index)), let block = coveredBlock(item.hash) {
                    sample.consider(block)
                }
            }
        } else if sample.count == 0 {
            _ = shard.pointee.table.scan(
                from: strata_random_word(), groupCount: Self.searchedGroups,
                hashOf: { hash(of: EntryBlock($0.pointer)) },
                { sample.consider(EntryBlock($0.pointer)) })
        }
        guard let victim = sample.best else { return false }
        let victimHash = self.hash(of: victim)
        guard let found = findAny(HashStore.Key(bytes: victim.key, hash: victimHash)) else { return false }
        remove(found, hash: victimHash, .evicted)
        report()
        return true
    }

    /// How much garbage one eviction clears away at the front of the index.
    private static let garbageLimit = 32

    /// Clears the front of the index of items without a key: evicting what comes first leaves just those there.
    private func dropEarlyGarbage() {
        for _ in 0..<Self.garbageLimit {
            guard let (item, owner) = shard.pointee.deadlines.popDue(now: Deadline.none - 1) else { return }
            guard let block = coveredBlock(item.hash), block.ownerByte == owner else { continue }
            let earliest = block.earliestDeadline
            shard.pointee.deadlines.putBack(block, hash: item.hash, earliest: earliest)
            if earliest == item.deadline { return }
        }
    }

    /// The blocks seen for one eviction, of which only the best victim is kept.
    private struct Sample {
        let policy: EvictionPolicy
        let now: Int64
        var count = 0
        var best: EntryBlock?
        private var bestScore = Int64.min

        init(policy: EvictionPolicy, now: Int64) {
            self.policy = policy
            self.now = now
        }

        mutating func consider(_ block: EntryBlock) {
            let deadline = block.deadline
            if policy.needsDeadline, deadline == Deadline.none { return }
            count += 1
            let access = block.access
            let score = policy.score(
                idleSeconds: access.idleSeconds(at: now), frequency: access.frequency(at: now), deadline: deadline,
                random: strata_random_word())
            if best == nil || score > bestScore {
                best = block
                bestScore = score
            }
        }
    }

    /// One block for the sample: of the keys with a deadline by way of the index, else of a random place of the table.
    private func draw(_ number: Int, _ policy: EvictionPolicy) -> EntryBlock? {
        guard policy.needsDeadline else {
            var generator = SamplingGenerator()
            return shard.pointee.table.randomElement(using: &generator).map { EntryBlock($0.pointer) }
        }
        let item =
            policy == .volatileTTL
            ? shard.pointee.deadlines.earlyItem(number) : shard.pointee.deadlines.item(at: strata_random_word())
        return item.flatMap { coveredBlock($0.hash) }
    }
}

/// The calling thread's sampling numbers as a generator.
///
/// Not for secrets.
struct SamplingGenerator: RandomNumberGenerator {
    mutating func next() -> UInt64 { strata_random_word() }
}
