import CStrata

/// A few counters that any thread counts in without sharing a line; see `CounterStripes`.
@usableFromInline
package final class ThreadCounters: Sendable {
    @usableFromInline let stripes: CounterStripes

    /// How many counters there are.
    @inlinable package static var capacity: Int { CounterStripes.capacity }

    /// Counters of zero.
    package init(ownedStripeCount: Int = 64) { stripes = CounterStripes(ownedStripeCount: ownedStripeCount) }

    deinit { stripes.deallocate() }

    /// Counts one, or more.
    @inlinable @inline(__always)
    package func add(_ counter: Int, _ amount: Int = 1) { stripes.add(amount, to: counter) }

    /// The sum over all threads.
    @inlinable
    package func sum(_ counter: Int) -> Int { stripes.sum(counter) }
}

/// A small number that no other live thread has.
package enum ThreadNumber {
    /// The calling thread's.
    ///
    /// **Concurrency:** wait-free after the first call on a thread.
    package static var current: Int { Int(strata_epoch_record_of_thread().unsafelyUnwrapped.pointee.index) }
}
