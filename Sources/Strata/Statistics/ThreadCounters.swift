public import CStrata
public import Synchronization

/// A few counters that threads count in without sharing a line.
///
/// Each thread has a stripe of its own, two cache lines long, that it counts in with a plain load and store: a thread's number is
/// that of its epoch record, which no other live thread has. Threads whose number is too high share the last stripe and count with
/// read-modify-write operations.
@usableFromInline
package final class ThreadCounters: @unchecked Sendable {
    // Sendable because the address is immutable and what it points to are atomic words.

    @usableFromInline let base: UnsafeMutablePointer<Atomic<Int>>
    /// The stripes that belong to one thread each; one more follows.
    @usableFromInline let ownedStripeCount: Int

    /// How many counters there are: two lines.
    @inlinable package static var capacity: Int { 16 }

    /// Counters of zero.
    package init(ownedStripeCount: Int = 64) {
        self.ownedStripeCount = ownedStripeCount
        let count = (ownedStripeCount + 1) * Self.capacity
        base = UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 128)
            .bindMemory(to: Atomic<Int>.self, capacity: count)
        for index in 0..<count { (base + index).initialize(to: Atomic(0)) }
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }

    /// Counts one, or more.
    @inlinable @inline(__always)
    package func add(_ counter: Int, _ amount: Int = 1) {
        let index = Int(strata_epoch_record_of_thread().unsafelyUnwrapped.pointee.index)
        if index < ownedStripeCount {
            base[index &* Self.capacity &+ counter].addAlone(amount)
        } else {
            // relaxed: sums are read at any moment, and nothing is published with them.
            base[ownedStripeCount &* Self.capacity &+ counter].wrappingAdd(amount, ordering: .relaxed)
        }
    }

    /// The sum over all threads.
    @inlinable
    package func sum(_ counter: Int) -> Int {
        (0...ownedStripeCount).reduce(0) { $0 &+ base[$1 * Self.capacity + counter].load(ordering: .relaxed) }
    }
}
