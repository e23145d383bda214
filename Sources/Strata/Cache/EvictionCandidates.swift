/// The few entries worth least that were seen so far, so that a draw of 32 finds about what a draw of all would.
///
/// They are kept in order, the one worth least last: taking it out costs nothing, and what is worth more than the first
/// is told off by one comparison.
struct EvictionCandidates {
    /// How many there are at most.
    static let limit = 8
    /// How many there are.
    private(set) var count = 0
    /// Nothing worth so much is taken in.
    private(set) var ceiling = Float.infinity
    private var slots = InlineArray<8, UInt32>(repeating: 0)
    private var worths = InlineArray<8, Float>(repeating: 0)

    /// The slot at a place below `count`.
    subscript(place: Int) -> UInt32 { slots[place] }

    /// Takes in an entry if it isn't among them and there is room or one is worth more.
    @inline(__always)
    mutating func offer(_ slot: UInt32, worth: Float) {
        if worth < ceiling { takeIn(slot, worth: worth) }
    }

    @inline(never)
    private mutating func takeIn(_ slot: UInt32, worth: Float) {
        for place in 0..<count where slots[place] == slot { return }
        var place: Int
        if count < Self.limit {
            place = count
            count += 1
            while place > 0, worths[place - 1] <= worth {
                slots[place] = slots[place - 1]
                worths[place] = worths[place - 1]
                place -= 1
            }
        } else {
            // The first one makes room.
            place = 0
            while place + 1 < Self.limit, worths[place + 1] > worth {
                slots[place] = slots[place + 1]
                worths[place] = worths[place + 1]
                place += 1
            }
        }
        slots[place] = slot
        worths[place] = worth
        if count == Self.limit { ceiling = worths[0] }
    }

    /// Takes out the one worth least.
    mutating func takeLeast() -> UInt32? {
        guard count > 0 else { return nil }
        count -= 1
        ceiling = .infinity
        return slots[count]
    }
}
