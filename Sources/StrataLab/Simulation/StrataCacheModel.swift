import Strata

/// What `Cache` does, without the values: shards by the high bits of the hash, each with a policy of its own.
struct StrataCacheModel: SimulatedCache {
    private let shards: [Shard]
    /// The slot of each key in its shard, -1 without.
    private var slots: [Int32]

    /// A policy has no copies, hence the class.
    private final class Shard {
        var policy: CachePolicy
        /// The key of each slot.
        var keys: [Int]

        init(capacity: Int) {
            policy = CachePolicy(maximumWeight: UInt64(capacity), expectedCount: capacity)
            keys = [Int](repeating: 0, count: policy.slotCapacity)
        }
    }

    init(capacity: Int, shardCount: Int, keyCount: Int) {
        shards = (0..<shardCount).map { number in
            Shard(capacity: capacity * (number + 1) / shardCount - capacity * number / shardCount)
        }
        slots = [Int32](repeating: -1, count: keyCount)
    }

    mutating func request(_ key: Int) -> Bool {
        let hash = Self.hash(UInt64(key))
        let shard = shards[Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(shards.count)).high)]
        let slot = slots[key]
        if slot >= 0 {
            shard.policy.recorder.recordHit(UInt32(slot), hash: hash)
            return true
        }
        let inserted = shard.policy.insert(hash: hash)
        slots[key] = Int32(inserted)
        shard.keys[Int(inserted)] = key
        while shard.policy.isOverBudget, let victim = shard.policy.victim() {
            slots[shard.keys[Int(victim)]] = -1
            shard.policy.evict(victim)
        }
        return false
    }

    /// SplitMix64: key numbers are dense, the policy wants all bits mixed.
    private static func hash(_ key: UInt64) -> UInt64 {
        var z = key &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
