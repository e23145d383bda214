import Synchronization

/// The memory that one or more stores may use together, and what goes when it is used up.
///
/// Stores report what they hold in steps of a few KiB, so `usedBytes` lags behind by at most 4 KiB per shard. Counted
/// are entries, tables and deadline heaps with the allocator's overhead, and what was removed but may still be read by
/// somebody.
///
/// **Concurrency:** everything is callable from any thread.
public final class MemoryBudget: Sendable {
    /// The limit.
    ///
    /// Relaxed throughout: settings and figures, nothing is published with them.
    private let maximum: Atomic<Int>
    private let policyIndex: Atomic<UInt8>
    private let used = Atomic<Int>(0)
    private let retired = Atomic<Int>(0)
    private let evicted = Atomic<Int>(0)
    let registry = StoreRegistry()
    /// Requests for the adaptive policy to learn from.
    let requests = RequestLog()

    /// Creates a budget.
    ///
    /// - Parameters:
    ///   - maximumBytes: The limit in bytes; 0 means no limit.
    ///   - policy: What is removed when the limit is reached.
    public init(maximumBytes: Int = 0, policy: EvictionPolicy = .allKeysAdaptive) {
        maximum = Atomic(maximumBytes)
        policyIndex = Atomic(policy.index)
    }

    deinit { requests.deallocate() }

    /// The limit in bytes; 0 means no limit.
    ///
    /// Takes effect with the next write.
    public var maximumBytes: Int {
        get { maximum.load(ordering: .relaxed) }
        set { maximum.store(newValue, ordering: .relaxed) }
    }

    /// What is removed when the limit is reached.
    ///
    /// Takes effect with the next write.
    public var policy: EvictionPolicy {
        get { EvictionPolicy.allCases[Int(policyIndex.load(ordering: .relaxed))] }
        set { policyIndex.store(newValue.index, ordering: .relaxed) }
    }

    /// The bytes held by all the stores that share the budget.
    public var usedBytes: Int { max(used.load(ordering: .relaxed), 0) }

    /// The part of `usedBytes` that was removed and waits for readers that may still look at it.
    public var retiredBytes: Int { max(retired.load(ordering: .relaxed), 0) }

    /// How many keys were removed to make room, since the beginning.
    public var evictedKeyCount: Int { evicted.load(ordering: .relaxed) }

    /// Whether more is held than may be, not counting what is already on its way out.
    var isExceeded: Bool {
        let maximum = maximumBytes
        return maximum > 0 && used.load(ordering: .relaxed) - retired.load(ordering: .relaxed) > maximum
    }

    /// Called by shards when their figures have changed enough.
    func add(used usedDelta: Int, retired retiredDelta: Int) {
        used.wrappingAdd(usedDelta, ordering: .relaxed)
        if retiredDelta != 0 { retired.wrappingAdd(retiredDelta, ordering: .relaxed) }
    }

    /// How many keys one call of `makeRoom` removes at most: a write never pays for more.
    ///
    /// A limit that was lowered far is reached in the course of many writes.
    private static let evictionsPerCall = 64

    /// Removes keys until the limit holds.
    ///
    /// - Parameter now: The current tick.
    /// - Returns: Whether writes may go on: the limit holds, or progress was made. `false` means that the policy has
    ///   nothing to remove.
    package func makeRoom(now: Int64) -> Bool {
        guard isExceeded else { return true }
        let policy = policy
        guard policy != .noEviction else { return false }
        let count =
            if policy == .allKeysAdaptive {
                registry.withStores(learningFrom: requests) { stores, engine in
                    evict(from: &stores) { $0.evictOne(fromShard: $1, engine, now: now) }
                }
            } else {
                registry.withStores { stores in
                    // Nobody learns meanwhile.
                    requests.mask = .max
                    return evict(from: &stores) { $0.evictOne(fromShard: $1, policy: policy, now: now) }
                }
            }
        evicted.wrappingAdd(count, ordering: .relaxed)
        return count > 0 || !isExceeded
    }

    /// Removes keys of one shard after the other.
    ///
    /// - Returns: How many.
    @inline(__always)
    private func evict(
        from stores: inout StoreRegistry.Rotation, _ evictOne: (HashStore, Int) -> Bool
    ) -> Int {
        var count = 0
        var misses = 0
        while count < Self.evictionsPerCall, misses <= stores.shardCount, isExceeded {
            guard let (store, shard) = stores.next() else { break }
            if store._withUnsafeGuaranteedRef({ evictOne($0, shard) }) {
                count += 1
                misses = 0
            } else {
                misses += 1
            }
        }
        return count
    }
}
