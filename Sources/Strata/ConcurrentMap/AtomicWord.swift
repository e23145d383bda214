public import Synchronization

/// A 64-bit word in manually allocated memory that is read and written atomically.
///
/// Every access names its order in the method, so that a reader of the code sees it at the place of use.
@frozen
@usableFromInline
struct AtomicWord {
    @usableFromInline
    let storage: UnsafeMutablePointer<Atomic<UInt64>>

    /// The word at an address.
    ///
    /// The caller's duty: `address` is a multiple of 8, stays allocated while the handle is used, and the word there is
    /// only ever accessed through an `AtomicWord` while several threads can reach it.
    @inlinable @inline(__always)
    init(_ address: UnsafeMutableRawPointer) {
        // SAFETY: Atomic<UInt64> has the size and layout of UInt64, and zeroed memory is a valid one.
        storage = address.assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    @inlinable @inline(__always)
    func loadRelaxed() -> UInt64 { storage.pointee.load(ordering: .relaxed) }

    @inlinable @inline(__always)
    func loadAcquiring() -> UInt64 { storage.pointee.load(ordering: .acquiring) }

    @inlinable @inline(__always)
    func storeRelaxed(_ value: UInt64) { storage.pointee.store(value, ordering: .relaxed) }

    @inlinable @inline(__always)
    func storeReleasing(_ value: UInt64) { storage.pointee.store(value, ordering: .releasing) }
}
