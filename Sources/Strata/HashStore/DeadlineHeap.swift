import CStrata

/// A min-heap of deadlines with the hashes of what they belong to.
///
/// Items are never looked up and never removed from the middle: what is in the heap is only a hint to look at the
/// entries with that hash when the time comes. A 4-ary heap in one block: half as deep as a binary one, and the four
/// children of an item share one cache line.
///
/// The owner's lock guards it. It has to be ended with `deallocate()`.
struct DeadlineHeap {
    /// One hint: something with this hash may have a deadline at this tick.
    struct Item {
        var deadline: Int64
        var hash: UInt64
    }

    private var items: UnsafeMutablePointer<Item>?
    private var capacity = 0
    /// How many items there are.
    private(set) var count = 0

    private static let smallestCapacity = 8

    /// An empty heap; allocates nothing.
    init() {}

    /// The memory of the heap.
    var byteCount: Int { items.map { strata_allocation_size($0) } ?? 0 }

    /// The item with the earliest deadline.
    var first: Item? { count == 0 ? nil : items.unsafelyUnwrapped[0] }

    /// The earliest deadline, `Deadline.none` in an empty heap.
    var earliest: Int64 { count == 0 ? Deadline.none : items.unsafelyUnwrapped[0].deadline }

    /// The item at a place of the heap's array: the earlier the place, the earlier the deadline, roughly.
    subscript(place: Int) -> Item {
        assert(place >= 0 && place < count)
        return items.unsafelyUnwrapped[place]
    }

    /// Adds an item.
    ///
    /// - Complexity: O(log count); O(1) for a deadline that is later than most.
    mutating func push(_ item: Item) {
        if count == capacity { resize(to: max(capacity * 2, Self.smallestCapacity)) }
        let items = items.unsafelyUnwrapped
        var index = count
        count += 1
        while index > 0 {
            let parent = (index - 1) / 4
            guard item.deadline < items[parent].deadline else { break }
            items[index] = items[parent]
            index = parent
        }
        items[index] = item
    }

    /// Removes and returns the item with the earliest deadline.
    mutating func popFirst() -> Item? {
        guard count > 0 else { return nil }
        let items = items.unsafelyUnwrapped
        let result = items[0]
        count -= 1
        let last = items[count]
        var index = 0
        while true {
            let firstChild = index * 4 + 1
            guard firstChild < count else { break }
            var least = firstChild
            for child in (firstChild + 1)..<(firstChild + 4) where child < count {
                if items[child].deadline < items[least].deadline { least = child }
            }
            guard items[least].deadline < last.deadline else { break }
            items[index] = items[least]
            index = least
        }
        items[index] = last
        shrinkIfSparse()
        return result
    }

    /// Removes and returns some item, the cheapest to remove.
    mutating func popAny() -> Item? {
        guard count > 0 else { return nil }
        count -= 1
        let item = items.unsafelyUnwrapped[count]
        shrinkIfSparse()
        return item
    }

    /// Forgets all items and gives the memory back.
    mutating func deallocate() {
        strata_deallocate(items)
        items = nil
        capacity = 0
        count = 0
    }

    private mutating func shrinkIfSparse() {
        if capacity > Self.smallestCapacity, count <= capacity / 4 {
            if count == 0 { deallocate() } else { resize(to: capacity / 2) }
        }
    }

    private mutating func resize(to newCapacity: Int) {
        let block = strata_allocate(newCapacity * MemoryLayout<Item>.stride).unsafelyUnwrapped
        let newItems = block.bindMemory(to: Item.self, capacity: newCapacity)
        if let items {
            newItems.update(from: items, count: count)
            strata_deallocate(items)
        }
        items = newItems
        capacity = newCapacity
    }
}
