/// Which slots of a cache's shard have a deadline, and which ends first.
///
/// A 4-ary heap with at most one item per slot of the policy, and the place of each slot's item beside it. An item may be
/// early, because reads prolong lives without telling, or stand for an entry that is gone: it is looked at when its time
/// comes, and put off or dropped. So prolonging, replacing and removing cost nothing here, an entry in a slot that has an
/// item mostly nothing either, and there is no garbage but one item per free slot.
///
/// Invariants, kept under the shard's lock:
/// - I1. A slot with an entry that has a deadline has an item, not later than that deadline.
/// - I2. `places[slot]` is the place of the slot's item, `noPlace` if it has none.
struct SlotDeadlines: ~Copyable {
    private struct Item {
        var deadline: Int64
        var slot: UInt32
    }

    private static let noPlace = UInt32.max

    private var items: UnsafeMutablePointer<Item>
    private var places: UnsafeMutablePointer<UInt32>
    /// How many slots there is room for.
    ///
    /// Places from `knownSlots` on are uninitialised.
    private var capacity: Int
    private var knownSlots = 0
    /// How many items there are.
    private(set) var count = 0

    /// Deadlines of so many slots; room that isn't used isn't touched.
    init(capacity: Int) {
        self.capacity = capacity
        items = .allocate(capacity: capacity)
        places = .allocate(capacity: capacity)
    }

    deinit {
        items.deallocate()
        places.deallocate()
    }

    /// The earliest deadline of any item, `CacheBlock.noDeadline` without one.
    var earliest: Int64 { count == 0 ? CacheBlock.noDeadline : items[0].deadline }

    /// The slot of the earliest item.
    ///
    /// There is one.
    var firstSlot: UInt32 { items[0].slot }

    /// Makes room for more slots.
    mutating func grow(capacity: Int) {
        let newItems = UnsafeMutablePointer<Item>.allocate(capacity: capacity)
        let newPlaces = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
        newItems.update(from: items, count: count)
        newPlaces.update(from: places, count: knownSlots)
        items.deallocate()
        places.deallocate()
        items = newItems
        places = newPlaces
        self.capacity = capacity
    }

    /// Keeps I1 when the entry in a slot gets a deadline.
    ///
    /// - Complexity: O(1) unless the deadline is earlier than that of the slot's item; O(log count) then.
    mutating func set(_ deadline: Int64, of slot: UInt32) {
        guard deadline != CacheBlock.noDeadline else { return }
        while knownSlots <= Int(slot) {
            places[knownSlots] = Self.noPlace
            knownSlots += 1
        }
        let place = places[Int(slot)]
        if place == Self.noPlace {
            count += 1
            rise(Item(deadline: deadline, slot: slot), from: count - 1)
        } else if deadline < items[Int(place)].deadline {
            rise(Item(deadline: deadline, slot: slot), from: Int(place))
        }
    }

    /// Takes the earliest item out.
    mutating func removeFirst() {
        places[Int(items[0].slot)] = Self.noPlace
        count -= 1
        if count > 0 { sink(items[count]) }
    }

    /// Puts the earliest item off.
    mutating func postponeFirst(to deadline: Int64) { sink(Item(deadline: deadline, slot: items[0].slot)) }

    private mutating func put(_ item: Item, _ place: Int) {
        items[place] = item
        places[Int(item.slot)] = UInt32(truncatingIfNeeded: place)
    }

    private mutating func rise(_ item: Item, from start: Int) {
        var place = start
        while place > 0 {
            let parent = (place - 1) / 4
            guard item.deadline < items[parent].deadline else { break }
            put(items[parent], place)
            place = parent
        }
        put(item, place)
    }

    private mutating func sink(_ item: Item) {
        var place = 0
        while true {
            let firstChild = place * 4 + 1
            guard firstChild < count else { break }
            var least = firstChild
            for child in (firstChild + 1)..<(firstChild + 4) where child < count {
                if items[child].deadline < items[least].deadline { least = child }
            }
            guard items[least].deadline < item.deadline else { break }
            put(items[least], place)
            place = least
        }
        put(item, place)
    }

    /// What is wrong, nothing if all is well.
    func checkInvariants(deadlineOf: (UInt32) -> Int64?) -> [String] {
        var problems: [String] = []
        for place in 0..<count {
            if places[Int(items[place].slot)] != UInt32(place) { problems.append("place of slot \(items[place].slot)") }
            if place > 0, items[place].deadline < items[(place - 1) / 4].deadline {
                problems.append("heap at \(place)")
            }
        }
        for slot in 0..<UInt32(capacity) {
            guard let deadline = deadlineOf(slot), deadline != CacheBlock.noDeadline else { continue }
            let place = Int(slot) < knownSlots ? places[Int(slot)] : Self.noPlace
            if place == Self.noPlace || items[Int(place)].deadline > deadline { problems.append("slot \(slot)") }
        }
        return problems
    }
}
