public import CStrata
public import Synchronization

/// The free places of an arena: several lists, so that threads meet at the same one only when theirs is empty.
///
/// Each list is one that threads push to and pop from without a lock (Treiber, "Systems programming: coping with parallelism", 1986), with a tag
/// against a head that went and came back. A thread uses the list of its number, and others when that has nothing.
///
/// Invariants:
/// - I1. A place is in one list at most. Who has popped it has it alone, until it pushes it.
@frozen
@usableFromInline
struct FreePlaces: @unchecked Sendable {
    // Sendable because the addresses never change and what they point to are atomic words.

    /// One word in two cache lines: the first free place plus one in the lower half, 0 for none; in the upper half a tag that grows with every
    /// change.
    @usableFromInline let heads: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let listMask: Int
    /// The next free place of each that is free, plus one; 0 ends the list.
    @usableFromInline let links: UnsafeMutablePointer<Atomic<UInt32>>
    private let capacity: Int

    /// Words from one head to the next.
    @inlinable static var headStride: Int { 16 }

    /// All places below `capacity`, dealt out to the lists in pieces.
    init(capacity: Int, listCount: Int) {
        self.capacity = capacity
        listMask = listCount - 1
        let words = listCount * Self.headStride
        heads = UnsafeMutableRawPointer.allocate(byteCount: words * 8, alignment: 128)
            .bindMemory(to: Atomic<UInt64>.self, capacity: words)
        links = .allocate(capacity: max(capacity, 1))
        for word in 0..<words { (heads + word).initialize(to: Atomic(0)) }
        for list in 0..<listCount {
            let piece = capacity * list / listCount..<capacity * (list + 1) / listCount
            for place in piece {
                (links + place).initialize(to: Atomic(place + 1 < piece.upperBound ? UInt32(place + 2) : 0))
            }
            // relaxed: nobody else has the lists yet.
            if !piece.isEmpty { heads[list * Self.headStride].store(UInt64(piece.lowerBound + 1), ordering: .relaxed) }
        }
    }

    func deallocate() {
        links.deinitialize(count: capacity)
        links.deallocate()
        UnsafeMutableRawPointer(heads).deallocate()
    }

    /// The list of the calling thread.
    @inlinable @inline(__always)
    var listOfThread: Int {
        Int(truncatingIfNeeded: strata_epoch_record_of_thread().unsafelyUnwrapped.pointee.index) & listMask
    }

    /// Takes a place out; `nil` if every list had nothing when it was looked at.
    @inlinable @inline(__always)
    func pop() -> UInt32? {
        let list = listOfThread
        return pop(from: list) ?? popElsewhere(than: list)
    }

    @inlinable @inline(never)
    func popElsewhere(than list: Int) -> UInt32? {
        for step in 0..<(listMask &+ 1) {
            if let place = pop(from: (list &+ step) & listMask) { return place }
        }
        return nil
    }

    @inlinable @inline(__always)
    func pop(from list: Int) -> UInt32? {
        let head = heads + list &* Self.headStride
        // acquiring: pairs with the release in push(), so that the link read here is the pusher's.
        var old = head.pointee.load(ordering: .acquiring)
        while true {
            let first = UInt32(truncatingIfNeeded: old)
            guard first > 0 else { return nil }
            // relaxed: a link that was changed since makes the exchange fail by the tag.
            let next = links[Int(first &- 1)].load(ordering: .relaxed)
            let result = head.pointee.weakCompareExchange(
                expected: old, desired: Self.successor(of: old, next), successOrdering: .acquiring,
                failureOrdering: .acquiring)
            if result.exchanged { return first &- 1 }
            old = result.original
        }
    }

    /// Puts a place in that the caller has alone.
    @inlinable @inline(__always)
    func push(_ place: UInt32) {
        let head = heads + listOfThread &* Self.headStride
        var old = head.pointee.load(ordering: .relaxed)
        while true {
            links[Int(place)].store(UInt32(truncatingIfNeeded: old), ordering: .relaxed)
            // releasing: publishes the link.
            let result = head.pointee.weakCompareExchange(
                expected: old, desired: Self.successor(of: old, place &+ 1), successOrdering: .releasing,
                failureOrdering: .relaxed)
            if result.exchanged { return }
            old = result.original
        }
    }

    @inlinable @inline(__always)
    static func successor(of head: UInt64, _ first: UInt32) -> UInt64 {
        ((head &>> 32 &+ 1) &<< 32) | UInt64(first)
    }
}
