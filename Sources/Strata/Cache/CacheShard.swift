public import Synchronization

/// One shard of a cache: a table of entries, the policy that decides which of them go, and their deadlines.
///
///     byte 0     table, words, header, mask   read by every lookup, written when the policy grows or adapts
///     byte 128   lock and bookkeeping         written by every write
///
/// Invariants:
/// - I1. Everything but the first line and the two figures is touched only under `lock`; what the first line's words point
///   to is read under a pin.
/// - I2. `entries[slot]` is the entry that the policy has in that slot, and the table's for its key; `nil` for a free slot.
/// - I3. `words` is what the policy's recorder points to. Former ones are retired to the epoch. An entry is published after the
///   words that have a place for its slot, so that a reader who loads the entry first finds it.
/// - I4. When a write ends, the entries weigh no more than `allowance`, unless it has evicted `evictionsPerHold` entries and
///   goes on with that after a moment.
@usableFromInline
struct CacheShard: ~Copyable {
    /// Nothing, for the same reason as in `MapShard`.
    let start: UInt64 = 0
    @usableFromInline let table = PointerTable()
    /// The words of the policy's recorder.
    ///
    /// Readers acquire, the holder of the lock releases.
    @usableFromInline let words: Atomic<UnsafeMutablePointer<UInt64>>
    /// The header of the policy's recorder.
    @usableFromInline let header: UnsafeMutablePointer<UInt64>
    /// The mask of the policy's recorder; relaxed: any of them will do.
    @usableFromInline let sampleMask: Atomic<UInt64>
    /// Where the policy's ghosts are, for asking for them ahead; relaxed, both: it doesn't matter if they don't match.
    let ghostPlaces: Atomic<UnsafeMutablePointer<UInt32>>
    let ghostSetCount: Atomic<UInt32>
    private let readerPadding = InlineArray<9, UInt64>(repeating: 0)

    @usableFromInline let lock = ShardLock()
    /// Loads under way whose results may still be stored.
    @usableFromInline var flightCount = 0
    var policy: CachePolicy
    /// The entries by slot; those from `slotCapacity` of the policy on don't exist.
    var entries: UnsafeMutablePointer<CacheResident?>
    var deadlines: SlotDeadlines
    var retired = RetireList()
    /// What the entries may weigh.
    var allowance: Int64
    var sizeEvictionCount = 0
    var expirationCount = 0
    var evictedWeight: UInt64 = 0
    /// Entries and what they weigh.
    ///
    /// Stored under the lock, read by anyone; relaxed: figures.
    let liveCount = Atomic<Int>(0)
    let heldWeight = Atomic<UInt64>(0)
    private let writerPadding = InlineArray<16, UInt64>(repeating: 0)

    /// How many entries one hold of the lock evicts at most.
    @inlinable static var evictionsPerHold: Int { 32 }
    /// How many deadlines a write looks at.
    @inlinable static var deadlinesPerWrite: Int { 4 }

    init(allowance: Int64, expectedCount: Int, slotCapacity: Int, isTimed: Bool, seed: UInt64) {
        policy = CachePolicy(
            maximumWeight: .max, expectedCount: expectedCount, slotCapacity: slotCapacity, seed: seed)
        let recorder = policy.recorder
        words = Atomic(recorder.words)
        header = recorder.header
        sampleMask = Atomic(recorder.sampleMask)
        ghostPlaces = Atomic(policy.ghosts.places)
        ghostSetCount = Atomic(policy.ghosts.setCount)
        entries = .allocate(capacity: policy.slotCapacity)
        deadlines = SlotDeadlines(capacity: isTimed ? policy.slotCapacity : 0)
        self.allowance = allowance
    }

    deinit { entries.deallocate() }
}

/// An entry by its slot, with its hash, so that finding it in the table needn't touch the entry itself.
struct CacheResident {
    let block: CacheBlock
    let hash: UInt64

    init(_ block: CacheBlock) {
        self.block = block
        hash = block.hash
    }
}

/// The address of a shard.
///
/// It stays the same for the life of the cache.
@usableFromInline
typealias CacheShardAddress = UnsafeMutablePointer<CacheShard>

extension CacheShardAddress {
    /// Records a hit for the policy.
    ///
    /// With or without the lock; the caller is pinned and has loaded the entry before (I3).
    @inlinable @inline(__always)
    func recordHit(_ block: CacheBlock) {
        // acquiring: pairs with the releasing store in grow(garbage:); the words are complete.
        let words = pointee.words.load(ordering: .acquiring)
        let mask = pointee.sampleMask.load(ordering: .relaxed)
        HitRecorder(words: words, header: pointee.header, sampleMask: mask).recordHit(block.slot, hash: block.hash)
    }

    /// Asks the processor for what an insertion will touch, before the lock is taken.
    @usableFromInline @inline(never)
    func prefetchInsertion(_ hash: UInt64) {
        GhostTable.prefetch(
            fragment: ReuseWord.fragment(of: hash), pointee.ghostPlaces.load(ordering: .relaxed),
            setCount: pointee.ghostSetCount.load(ordering: .relaxed))
    }

    /// What the entries weigh.
    var heldWeight: UInt64 { pointee.heldWeight.load(ordering: .relaxed) }

    /// How many entries there are, expired ones included.
    var liveCount: Int { pointee.liveCount.load(ordering: .relaxed) }
}
