public import CStrata
public import Synchronization

/// Counters that threads count in without a lock and without sharing a line.
///
/// Each thread has a stripe of its own, two cache lines long, that it counts in with a plain load and store: a thread's number is
/// that of its epoch record, which no other live thread has. Threads whose number is too high share the last stripe and count with
/// read-modify-write operations.
@frozen
@usableFromInline
struct CounterStripes: @unchecked Sendable {
    // Sendable because it is an address of atomic words.

    @usableFromInline let base: UnsafeMutablePointer<Atomic<Int>>
    /// The stripes that belong to one thread each; one more follows.
    @usableFromInline let ownedStripeCount: UInt32

    /// Counters of a stripe: two lines.
    @inlinable static var capacity: Int { 16 }

    /// Counters of zero.
    @usableFromInline
    init(ownedStripeCount: Int) {
        self.ownedStripeCount = UInt32(ownedStripeCount)
        let count = (ownedStripeCount + 1) * Self.capacity
        base = UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 128)
            .bindMemory(to: Atomic<Int>.self, capacity: count)
        for index in 0..<count { (base + index).initialize(to: Atomic(0)) }
    }

    @usableFromInline
    func deallocate() { UnsafeMutableRawPointer(base).deallocate() }

    /// Counts something.
    ///
    /// relaxed: sums are read at any moment, and nothing is published with them.
    @inlinable @inline(__always)
    func add(_ amount: Int, to counter: Int) {
        let index = strata_epoch_record_of_thread().unsafelyUnwrapped.pointee.index
        if index < ownedStripeCount {
            (base + (Int(index) &* Self.capacity &+ counter)).pointee.addAlone(amount)
        } else {
            addShared(amount, to: counter)
        }
    }

    @usableFromInline @inline(never)
    func addShared(_ amount: Int, to counter: Int) {
        base[Int(ownedStripeCount) * Self.capacity + counter].wrappingAdd(amount, ordering: .relaxed)
    }

    /// The sum over all threads.
    @usableFromInline
    func sum(_ counter: Int) -> Int {
        (0...Int(ownedStripeCount)).reduce(0) { sum, stripe in
            sum &+ base[stripe * Self.capacity + counter].load(ordering: .relaxed)
        }
    }
}
