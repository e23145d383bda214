public import CStrata
public import Synchronization

/// A small mutual-exclusion lock for the writers of one shard.
///
/// A shard is held for tens of nanoseconds, so a waiter spins briefly; a holder that was preempted would keep spinners
/// busy for a scheduler slice, so a waiter that spun in vain sleeps on a futex. `Synchronization.Mutex` was not enough:
/// it costs several times more where it isn't specialised, and the thread sanitizer can't follow it.
///
/// The lock is not recursive: locking it twice on one thread waits forever, except inside ``runClosure(_:)``, where it stops the program
/// with an explanation.
///
/// **Concurrency:** callable from any thread; may block the thread; never allocates.
///
/// States of `word`: 0 free, 1 held, 2 held and somebody may sleep.
/// Transitions: 0 → 1 or 2 by the thread that takes the lock, 1 → 2 by a thread about to sleep, 1 or 2 → 0 by the holder.
@frozen
public struct ShardLock: ~Copyable {
    @usableFromInline
    let word: Atomic<UInt32>
    /// The number of the thread that holds the lock and runs a closure of the user, plus one; 0 otherwise.
    ///
    /// Stored by the holder. Relaxed, all: only that thread ever finds its own number.
    @usableFromInline
    let closureThread: Atomic<UInt32>

    /// A free lock.
    @inlinable
    public init() {
        word = Atomic(0)
        closureThread = Atomic(0)
    }

    /// Runs code of the user while the caller holds the lock, such as the closure of an atomic update.
    ///
    /// If it asks for the same lock, because it uses the map that calls it, the program is stopped: it would wait for itself forever.
    @inlinable @inline(__always)
    package borrowing func runClosure<Result: ~Copyable, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        closureThread.store(Self.threadNumber, ordering: .relaxed)
        defer { closureThread.store(0, ordering: .relaxed) }
        return try body()
    }

    /// The calling thread's number plus one.
    @inlinable @inline(__always)
    static var threadNumber: UInt32 { strata_epoch_record_of_thread().unsafelyUnwrapped.pointee.index &+ 1 }

    /// Takes the lock, waiting for it if need be.
    @inlinable @inline(__always)
    public borrowing func lock() {
        // acquiring: pairs with the releasing exchange in unlock().
        let taken = word.weakCompareExchange(
            expected: 0, desired: 1, successOrdering: .acquiring, failureOrdering: .relaxed)
        if !taken.exchanged { lockSlow() }
    }

    /// Takes the lock if it is free.
    ///
    /// - Returns: Whether the caller holds the lock.
    @inlinable @inline(__always)
    public borrowing func lockIfAvailable() -> Bool {
        word.compareExchange(expected: 0, desired: 1, successOrdering: .acquiring, failureOrdering: .relaxed).exchanged
    }

    /// Gives the lock back.
    ///
    /// Only its holder may.
    @inlinable @inline(__always)
    public borrowing func unlock() {
        // releasing: pairs with the acquiring operations in lock() and lockSlow().
        if word.exchange(0, ordering: .releasing) == 2 { wakeOne() }
    }

    /// Runs a closure while holding the lock.
    @inlinable @inline(__always)
    public borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock()
        defer { unlock() }
        return try body()
    }

    /// How often a waiter looks again before it sleeps: about as long as a futex call takes.
    private static let spinCount = 100

    @usableFromInline @inline(never)
    borrowing func lockSlow() {
        precondition(
            closureThread.load(ordering: .relaxed) != Self.threadNumber,
            "a closure that runs while a shard is locked uses the map or cache that it was given to")
        for _ in 0..<Self.spinCount {
            // relaxed: only a hint; the exchange that follows it orders.
            if word.load(ordering: .relaxed) == 0, lockIfAvailable() { return }
            strata_spin_pause()
        }
        // From here on take the lock as 2: other sleepers may be left, and only a 2 makes unlock() wake the next.
        while word.exchange(2, ordering: .acquiring) != 0 {
            withAddress { strata_futex_wait($0, 2) }
        }
    }

    @usableFromInline @inline(never)
    borrowing func wakeOne() {
        withAddress { strata_futex_wake_one($0) }
    }

    /// The address of `word`, for the kernel.
    ///
    /// A `ShardLock` stays at one address while threads use it, because it is
    /// part of a shard in manually allocated memory or a stored property of a class instance.
    private borrowing func withAddress(_ body: (UnsafeMutableRawPointer) -> Void) {
        // SAFETY: an Atomic's storage is inline and keeps its address for as long as the lock exists.
        withUnsafePointer(to: self) { body(UnsafeMutableRawPointer(mutating: $0)) }
    }
}
