/// The few entries worth least that were seen so far, so that a draw of a few dozen finds about what a draw of all would.
///
/// They are kept in order, the one worth least last: taking it out costs nothing, and what is worth more than the first
/// is told off by one comparison. Each is one word, so that one comparison orders two of them:
///
/// ```
/// 63                     32 31                     0
/// ┌────────────────────────┬────────────────────────┐
/// │ worth, a Float's bits  │          slot          │   worth is never negative, so its bits have its order
/// └────────────────────────┴────────────────────────┘
/// ```
struct EvictionCandidates: ~Copyable {
    /// How many there are at most: two lines.
    static let limit = 16
    /// With fewer than these, anything is taken in.
    private static let sufficient = 8
    /// How many there are.
    private(set) var count = 0
    /// Nothing worth so much is taken in: as much as the one worth most, unless there are few.
    private(set) var ceiling = Float.infinity
    private let items: UnsafeMutablePointer<UInt64>

    init() {
        items = UnsafeMutableRawPointer.allocate(byteCount: Self.limit * 8, alignment: 64)
            .bindMemory(to: UInt64.self, capacity: Self.limit)
        items.initialize(repeating: 0, count: Self.limit)
    }

    deinit { items.deallocate() }

    /// The one worth least, `nil` without any.
    var first: UInt32? { count > 0 ? UInt32(truncatingIfNeeded: items[count - 1]) : nil }

    /// What that one was worth when it was looked at; infinite without any.
    var leastWorth: Float { count > 0 ? Self.worth(items[count - 1]) : .infinity }

    /// Takes in an entry if it isn't among them and is worth less than one of them, or they are few.
    @inline(never)
    mutating func offer(_ slot: UInt32, worth: Float) {
        guard worth < ceiling else { return }
        for place in 0..<count where UInt32(truncatingIfNeeded: items[place]) == slot { return }
        let item = Self.item(slot, worth)
        if count < Self.limit {
            insert(item, behind: count)
            count += 1
        } else {
            // The one worth most makes room.
            var place = 0
            while place + 1 < Self.limit, items[place + 1] > item {
                items[place] = items[place + 1]
                place += 1
            }
            items[place] = item
        }
        updateCeiling()
    }

    /// Takes out the one worth least.
    mutating func takeLeast() -> UInt32? {
        guard count > 0 else { return nil }
        count -= 1
        updateCeiling()
        return UInt32(truncatingIfNeeded: items[count])
    }

    /// Works out anew what all are worth.
    ///
    /// - Parameter worth: What a slot's entry is worth; `nil` drops it.
    @inline(__always)
    mutating func refresh(_ worth: (UInt32) -> Float?) {
        var kept = 0
        for next in 0..<count {
            let slot = UInt32(truncatingIfNeeded: items[next])
            guard let worth = worth(slot) else { continue }
            insert(Self.item(slot, worth), behind: kept)
            kept += 1
        }
        count = kept
        updateCeiling()
    }

    private mutating func updateCeiling() { ceiling = count >= Self.sufficient ? Self.worth(items[0]) : .infinity }

    /// Inserts among the first few, which are in order.
    @inline(__always)
    private func insert(_ item: UInt64, behind end: Int) {
        var place = end
        while place > 0, items[place - 1] < item {
            items[place] = items[place - 1]
            place -= 1
        }
        items[place] = item
    }

    @inline(__always)
    private static func item(_ slot: UInt32, _ worth: Float) -> UInt64 { UInt64(worth.bitPattern) << 32 | UInt64(slot) }

    @inline(__always)
    private static func worth(_ item: UInt64) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: item >> 32)) }
}
