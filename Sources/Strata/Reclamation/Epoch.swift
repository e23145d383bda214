public import CStrata
public import Synchronization

/// Epoch-based reclamation: readers pin, writers retire, memory is reclaimed when no reader can hold it any more.
///
/// The problem: a reader follows a pointer without a lock while a writer unlinks what it points to. The scheme is
/// Fraser's ("Practical lock-freedom", 2004, chapter 5). One global epoch counts up. A reader writes the epoch it saw
/// into its thread's record for as long as it reads (`pin`). What a writer unlinks is *retired* with the epoch of that
/// moment as its tag, and may be reclaimed when `tag + 1 < safe`, where `safe` is the smallest epoch any thread has
/// pinned, or the global one when none has.
///
/// Why two epochs and not one: the tag is read without a fence, so the unlinking store may still sit in the writer's
/// store buffer when the epoch moves from `tag` to `tag + 1`, and a reader that pins `tag + 1` may still find the
/// pointer. Each advance runs a process-wide barrier first; the one from `tag + 1` to `tag + 2` drained that buffer, so a
/// reader that pins `tag + 2` can't find it. With exchange pins there is no such barrier; there the tag is read by a
/// read-modify-write operation, which the unlinking store cannot pass.
///
/// The pin comes in two forms. *Asymmetric*: a plain store, and the reclaiming side pays with `membarrier(2)`. *Exchange*:
/// a read-modify-write operation, where the kernel has no such call, in thread-sanitizer builds, and with
/// `STRATA_EPOCH_PIN=exchange` in the environment. The choice is made once, before `main`.
///
/// Invariants:
/// - I1. A record's `epoch` is written by its owning thread only: 0 outside of pins, else a value the global epoch had.
/// - I2. The global epoch advances only when every pinned record shows the current one, so that pinned epochs are at
///   most one behind.
/// - I3. A pin never spans a suspension point: it belongs to a thread, not to a task.
public enum Epoch {
    /// Starts a read section on this thread: nothing retired from here on is reclaimed before it ends.
    ///
    /// Pins nest: an inner one does nothing, and its end neither.
    ///
    /// **Concurrency:** wait-free after the first call on a thread, which registers it.
    ///
    /// - Returns: What ends the section, by ``EpochPin/end()`` on the same thread, without suspension in between.
    @inlinable @inline(__always)
    public static func pin() -> EpochPin {
        guard let record = strata_epoch_plain_record_of_thread() else { return pinByExchange() }
        let pinned = epoch(of: record)
        // relaxed: only this thread writes it.
        guard pinned.pointee.load(ordering: .relaxed) == 0 else { return EpochPin(epoch: nil) }
        // acquiring: a reader that sees the epoch moved on also sees what the advancing thread saw.
        let epoch = global.pointee.load(ordering: .acquiring)
        // relaxed: ordered before the reads that follow by the compiler barrier and, against the reclaiming
        // thread, by the process-wide barrier in advance().
        pinned.pointee.store(epoch, ordering: .relaxed)
        strata_compiler_barrier()
        return EpochPin(epoch: pinned)
    }

    /// The same where pins are exchanges, and the first time on each thread.
    @usableFromInline @inline(never)
    static func pinByExchange() -> EpochPin {
        let pinned = epoch(of: strata_epoch_record_of_thread())
        guard pinned.pointee.load(ordering: .relaxed) == 0 else { return EpochPin(epoch: nil) }
        let epoch = global.pointee.load(ordering: .acquiring)
        // sequentially consistent: the store must be visible before any read of the section; pairs with the
        // read-modify-write and the loads in advance().
        _ = pinned.pointee.exchange(epoch, ordering: .sequentiallyConsistent)
        return EpochPin(epoch: pinned)
    }

    /// Runs a closure inside a read section.
    @inlinable @inline(__always)
    public static func withPin<Result: ~Copyable, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let pin = pin()
        defer { pin.end() }
        return try body()
    }

    /// Waits until every read section that is open now has ended.
    ///
    /// For rare ends of things; whoever retires often uses a `RetireList`.
    ///
    /// - Returns: `false`, without waiting, if the calling thread is in a read section itself.
    static func waitForReaders() -> Bool {
        guard !isPinned else { return false }
        let tag = current
        while advance() <= tag &+ 1 {}
        return true
    }

    /// Whether the calling thread is in a read section.
    static var isPinned: Bool {
        // relaxed: only this thread writes it.
        epoch(of: strata_epoch_record_of_thread()).pointee.load(ordering: .relaxed) != 0
    }

    /// Whether pins are plain stores, with the process-wide barrier on the reclaiming side.
    public static var isAsymmetric: Bool { strata_epoch_is_asymmetric() }

    /// The tag for something that was just unlinked.
    @inlinable @inline(__always)
    static var current: UInt64 {
        if strata_epoch_is_asymmetric() {
            // relaxed: the two-epoch rule makes up for a late store of the unlinking.
            return global.pointee.load(ordering: .relaxed)
        }
        // sequentially consistent read-modify-write: without a process-wide barrier nobody else drains this thread's
        // store buffer, so the unlinking must be visible before the tag is read.
        return global.pointee.add(0, ordering: .sequentiallyConsistent).newValue
    }

    /// The newest known `safe` bound, as the last `advance()` of any thread found it.
    @inlinable @inline(__always)
    static var safe: UInt64 {
        // acquiring: pairs with the releasing operation in advance(), which comes after it saw the readers gone.
        safeBound.pointee.load(ordering: .acquiring)
    }

    /// Moves the epoch on if every pinned thread has seen the current one.
    ///
    /// Costs a process-wide barrier (1–3 µs) and a walk over the records, so callers batch: see `RetireList`.
    ///
    /// - Returns: The `safe` bound: what has a tag with `tag + 1 < safe` may be reclaimed.
    @discardableResult @usableFromInline
    static func advance() -> UInt64 {
        // sequentially consistent read-modify-write: the exchange pin's partner; no value changes.
        let epoch = global.pointee.add(0, ordering: .sequentiallyConsistent).newValue
        strata_epoch_process_barrier()
        var safe = epoch
        var next = strata_epoch_first_record()
        while let record = next {
            // acquiring would do for end(); sequentially consistent is the exchange pin's partner.
            let pinned = self.epoch(of: record).pointee.load(ordering: .sequentiallyConsistent)
            if pinned != 0, pinned < safe { safe = pinned }
            next = record.pointee.next
        }
        if safe == epoch {
            // releasing: whoever sees the new epoch sees what this thread saw of the readers.
            _ = global.pointee.compareExchange(
                expected: epoch, desired: epoch &+ 1,
                successOrdering: .acquiringAndReleasing, failureOrdering: .relaxed)
        }
        // acquiring and releasing: pairs with the load in `safe`, and chains with other advancing threads.
        _ = safeBound.pointee.max(safe, ordering: .acquiringAndReleasing)
        return safe
    }

    // SAFETY of the three accessors: Atomic<UInt64> has the size and layout of the C uint64_t it is laid over, and C
    // never touches these words after it set them up.

    @inlinable @inline(__always)
    static func epoch(
        of record: UnsafeMutablePointer<strata_epoch_record>
    ) -> UnsafeMutablePointer<Atomic<UInt64>> {
        UnsafeMutableRawPointer(record).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    @inlinable @inline(__always)
    static var global: UnsafeMutablePointer<Atomic<UInt64>> {
        UnsafeMutableRawPointer(strata_epoch_counter(0)).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    @inlinable @inline(__always)
    static var safeBound: UnsafeMutablePointer<Atomic<UInt64>> {
        UnsafeMutableRawPointer(strata_epoch_counter(32)).assumingMemoryBound(to: Atomic<UInt64>.self)
    }
}

/// A read section of a thread, see ``Epoch/pin()``.
@frozen
public struct EpochPin: BitwiseCopyable {
    /// The thread's epoch; `nil` within another section, which ends later.
    @usableFromInline let epoch: UnsafeMutablePointer<Atomic<UInt64>>?

    @inlinable @inline(__always)
    init(epoch: UnsafeMutablePointer<Atomic<UInt64>>?) { self.epoch = epoch }

    /// Ends the section; to be called once, on the thread that began it.
    @inlinable @inline(__always)
    public func end() {
        guard let epoch else { return }
        strata_compiler_barrier()
        // releasing: the section's reads come before it; pairs with the load in advance().
        epoch.pointee.store(0, ordering: .releasing)
    }
}
