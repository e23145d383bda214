/// What the writers of one shard have unlinked and not yet reclaimed, oldest first.
///
/// A list belongs to one shard and is touched only under that shard's lock. Its owner says how to free an element when
/// it collects, so that the list stores plain pointers: 24 bytes per retired element in a ring that doubles when full.
///
/// Invariants:
/// - I1. Tags never decrease from head to tail: they are read from the global epoch under the lock, in order.
/// - I2. An element leaves the ring exactly once: in `collect` after its grace period, or in `drain` when no reader can
///   exist.
@frozen
@usableFromInline
struct RetireList: ~Copyable {
    @usableFromInline
    struct Element: BitwiseCopyable {
        @usableFromInline var pointer: UnsafeMutableRawPointer
        @usableFromInline var tag: UInt64
        @usableFromInline var byteCount: Int

        @inlinable
        init(pointer: UnsafeMutableRawPointer, tag: UInt64, byteCount: Int) {
            self.pointer = pointer
            self.tag = tag
            self.byteCount = byteCount
        }
    }

    @usableFromInline var ring: UnsafeMutablePointer<Element>?
    @usableFromInline var capacity: Int
    @usableFromInline var head: Int
    /// How many elements wait.
    @usableFromInline var count: Int
    /// The bytes the waiting elements hold, as their owner stated them.
    @usableFromInline var byteCount: Int
    /// What has been retired since the last attempt to move the epoch on.
    @usableFromInline var retiredSinceAdvance: Int
    @usableFromInline var bytesSinceAdvance: Int

    /// One process-wide barrier serves this many retirements: about 10 ns each.
    @inlinable static var advanceInterval: Int { 128 }
    /// Large elements don't wait for a full interval.
    @inlinable static var advanceByteInterval: Int { 1 << 20 }
    /// How many elements one write frees at most: twice the rate of retirement, so that the list drains.
    @inlinable static var collectLimit: Int { 4 }
    /// How many it frees at most while more than `advanceByteInterval` waits: the backlog of a reader that stayed long
    /// is gone soon, and still no write pays for all of it.
    @inlinable static var hurriedCollectLimit: Int { 64 }
    /// A ring for this many elements or more is given back once it is empty.
    @inlinable static var largeCapacity: Int { 1024 }

    /// An empty list; allocates nothing.
    @inlinable
    init() {
        ring = nil
        capacity = 0
        head = 0
        count = 0
        byteCount = 0
        retiredSinceAdvance = 0
        bytesSinceAdvance = 0
    }

    /// Frees the ring, not the elements: drain the list first.
    @inlinable
    deinit {
        assert(count == 0, "retired elements must be drained by their owner")
        ring?.deallocate()
    }

    /// Adds an element that was unlinked before the call, and frees a few older ones whose grace period is over.
    ///
    /// - Parameters:
    ///   - pointer: What was unlinked: no new reader finds it.
    ///   - byteCount: The memory it holds, for `byteCount` and for the pace of reclamation.
    ///   - free: Frees one element, given its pointer and byte count.
    /// - Complexity: Amortised O(1); at most 4 calls of `free`, or 64 while more than 1 MiB waits.
    @inlinable @inline(__always)
    mutating func retire(
        _ pointer: UnsafeMutableRawPointer, byteCount: Int, free: (UnsafeMutableRawPointer, Int) -> Void
    ) {
        append(pointer, byteCount: byteCount, interval: Self.advanceInterval)
        collect(
            limit: self.byteCount > Self.advanceByteInterval ? Self.hurriedCollectLimit : Self.collectLimit, free: free)
    }

    /// Adds an element that was unlinked before the call, and frees one older one, more only after a jam.
    ///
    /// For elements that a next one is soon allocated for: the allocator finds again what has just been freed.
    ///
    /// - Parameters:
    ///   - pointer: What was unlinked: no new reader finds it.
    ///   - byteCount: The memory it holds.
    ///   - interval: After how many retirements the epoch is to move on; about two of them wait.
    ///   - free: Frees one element, given its pointer and byte count.
    @inlinable @inline(__always)
    mutating func retireSteadily(
        _ pointer: UnsafeMutableRawPointer, byteCount: Int, interval: Int,
        free: (UnsafeMutableRawPointer, Int) -> Void
    ) {
        append(pointer, byteCount: byteCount, interval: interval)
        collect(limit: count > 4 &* interval ? Self.collectLimit : 1, free: free)
    }

    @inlinable @inline(__always)
    mutating func append(_ pointer: UnsafeMutableRawPointer, byteCount: Int, interval: Int) {
        if count == capacity { growRing() }
        ring.unsafelyUnwrapped[(head &+ count) & (capacity &- 1)] = Element(
            pointer: pointer, tag: Epoch.current, byteCount: byteCount)
        count &+= 1
        self.byteCount &+= byteCount
        retiredSinceAdvance &+= 1
        bytesSinceAdvance &+= byteCount
        if retiredSinceAdvance >= interval || bytesSinceAdvance >= Self.advanceByteInterval {
            retiredSinceAdvance = 0
            bytesSinceAdvance = 0
            Epoch.advance()
        }
    }

    /// Frees elements whose grace period is over.
    ///
    /// - Parameters:
    ///   - limit: How many at most.
    ///   - free: Frees an element, given its address and size.
    @inlinable @inline(__always)
    mutating func collect(limit: Int, free: (UnsafeMutableRawPointer, Int) -> Void) {
        guard count > 0 else { return }
        let safe = Epoch.safe
        var left = limit
        while count > 0, left > 0 {
            let element = ring.unsafelyUnwrapped[head]
            guard element.tag &+ 1 < safe else { return }
            head = (head &+ 1) & (capacity &- 1)
            count &-= 1
            byteCount &-= element.byteCount
            left &-= 1
            free(element.pointer, element.byteCount)
        }
        if count == 0, capacity >= Self.largeCapacity { releaseRing() }
    }

    /// Tries to move the epoch on as far as needed and frees everything whose grace period is over: for idle moments.
    @inlinable
    mutating func flush(free: (UnsafeMutableRawPointer, Int) -> Void) {
        guard count > 0 else { return }
        for _ in 0..<3 { Epoch.advance() }
        collect(limit: count, free: free)
    }

    /// Frees everything at once.
    ///
    /// Only for an owner that no reader can reach any more.
    @inlinable
    mutating func drain(free: (UnsafeMutableRawPointer, Int) -> Void) {
        while count > 0 {
            let element = ring.unsafelyUnwrapped[head]
            head = (head &+ 1) & (capacity &- 1)
            count &-= 1
            free(element.pointer, element.byteCount)
        }
        byteCount = 0
    }

    @usableFromInline @inline(never)
    mutating func growRing() {
        let newCapacity = max(capacity * 2, 16)
        let newRing = UnsafeMutablePointer<Element>.allocate(capacity: newCapacity)
        for index in 0..<count {
            newRing[index] = ring.unsafelyUnwrapped[(head &+ index) & (capacity &- 1)]
        }
        ring?.deallocate()
        ring = newRing
        capacity = newCapacity
        head = 0
    }

    @usableFromInline @inline(never)
    mutating func releaseRing() {
        ring?.deallocate()
        ring = nil
        capacity = 0
        head = 0
    }

    /// The bytes of the ring itself.
    @inlinable
    var ringByteCount: Int { capacity * MemoryLayout<Element>.stride }
}
