public import CStrata
public import Synchronization

/// The counters of a cache that threads count in without a lock.
///
/// Each thread has a stripe of its own, two cache lines long, that it counts in with a plain load and store: a thread's
/// number is that of its epoch record, which no other live thread has. Threads whose number is too high share the last stripe and
/// count with read-modify-write operations.
@frozen
@usableFromInline
struct CacheCounters: @unchecked Sendable {
    // Sendable because it is an address of atomic words.

    @usableFromInline let base: UnsafeMutablePointer<Atomic<Int>>
    /// The stripes that belong to one thread each; one more follows.
    @usableFromInline let ownedStripeCount: UInt32

    /// What a stripe counts.
    @usableFromInline
    enum Counter: Int {
        case hits
        case misses
        case loads
        case loadFailures
        case loadNanoseconds
    }

    /// Sixteen words are two lines.
    @inlinable static var stripeWords: Int { 16 }

    init(ownedStripeCount: Int) {
        self.ownedStripeCount = UInt32(ownedStripeCount)
        let count = (ownedStripeCount + 1) * Self.stripeWords
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
    func add(_ amount: Int = 1, to counter: Counter) {
        let index = strata_epoch_record_of_thread().unsafelyUnwrapped.pointee.index
        if index < ownedStripeCount {
            let word = base + (Int(index) &* Self.stripeWords &+ counter.rawValue)
            word.pointee.addAlone(amount)
        } else {
            addShared(amount, to: counter)
        }
    }

    @usableFromInline @inline(never)
    func addShared(_ amount: Int, to counter: Counter) {
        base[Int(ownedStripeCount) * Self.stripeWords + counter.rawValue].wrappingAdd(amount, ordering: .relaxed)
    }

    /// The sum over all threads.
    func sum(_ counter: Counter) -> Int {
        (0...Int(ownedStripeCount)).reduce(0) { sum, stripe in
            sum &+ base[stripe * Self.stripeWords + counter.rawValue].load(ordering: .relaxed)
        }
    }
}
