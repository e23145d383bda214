/// Finds blocks whose deadline has passed, without being told when a deadline moves to a later time or goes away.
///
/// Most deadlines never fire: keys are refreshed, overwritten or removed before. So nothing is removed from the heap
/// when a deadline changes. A block is *covered* when the heap holds an item with its hash at or before its earliest
/// deadline; only a deadline that is earlier than before needs another item. An item that comes up too early is put
/// back with the deadline the block really has, one without a block is dropped.
///
/// What is left of removed blocks would pile up (a lock key is set with a long deadline and removed a thousand times a
/// second). When more than half of the heap must be garbage, the heap becomes the *retiring* one and each further push
/// takes a few items from it and keeps those that still cover something. A block's owner byte names the heap that covers
/// it, so that of several items for one block only one is kept.
///
/// Invariants, kept under the lock of whoever owns the index:
/// - I1. A block with a deadline in the owner's table has an owner byte other than 0, and the heap of that generation has
///   an item with its hash at or before its earliest deadline.
/// - I2. `coveredCount` is the number of blocks in the table with an owner byte other than 0.
struct DeadlineIndex {
    private var heap = DeadlineHeap()
    private var retiring = DeadlineHeap()
    /// The owner byte of blocks that `heap` covers: 1 or 2.
    ///
    /// The other one stands for `retiring`.
    private var generation: UInt8 = 1
    /// How many blocks are covered.
    private(set) var coveredCount = 0

    /// The owner byte of a block without deadlines.
    static let uncovered: UInt8 = 0

    /// The fewest items worth sweeping: 1 KiB.
    private static let smallestSweep = 64
    /// Items looked at per push during a sweep.
    ///
    /// With 2 or more it ends, because a push adds one.
    private static let sweepStep = 4

    /// An empty index; allocates nothing.
    init() {}

    /// The memory of the index.
    var byteCount: Int { heap.byteCount + retiring.byteCount }
    /// How many items there are.
    var itemCount: Int { heap.count + retiring.count }

    /// No block has a deadline before this one; `Deadline.none` if no block has any.
    var earliest: Int64 { coveredCount == 0 ? Deadline.none : min(heap.earliest, retiring.earliest) }

    /// Keeps I1 and I2 when a block appears, changes its deadlines or disappears.
    ///
    /// - Parameters:
    ///   - hash: The hash of the block's key.
    ///   - oldOwner: The owner byte before, `uncovered` if there was no block.
    ///   - oldEarliest: A time not after the block's earliest deadline before, which the covering item doesn't exceed.
    ///   - block: The block from here on, whose owner byte is set; `nil` if it disappears.
    ///   - earliest: Its earliest deadline.
    ///   - find: The block in the table for a hash, for sweeping.
    ///   - earliestOf: The earliest deadline of a block, for sweeping.
    @inline(__always)
    mutating func cover(
        hash: UInt64, oldOwner: UInt8, oldEarliest: Int64, block: EntryBlock?, earliest: Int64,
        find: (UInt64) -> EntryBlock?, earliestOf: (EntryBlock) -> Int64
    ) {
        guard let block, earliest != Deadline.none else {
            block?.ownerByte = Self.uncovered
            if oldOwner != Self.uncovered { uncoverOne() }
            return
        }
        if oldOwner != Self.uncovered, earliest >= oldEarliest {
            block.ownerByte = oldOwner
            return
        }
        if oldOwner == Self.uncovered { coveredCount += 1 }
        block.ownerByte = generation
        heap.push(DeadlineHeap.Item(deadline: earliest, hash: hash))
        sweep(find: find, earliestOf: earliestOf)
    }

    /// Removes and returns an item that is due and names the owner byte of the block that it may cover.
    mutating func popDue(now: Int64) -> (item: DeadlineHeap.Item, owner: UInt8)? {
        if heap.earliest <= retiring.earliest {
            guard Deadline.hasPassed(heap.earliest, at: now), let item = heap.popFirst() else { return nil }
            return (item, generation)
        }
        guard Deadline.hasPassed(retiring.earliest, at: now), let item = retiring.popFirst() else { return nil }
        return (item, retiringGeneration)
    }

    /// Covers a block again whose covering item was popped.
    mutating func putBack(_ block: EntryBlock, hash: UInt64, earliest: Int64) {
        block.ownerByte = generation
        heap.push(DeadlineHeap.Item(deadline: earliest, hash: hash))
    }

    /// The item at a place, for sampling; places wrap around.
    ///
    /// Garbage is possible.
    func item(at place: UInt64) -> DeadlineHeap.Item? {
        guard itemCount > 0 else { return nil }
        let index = Int(place % UInt64(itemCount))
        return index < heap.count ? heap[index] : retiring[index - heap.count]
    }

    /// One of the items with the earliest deadlines: the first few places of each heap in turn.
    func earlyItem(_ index: Int) -> DeadlineHeap.Item? {
        let place = index / 2
        let chosen = index & 1 == 0 ? heap : retiring
        return place < chosen.count ? chosen[place] : nil
    }

    /// Forgets everything and gives the memory back.
    mutating func deallocate() {
        heap.deallocate()
        retiring.deallocate()
        coveredCount = 0
    }

    private var retiringGeneration: UInt8 { 3 - generation }

    private mutating func uncoverOne() {
        coveredCount -= 1
        if coveredCount == 0 { deallocate() }
    }

    private mutating func sweep(find: (UInt64) -> EntryBlock?, earliestOf: (EntryBlock) -> Int64) {
        if retiring.count == 0 {
            guard heap.count > 2 * coveredCount + Self.smallestSweep else { return }
            swap(&heap, &retiring)
            generation = 3 - generation
        }
        for _ in 0..<Self.sweepStep {
            guard let item = retiring.popAny() else { return }
            guard let block = find(item.hash), block.ownerByte == retiringGeneration else { continue }
            putBack(block, hash: item.hash, earliest: earliestOf(block))
        }
    }
}
