public import Synchronization

extension Atomic where Value == Int {
    /// Changes a figure that has one writer, the owning thread or the holder of a lock: a plain load and store instead of a locked operation.
    ///
    /// relaxed: figures are read at any moment, and nothing is published with them.
    @inlinable @inline(__always)
    borrowing func addAlone(_ amount: Int) {
        store(load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }
}
