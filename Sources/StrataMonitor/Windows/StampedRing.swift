import Synchronization

/// A ring of small records that any thread writes without waiting and any thread reads whole or not at all.
///
/// A record is a stamp, which says what it is (a second, a running number), and a few words. The stamp decides the place.
///
///     place   [ sequence | stamp | word 0 … word n-1 ]        all words are atomics of 8 bytes
///
/// A writer claims the place by making the sequence odd, writes, and makes it even again. If somebody else holds the place, it gives up: the record
/// is lost and reported so. A reader takes a record whose sequence was even and the same before and after.
///
/// Invariants:
/// - I1. Stamp and words of a place change only between a claim (even to odd, by compare-and-exchange) and its release (odd to even) by the same
///   writer.
/// - I2. What `read` returns was written by one `write`, with the stamp asked for.
final class StampedRing: @unchecked Sendable {
    // Sendable because the address is immutable and what it points to are atomics.

    private let words: UnsafeMutablePointer<Atomic<UInt64>>
    private let stride: Int
    /// How many records there is room for.
    let capacity: Int
    /// Words of a record.
    let wordCount: Int

    /// An empty ring.
    init(capacity: Int, wordCount: Int) {
        self.capacity = capacity
        self.wordCount = wordCount
        stride = wordCount + 2
        words = .allocate(capacity: capacity * stride)
        for index in 0..<(capacity * stride) { (words + index).initialize(to: Atomic(0)) }
        // No record has this stamp.
        for place in 0..<capacity { words[place * stride + 1].store(.max, ordering: .relaxed) }
    }

    deinit { words.deallocate() }

    /// Writes a record over the oldest of its place.
    ///
    /// - Parameters:
    ///   - stamp: What the record is; less than `UInt64.max`.
    ///   - values: Its words.
    /// - Returns: Whether it was written; `false` if another writer held the place.
    ///
    /// **Concurrency:** wait-free, from any thread.
    @discardableResult
    func write(_ stamp: UInt64, _ values: (Int) -> UInt64) -> Bool {
        let place = words + Int(stamp % UInt64(capacity)) * stride
        let sequence = place[0].load(ordering: .relaxed)
        // acquiring: what follows is not done before the claim; pairs with the release of the former writer.
        guard sequence & 1 == 0,
            place[0].compareExchange(
                expected: sequence, desired: sequence &+ 1, successOrdering: .acquiring, failureOrdering: .relaxed
            ).exchanged
        else { return false }
        // releasing, all: a reader that sees one of them sees the odd sequence too.
        place[1].store(stamp, ordering: .releasing)
        for index in 0..<wordCount { place[2 + index].store(values(index), ordering: .releasing) }
        // releasing: pairs with the acquiring load in read(_:_:).
        place[0].store(sequence &+ 2, ordering: .releasing)
        return true
    }

    /// Reads a record.
    ///
    /// - Parameters:
    ///   - stamp: Which one.
    ///   - values: Takes its words.
    /// - Returns: Whether it was there, whole.
    ///
    /// **Concurrency:** from any thread; gives up after a few attempts on a place that is being written.
    func read(_ stamp: UInt64, _ values: inout [UInt64]) -> Bool {
        let place = words + Int(stamp % UInt64(capacity)) * stride
        for _ in 0..<4 {
            let before = place[0].load(ordering: .acquiring)
            guard before & 1 == 0 else { continue }
            // acquiring, all: the second look at the sequence is not done before them.
            let found = place[1].load(ordering: .acquiring)
            values.removeAll(keepingCapacity: true)
            for index in 0..<wordCount { values.append(place[2 + index].load(ordering: .acquiring)) }
            if place[0].load(ordering: .relaxed) == before { return found == stamp }
        }
        return false
    }
}
