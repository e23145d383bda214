import Synchronization

/// Counts the changes of keys, so that what was read before a change isn't stored after it.
///
/// A read or load notes the count of its key's stripe when it begins; whoever changes or invalidates a key counts; what was
/// read is stored under the lock of the key's place in the first tier, and only if the count is still the same there.
/// Several keys share a stripe: a change of one of them then keeps another's value from being stored, which costs a read.
///
/// Invariants:
/// - I1. A change counts before it touches the first tier, and a store compares after it has the lock: a store that saw the
///   old count has happened before the change touches the same entry.
package final class GenerationStripes: @unchecked Sendable {
    // Sendable because the address is immutable and what it points to are atomic words.

    private let counters: UnsafeMutablePointer<Atomic<UInt64>>
    private let stripeCount: Int

    /// Stripes, as many as a power of two.
    ///
    /// - Parameter stripeCount: 4096 make it rare that a key shares one with another that is being written.
    package init(stripeCount: Int = 4096) {
        precondition(stripeCount > 0 && stripeCount.nonzeroBitCount == 1)
        self.stripeCount = stripeCount
        counters = .allocate(capacity: stripeCount)
        for index in 0..<stripeCount { (counters + index).initialize(to: Atomic(0)) }
    }

    deinit { counters.deallocate() }

    /// The count of a key.
    package func generation(ofHash hash: UInt64) -> UInt64 {
        // acquiring: pairs with the addition in `advance`.
        counters[index(hash)].load(ordering: .acquiring)
    }

    /// Counts a change of a key.
    package func advance(hash: UInt64) {
        // acquiring and releasing: pairs with the load in `generation`, and keeps what follows behind it.
        counters[index(hash)].wrappingAdd(1, ordering: .acquiringAndReleasing)
    }

    private func index(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 20) & (stripeCount - 1) }
}
