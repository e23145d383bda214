import Synchronization

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
/// An index remembers the generation of its place, so that one that is out of date finds nothing. Free places form a list that threads push to and pop from
/// without a lock (Treiber, "Systems programming: coping with parallelism", 1986), with a tag against a head that went and came back.
///
/// Invariants:
/// - I1. A place is in the free list, or its generation is odd and one insertion has handed it out since it last was.
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
    }

    /// How many values there is room for.
    public let capacity: Int
    private let values: UnsafeMutablePointer<Value>
    /// Odd while the place holds a value.
    private let generations: UnsafeMutablePointer<Atomic<UInt32>>
    /// The next free place of each that is free, plus one; 0 ends the list.
    private let links: UnsafeMutablePointer<Atomic<UInt32>>
    /// The first free place plus one in the lower half, a tag that grows with every change in the upper.
    private let head: Atomic<UInt64>
    private let liveCount = Atomic<Int>(0)

    /// Creates an empty arena.
    ///
    /// - Parameter capacity: How many values there is room for, at most 2³² − 2.
    /// - Complexity: O(capacity).
    public init(capacity: Int) {
        let capacity = min(max(capacity, 0), Int(UInt32.max) - 1)
        self.capacity = capacity
        values = .allocate(capacity: max(capacity, 1))
        generations = .allocate(capacity: max(capacity, 1))
        links = .allocate(capacity: max(capacity, 1))
        for place in 0..<capacity {
            (generations + place).initialize(to: Atomic(0))
            (links + place).initialize(to: Atomic(place + 1 < capacity ? UInt32(place + 2) : 0))
        }
        head = Atomic(capacity > 0 ? 1 : 0)
    }

    deinit {
        generations.deinitialize(count: capacity)
        links.deinitialize(count: capacity)
        values.deallocate()
        generations.deallocate()
        links.deallocate()
    }

    /// The number of values; exact when nobody inserts or removes.
    public var count: Int { liveCount.load(ordering: .relaxed) }

    /// Puts a value in.
    ///
    /// - Parameter value: The value.
    /// - Returns: Its index, `nil` if the arena is full.
    /// - Complexity: O(1).
    public func insert(_ value: Value) -> Index? {
        // acquiring: pairs with the release in push(), so that the link read here is the pusher's.
        var old = head.load(ordering: .acquiring)
        while true {
            let first = UInt32(truncatingIfNeeded: old)
            guard first > 0 else { return nil }
            let place = Int(first - 1)
            // relaxed: a link that was changed since makes the exchange fail by the tag.
            let next = links[place].load(ordering: .relaxed)
            let new = ((old >> 32 &+ 1) << 32) | UInt64(next)
            let result = head.weakCompareExchange(
                expected: old, desired: new, successOrdering: .acquiring, failureOrdering: .acquiring)
            if result.exchanged {
                let generation = generations[place].load(ordering: .relaxed) &+ 1
                (values + place).initialize(to: value)
                // releasing: whoever sees the odd generation sees the value.
                generations[place].store(generation, ordering: .releasing)
                liveCount.wrappingAdd(1, ordering: .relaxed)
                return Index(place: first - 1, generation: generation)
            }
            old = result.original
        }
    }

    /// The value of an index; `nil` if it was removed before.
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
    @discardableResult
    public func remove(_ index: Index) -> Value? {
        let place = Int(index.place)
        guard place < capacity, index.generation & 1 == 1 else { return nil }
        // Whoever makes the generation even has the place to itself (I2).
        let result = generations[place].compareExchange(
            expected: index.generation, desired: index.generation &+ 1, ordering: .acquiringAndReleasing)
        guard result.exchanged else { return nil }
        let value = values[place]
        liveCount.wrappingSubtract(1, ordering: .relaxed)
        push(index.place)
        return value
    }

    private func push(_ place: UInt32) {
        var old = head.load(ordering: .relaxed)
        while true {
            links[Int(place)].store(UInt32(truncatingIfNeeded: old), ordering: .relaxed)
            let new = ((old >> 32 &+ 1) << 32) | UInt64(place + 1)
            // releasing: publishes the link.
            let result = head.weakCompareExchange(
                expected: old, desired: new, successOrdering: .releasing, failureOrdering: .relaxed)
            if result.exchanged { return }
            old = result.original
        }
    }
}
