import Synchronization

/// A number that any thread may read and that is changed without a read-modify-write.
///
/// For counters that one thread changes, loading, adding and storing is enough and as cheap as a plain variable. Numbers that several
/// threads set have the value of the last who did.
struct RelaxedInteger: ~Copyable {
    private let value: Atomic<Int>

    init(_ value: Int = 0) {
        self.value = Atomic(value)
    }

    /// The value, possibly a moment old.
    @inline(__always)
    var current: Int { value.load(ordering: .relaxed) }  // relaxed: a figure or a limit; nothing else depends on it

    /// Adds to the value.
    ///
    /// Only one thread may, or additions get lost.
    @inline(__always)
    borrowing func add(_ amount: Int) {
        value.store(value.load(ordering: .relaxed) &+ amount, ordering: .relaxed)  // relaxed: as above
    }

    /// Replaces the value.
    @inline(__always)
    borrowing func set(_ newValue: Int) {
        value.store(newValue, ordering: .relaxed)  // relaxed: as above
    }
}
