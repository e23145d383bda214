public import CStrata
import Synchronization

/// What a cache knows of an entry without knowing its types.
@frozen
@usableFromInline
struct CacheEntryHeader {
    /// The hash of the key.
    ///
    /// After the grace period the word chains the entry into a `CacheGarbage`.
    @usableFromInline var hash: UInt64
    /// The policy's slot for it, the same for all entries that one key has in a row.
    @usableFromInline var slot: UInt32
    /// Its cost towards the bound.
    @usableFromInline let weight: UInt32

    @inlinable @inline(__always)
    init(hash: UInt64, weight: UInt32) {
        self.hash = hash
        slot = 0
        self.weight = weight
    }
}

/// One key and its value on the heap.
///
/// An entry never changes after it was published: another value for the key is another entry. In a cache that uses time,
/// two words precede it:
///
///     byte −16         −8           0          8        12         16
///          │ deadline 8 │ written 8 │ hash 8 │ slot 4 │ weight 4 │ key │ value │
///
/// - `deadline`: nanoseconds of the cache's clock, the greatest number for none. Readers store it (relaxed) where reading
///   prolongs life; the writer that inserts the entry stores it before that.
/// - `written`: when the entry was made; its lowest bit says that somebody has begun to refresh it. Readers set that bit
///   by compare-and-exchange; the holder of the shard's lock clears it.
@frozen
@usableFromInline
struct CacheEntry<Key, Value> {
    @usableFromInline var header: CacheEntryHeader
    @usableFromInline let key: Key
    @usableFromInline let value: Value

    @inlinable @inline(__always)
    init(header: CacheEntryHeader, key: Key, value: Value) {
        self.header = header
        self.key = key
        self.value = value
    }

    /// The bytes in front of an entry.
    @inlinable @inline(__always)
    static func prefixByteCount(isTimed: Bool) -> Int {
        isTimed ? max(CacheBlock.timesByteCount, MemoryLayout<Self>.alignment) : 0
    }

    /// Makes an entry that nobody knows yet.
    @inlinable
    static func allocate(
        isTimed: Bool, hash: UInt64, weight: UInt32, key: Key, value: Value
    ) -> UnsafeMutablePointer<Self> {
        let prefix = prefixByteCount(isTimed: isTimed)
        let byteCount = prefix + MemoryLayout<Self>.size
        // The allocator's own function is quicker than Swift's, which asks it for an alignment that it gives anyway.
        let memory =
            MemoryLayout<Self>.alignment <= 16
            ? strata_allocate(byteCount).unsafelyUnwrapped
            : UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: MemoryLayout<Self>.alignment)
        let entry = (memory + prefix).bindMemory(to: Self.self, capacity: 1)
        entry.initialize(
            to: Self(header: CacheEntryHeader(hash: hash, weight: weight), key: key, value: value))
        return entry
    }

    /// Frees an entry that nobody can reach; runs the destructors of its key and value.
    @inlinable
    static func destroy(_ entry: UnsafeMutablePointer<Self>, isTimed: Bool) {
        entry.deinitialize(count: 1)
        let memory = UnsafeMutableRawPointer(entry) - prefixByteCount(isTimed: isTimed)
        if MemoryLayout<Self>.alignment <= 16 { strata_deallocate(memory) } else { memory.deallocate() }
    }
}

/// An entry whose types don't matter.
@frozen
@usableFromInline
struct CacheBlock: BitwiseCopyable, Equatable {
    @usableFromInline let base: UnsafeMutableRawPointer

    @inlinable @inline(__always)
    init(_ base: UnsafeMutableRawPointer) { self.base = base }

    /// The bytes of `deadline` and `written`.
    @inlinable static var timesByteCount: Int { 16 }
    /// No deadline at all.
    @inlinable static var noDeadline: Int64 { .max }
    /// The bit of `written` that says that a refresh was begun.
    @inlinable static var refreshBit: UInt64 { 1 }

    // SAFETY of all accessors: a CacheEntry of any types begins with its header, and has the two words in front if its
    // cache is timed, which the caller knows.

    @inlinable @inline(__always)
    var header: UnsafeMutablePointer<CacheEntryHeader> { base.assumingMemoryBound(to: CacheEntryHeader.self) }

    @inlinable @inline(__always)
    var hash: UInt64 { header.pointee.hash }

    @inlinable @inline(__always)
    var slot: UInt32 { header.pointee.slot }

    @inlinable @inline(__always)
    var weight: UInt32 { header.pointee.weight }

    /// When the entry ends; only in a timed cache.
    ///
    /// relaxed, both ways: the word stands for itself.
    @inlinable
    var deadline: Int64 {
        @inline(__always) get { Int64(bitPattern: AtomicWord(base - 16).loadRelaxed()) }
        @inline(__always) nonmutating set { AtomicWord(base - 16).storeRelaxed(UInt64(bitPattern: newValue)) }
    }

    @inlinable @inline(__always)
    var writtenWord: AtomicWord { AtomicWord(base - 8) }

    /// When the entry was made; only in a timed cache.
    @inlinable @inline(__always)
    var written: Int64 { Int64(bitPattern: writtenWord.loadRelaxed() & ~Self.refreshBit) }

    /// Sets both times of an entry that nobody knows yet.
    @inlinable @inline(__always)
    func setTimes(written: Int64, deadline: Int64) {
        self.deadline = deadline
        writtenWord.storeRelaxed(UInt64(bitPattern: written) & ~Self.refreshBit)
    }

    /// Whether the caller is the one to refresh the entry.
    @usableFromInline
    func claimRefresh() -> Bool {
        let word = writtenWord.loadRelaxed()
        guard word & Self.refreshBit == 0 else { return false }
        // relaxed: who wins is all that matters.
        return writtenWord.storage.pointee.compareExchange(
            expected: word, desired: word | Self.refreshBit, ordering: .relaxed
        ).exchanged
    }

    /// Lets somebody else try to refresh the entry.
    @usableFromInline
    func abandonRefresh() { writtenWord.storeRelaxed(UInt64(bitPattern: written)) }
}

/// Entries whose grace period is over, collected under a shard's lock to be destroyed after it is released.
///
/// They are chained through their hash words.
@frozen
@usableFromInline
struct CacheGarbage {
    @usableFromInline var first: UnsafeMutableRawPointer?

    @inlinable @inline(__always)
    init() { first = nil }

    /// Takes in what a retire list lets go: an entry, which was retired with no size, or an array, which is freed.
    @inlinable @inline(__always)
    mutating func take(_ memory: UnsafeMutableRawPointer, _ byteCount: Int) {
        guard byteCount == 0 else { return memory.deallocate() }
        CacheBlock(memory).header.pointee.hash = UInt64(UInt(bitPattern: first))
        first = memory
    }

    /// Takes one entry out.
    @inlinable @inline(__always)
    mutating func next() -> UnsafeMutableRawPointer? {
        guard let entry = first else { return nil }
        first = UnsafeMutableRawPointer(bitPattern: UInt(truncatingIfNeeded: CacheBlock(entry).hash))
        return entry
    }
}
