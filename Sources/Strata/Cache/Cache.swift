import CStrata
import Synchronization

/// A bounded map from keys to values that any number of threads read without a lock, and that learns which entries are worth
/// keeping.
///
/// Use it for what is costly to get and may be forgotten: rendered pages, rows of a database, answers of another service. What
/// must not be forgotten belongs in a ``ConcurrentMap``.
///
/// ```swift
/// let pages = Cache<String, Page>(maximumCount: 10_000)
/// let page = try await pages.load(path) { path in try await render(path) }   // one rendering, however many ask
/// pages.remove(path)                                                        // the next one renders again
/// ```
///
/// ## What concurrent users see
/// Operations on one key are linearizable, where an eviction or expiration counts as a removal. Reads take no lock, never
/// wait, and write nothing that threads share but one word of the entry's bookkeeping. Writes lock one shard for tens to
/// hundreds of nanoseconds. `count`, iteration and bulk operations see each key at some moment of the call.
///
/// ## Bounds
/// After each write the entries weigh no more than ``maximumWeight``; while writers are at work, each may be one entry ahead.
/// Room is made by the write that needs it. An entry heavier than the bound is not let in: it takes its key's former value with it,
/// and the listener hears of it.
///
/// ## Time
/// An entry whose deadline has passed is not found any more. Its memory is given back by later writes to its shard or by
/// ``performMaintenance()``, whichever comes first; `count` includes it until then.
///
/// ## What closures must not do
/// The closures of ``update(_:_:)`` and ``removeAll(where:)``, weigher and expiry functions, and `==` of keys run while a shard is locked:
/// they must be short and must not use the same cache. One that writes to its own shard would wait for itself forever: the program is
/// stopped instead. Loaders, the removal listener and destructors of keys and values run without a lock and may use the cache.
///
/// ## Design
/// Entries are immutable blocks behind the pointers of a ``GroupTable``, reclaimed by epochs. A `CachePolicy` per shard says
/// what goes; hits reach it by one plain store. `docs/design/0031-cache.md` has the reasons and the measurements.
///
/// Invariants (those of the parts are with `CacheShard`, `CacheBudget` and `FlightStateMachine`):
/// - I1. A key's entry is in the shard that its hash selects; the number of shards never changes.
/// - I2. Readers hold an epoch pin from before they load a shard's table until they have copied the value.
/// - I3. A load's flight is in `flights` while its result may be stored. Whoever writes or removes the key takes it out.
public final class Cache<Key: Hashable & Sendable, Value: Sendable>: @unchecked Sendable {
    // Sendable because: (1) the stored properties are immutable; (2) what the pointers lead to follows CacheShard's
    // invariants: readers go through atomics under an epoch pin, writers through the shard's lock; (3) keys, values and closures are
    // Sendable.

    @usableFromInline typealias Entry = CacheEntry<Key, Value>
    @usableFromInline typealias Aftermath = CacheAftermath<Key, Value>

    /// Keeps the words below off the cache line of the object's reference count.
    private let padding = InlineArray<14, UInt64>(repeating: 0)
    @usableFromInline let shards: CacheShardAddress
    @usableFromInline let shardMask: UInt64
    @usableFromInline let hashKey: HashKey
    @usableFromInline let counters: CacheCounters
    @usableFromInline let probe = OperationProbe()
    /// Whether entries have times.
    @usableFromInline let isTimed: Bool
    /// Whether reads prolong lives.
    @usableFromInline let readsProlong: Bool
    @usableFromInline let isListening: Bool
    @usableFromInline let timing: CacheTiming
    @usableFromInline let budget: UnsafeMutablePointer<CacheBudget>
    /// The loads under way, one dictionary per shard, under the shard's lock.
    @usableFromInline let flights: UnsafeMutablePointer<[Key: CacheFlight<Value>]>
    @usableFromInline let expiry: Expiry?
    @usableFromInline let weigher: (@Sendable (Key, Value) -> UInt32)?
    @usableFromInline let listener: (@Sendable (Key, Value, RemovalCause) -> Void)?

    /// Makes an empty cache.
    ///
    /// - Precondition: The settings don't contradict each other: see ``Configuration``.
    /// - Complexity: O(shards); the policy's memory of evicted keys takes about 8 bytes per entry of the bound.
    public init(_ configuration: Configuration) {
        configuration.check()
        let cores = Int(strata_available_cores())
        let count = configuration.shardCount(cores: cores)
        timing = CacheTiming(
            clock: configuration.clock, afterWrite: configuration.expireAfterWrite,
            afterAccess: configuration.expireAfterAccess, refreshAfter: configuration.refreshAfterWrite)
        isTimed = timing.isNeeded || configuration.expiry != nil
        readsProlong = configuration.expireAfterAccess != nil || configuration.expiry?.afterRead != nil
        expiry = configuration.expiry
        weigher = configuration.weigher
        listener = configuration.removalListener
        isListening = configuration.removalListener != nil
        hashKey = configuration.hashKey
        MapHashing.prepare(for: Key.self)
        counters = CacheCounters(ownedStripeCount: Swift.min(Swift.max(cores * 4, 16), 256))
        budget = .allocate(capacity: 1)
        budget.initialize(to: CacheBudget(maximum: configuration.bound, shardCount: count))
        flights = .allocate(capacity: count)
        flights.initialize(repeating: [:], count: count)
        shardMask = UInt64(count - 1)
        shards = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<CacheShard>.stride, alignment: 128)
            .bindMemory(to: CacheShard.self, capacity: count)
        let expected = Swift.max(configuration.likelyCount / count, 1)
        // A little more than an equal share, as shares are not equal.
        let slotCapacity = Swift.min(expected + expected / 8 + 64, 1 << 20)
        for index in 0..<count {
            (shards + index).initialize(
                to: CacheShard(
                    allowance: CacheBudget.initialAllowance(CacheBudget.bounded(configuration.bound), count),
                    expectedCount: expected, slotCapacity: slotCapacity, isTimed: isTimed,
                    seed: configuration.hashKey.low &+ UInt64(index)))
        }
    }

    /// Makes an empty cache of so many entries.
    public convenience init(maximumCount: Int) { self.init(Configuration(maximumCount: maximumCount)) }

    @inlinable
    deinit {
        // No reader or writer is inside: they would hold a reference to the cache.
        for index in 0..<shardCount {
            (shards + index).takeAll { block in
                Entry.destroy(block.base.assumingMemoryBound(to: Entry.self), isTimed: isTimed)
            }
        }
        flights.deinitialize(count: shardCount)
        flights.deallocate()
        release()
    }

    @usableFromInline
    func release() {
        shards.deinitialize(count: shardCount)
        UnsafeMutableRawPointer(shards).deallocate()
        budget.deinitialize(count: 1)
        budget.deallocate()
        counters.deallocate()
    }

    /// The number of shards.
    @inlinable
    public var shardCount: Int { Int(truncatingIfNeeded: shardMask) &+ 1 }

    @inlinable @inline(__always)
    func shardIndex(of hash: UInt64) -> Int { Int(truncatingIfNeeded: (hash &>> 8) & shardMask) }

    /// The shard of a key's hash: the bits above the fingerprint's.
    @inlinable @inline(__always)
    func shard(of hash: UInt64) -> CacheShardAddress { shards + shardIndex(of: hash) }
}
