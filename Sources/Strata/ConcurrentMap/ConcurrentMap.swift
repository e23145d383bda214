import CStrata

/// A hash map that any number of threads read without a lock while others write.
///
/// Use it for state that all requests share: sessions, connections, rate counters, compiled templates. A plain
/// `Dictionary` in one task or actor is faster where nothing is shared; a map behind one lock is enough where a few
/// threads now and then take turns.
///
/// ```swift
/// let visits = ConcurrentMap<UInt64, Int>()
/// visits.update(userID) { $0 = ($0 ?? 0) + 1 }
/// if let count = visits[userID] { … }
/// ```
///
/// ## What concurrent users see
/// Operations on one key are linearizable: each takes effect at one moment between its call and its return, and what one
/// thread has seen, every later read of any thread sees. Operations on several keys (iteration, `values(forKeys:)`,
/// `count`) see each key at some moment of the call; `snapshot()` sees all keys at one moment.
///
/// Reads take no lock, never wait, and write nothing that threads share. Writes lock one shard of the map for tens of
/// nanoseconds. Growing and shrinking is spread over many writes: none moves more than 64 slots.
///
/// ## What the closures must not do
/// The closures of `update`, `merge` and `value(forKey:orInsert:)`, and `==` of keys, run while a shard is locked: they
/// must be short and must not use the same map. A closure that writes to its own shard, takes a snapshot or iterates would wait
/// for itself forever: the program is stopped instead. Destructors of keys and values never run under the lock and may use
/// the map.
///
/// ## Memory
/// A replaced or removed value is released when no reader can be looking at it any more, which a later write to the map
/// finds out: usually a few hundred writes later. `reclaim()` does it at once. Copies that reads have returned are the
/// caller's, as with any value.
///
/// Keys of up to 16 and values of up to 48 bytes without references are stored in the table itself: about 30 bytes per
/// entry for `UInt64` to `UInt64`. Another value for a key that has one of more than 8 bytes, and any entry with other
/// types, takes one allocation. For keys that are bytes see ``ShortBytes`` and ``ByteString``. Retain and release of a reference on its way out
/// of `subscript` is the only write a read of such a value does to shared memory.
///
/// ## Design
/// Shards are chosen by some bits of the hash and have an open-addressing table each: groups of 16 slots with one control
/// byte per slot, after Abseil's hash tables (Kulukundis, CppCon 2017). Positions are `mulhi(hash, groupCount)`, so that
/// any number of groups will do and hash order is table order. Memory that readers may hold is reclaimed by epochs
/// (Fraser, "Practical lock-freedom", 2004); see `Epoch`. `docs/design/0002-concurrent-map.md` has the reasons and the
/// measurements.
///
/// Invariants (those of the parts are with `MapShard` and `MapSlots`):
/// - I1. A key's entry is in the shard that its hash selects; the number of shards never changes.
/// - I2. Readers hold an epoch pin from before they load a shard's table until they have copied the value.
/// - I3. A reader looks in the previous table, if there is one, then in the newest. After a miss it loads the newest
///   table again and starts over if that has changed. An entry that is present throughout is found: if it is no longer
///   in the previous table, the reader has seen (acquire) the removal that was stored (release) after the copy; if it
///   has left the newest one, that is no longer the newest.
public final class ConcurrentMap<Key: Hashable & Sendable, Value: Sendable>: @unchecked Sendable {
    // Sendable because: (1) the stored properties are immutable; (2) the shards behind the pointer follow MapShard's
    // invariants: readers go through atomics under an epoch pin, writers through the shard's lock; (3) keys and values
    // are Sendable.

    @usableFromInline typealias Slots = MapSlots<Key, Value>

    /// Keeps the words below off the cache line of the object's reference count.
    private let padding = InlineArray<14, UInt64>(repeating: 0)
    @usableFromInline let shards: ShardAddress
    @usableFromInline let shardMask: UInt64
    @usableFromInline let hashKey: HashKey
    @usableFromInline let probe = OperationProbe()

    /// Creates an empty map.
    ///
    /// - Parameters:
    ///   - minimumCapacity: Entries to make room for at once. Growing later costs little: see `reserveCapacity(_:)`.
    ///   - shardCount: How many writers can work at the same time, rounded up to a power of two of at most 65 536. By
    ///     default four per core, at least 32.
    ///   - hashKey: The secret of the hash function. Give one only to make a test repeatable: with a known key, strangers
    ///     can choose keys that collide.
    /// - Complexity: O(shardCount): 512 bytes per shard, and nothing per shard is allocated before it is used.
    public init(minimumCapacity: Int = 0, shardCount: Int? = nil, hashKey: HashKey = HashKey()) {
        let wished = Swift.min(Swift.max(shardCount ?? Swift.max(Int(strata_available_cores()) * 4, 32), 1), 1 << 16)
        let count = 1 << (Int.bitWidth - (wished - 1).leadingZeroBitCount)
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: count * MemoryLayout<MapShard>.stride, alignment: 128)
        shards = memory.bindMemory(to: MapShard.self, capacity: count)
        for index in 0..<count { (shards + index).initialize(to: MapShard(index: index)) }
        shardMask = UInt64(count - 1)
        self.hashKey = hashKey
        MapHashing.prepare(for: Key.self)
        if minimumCapacity > 0 { reserveCapacity(minimumCapacity) }
    }

    @inlinable
    deinit {
        // No reader or writer is inside: they would hold a reference to the map.
        for index in 0..<shardCount {
            let shard = shards + index
            Slots.destroyAll(in: shard.lockedTable)
            shard.pointee.retired.drain { entry, _ in Slots.destroy(entry) }
            shard.pointee.graveyard.releaseAll()
            shard.deinitialize(count: 1)
        }
        UnsafeMutableRawPointer(shards).deallocate()
    }

    /// The number of shards.
    @inlinable
    public var shardCount: Int { Int(truncatingIfNeeded: shardMask) &+ 1 }

    /// The shard of a key's hash: the bits above the fingerprint's.
    @inlinable @inline(__always)
    func shard(of hash: UInt64) -> ShardAddress {
        shards + Int(truncatingIfNeeded: (hash &>> 8) & shardMask)
    }
}
