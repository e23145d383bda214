import CStrata
public import Synchronization

/// A slab of plain values with room for a fixed number, named by small indices.
///
/// For millions of small records that come and go, where a reference per record would cost more than the record: nodes of a graph, timers, requests under
/// way. All memory is taken at once; inserting and removing allocate nothing.
///
/// ```swift
/// let timers = ValueArena<Timer>(capacity: 100_000)
/// guard let index = timers.insert(timer) else { … }    // full
/// timers[index]                                        // nil once it was removed, even if the place has another value
/// timers.remove(index)
/// ```
///
/// An index remembers the generation of its place, so that one that is out of date finds nothing. Free places are in `FreePlaces`.
///
/// Invariants:
/// - I1. A place is among the free ones, or its generation is odd and one insertion has handed it out since it last was.
/// - I2. Only who has just popped a place, or has just made its generation even, may write to its value or push it.
///
/// **Concurrency:** inserting and removing from any thread, lock-free; of several that remove one index, one gets the value. A value may be read by any thread
/// that knows that nobody removes it meanwhile: its owner, as a rule.
public final class ValueArena<Value: BitwiseCopyable & Sendable>: @unchecked Sendable {
    // Sendable because: (1) the pointers never change; (2) generations, links and the head are atomic; (3) values follow I2, and readers check.

    /// The name of a value in an arena.
    @frozen
    public struct Index: Hashable, Sendable {
        /// The place, below the arena's capacity.
        public let place: UInt32
        /// Which value of the place.
        public let generation: UInt32

        @inlinable
        init(place: UInt32, generation: UInt32) {
            self.place = place
            self.generation = generation
        }
    }

    /// How many values there is room for.
    public let capacity: Int
    @usableFromInline let values: UnsafeMutablePointer<Value>
    /// Odd while the place holds a value.
    @usableFromInline let generations: UnsafeMutablePointer<Atomic<UInt32>>
    @usableFromInline let free: FreePlaces
    /// Values put in less those taken out, by thread.
    @usableFromInline let counters = ThreadCounters()

    /// Creates an empty arena.
    ///
    /// - Parameter capacity: How many values there is room for, at most 2³² − 2.
    /// - Complexity: O(capacity).
    public init(capacity: Int) {
        let capacity = min(max(capacity, 0), Int(UInt32.max) - 1)
        self.capacity = capacity
        values = .allocate(capacity: max(capacity, 1))
        generations = .allocate(capacity: max(capacity, 1))
        for place in 0..<capacity { (generations + place).initialize(to: Atomic(0)) }
        let cores = Int(strata_available_cores())
        let wished = min(cores * 2, max(capacity / 64, 1), 64)
        // Rounded down to a power of two.
        free = FreePlaces(capacity: capacity, listCount: 1 << (Int.bitWidth - 1 - wished.leadingZeroBitCount))
    }

    deinit {
        generations.deinitialize(count: capacity)
        values.deallocate()
        generations.deallocate()
        free.deallocate()
    }

    /// The number of values; exact when nobody inserts or removes.
    public var count: Int { counters.sum(0) }

    /// Puts a value in.
    ///
    /// - Parameter value: The value.
    /// - Returns: Its index, `nil` if the arena is full, or places come and go so fast that none was seen free.
    /// - Complexity: O(1).
    @inlinable
    public func insert(_ value: Value) -> Index? {
        guard let place = free.pop() else { return nil }
        let generations = generations + Int(place)
        // relaxed: whoever has the place has its generation to itself.
        let generation = generations.pointee.load(ordering: .relaxed) &+ 1
        (values + Int(place)).initialize(to: value)
        // releasing: whoever sees the odd generation sees the value.
        generations.pointee.store(generation, ordering: .releasing)
        counters.add(0)
        return Index(place: place, generation: generation)
    }

    /// The value of an index; `nil` if it was removed before.
    @inlinable
    public subscript(index: Index) -> Value? {
        let place = Int(index.place)
        guard place < capacity, index.generation & 1 == 1,
            generations[place].load(ordering: .acquiring) == index.generation
        else { return nil }
        return values[place]
    }

    /// Takes a value out.
    ///
    /// - Parameter index: Its index.
    /// - Returns: The value, `nil` if somebody else has removed it.
    /// - Complexity: O(1).
    @inlinable
    @discardableResult
    public func remove(_ index: Index) -> Value? {
        let place = Int(index.place)
        guard place < capacity, index.generation & 1 == 1 else { return nil }
        // Whoever makes the generation even has the place to itself (I2).
        let result = generations[place].compareExchange(
            expected: index.generation, desired: index.generation &+ 1, ordering: .acquiringAndReleasing)
        guard result.exchanged else { return nil }
        let value = values[place]
        counters.add(0, -1)
        free.push(index.place)
        return value
    }
}
