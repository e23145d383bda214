public import Synchronization

/// The idle objects of one thread, and what it has counted.
///
/// Invariants:
/// - I1. `items`, the cells in it, and `count` are touched by the owning thread only, while it is pinned; by the end of the pool after
///   every such pin has ended.
/// - I2. The first `count` places of `items` are initialised.
/// - I3. The counters have one writer, the owning thread; anybody may read them.
@usableFromInline
struct PoolLane<Cell>: ~Copyable {
    @usableFromInline var items: UnsafeMutablePointer<Cell>?
    @usableFromInline let count = Atomic<Int>(0)
    @usableFromInline let takeCount = Atomic<Int>(0)
    @usableFromInline let returnCount = Atomic<Int>(0)
    @usableFromInline let creationCount = Atomic<Int>(0)
    @usableFromInline let discardCount = Atomic<Int>(0)
    @usableFromInline let transferCount = Atomic<Int>(0)
    /// Makes a lane fill two cache lines of its own.
    private let padding = InlineArray<9, UInt64>(repeating: 0)

    @usableFromInline
    init() {}
}
