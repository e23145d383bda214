public import CStrata
public import Synchronization

/// The place in a map where an observer of its operations can be attached.
///
/// Without one it costs an operation a load and a branch. With one, a thread counts its operations on all observed maps down in a variable of
/// its own and observes one each time it gets to zero. The countdown is drawn at random around an interval, so that no rhythm of the program
/// meets that of the sampling, and the interval follows the thread's rate: it doubles while samples come less than half a millisecond apart and
/// halves while they come more than two apart. So a thread that does little is seen in full, and one that does a hundred million operations a second
/// pays for one sample in 65 536. Each sample carries the interval as its weight, which makes sums of weights unbiased estimates of counts.
///
/// Invariants:
/// - I1. `address` is 0 or that of an observer that this probe retains.
/// - I2. An observer is released after it was taken out of `address` and every pin from before that has ended; who uses it loads the address and
///   retains it under a pin.
@frozen
@usableFromInline
struct OperationProbe: ~Copyable, Sendable {
    /// Stored by `attach`; relaxed loads ask only whether there is one.
    @usableFromInline let address = Atomic<UInt>(0)

    /// How many operations a sample stands for at most.
    static var maximumInterval: Int32 { 65536 }
    /// A thread's samples are to be no closer than half of this and no farther apart than twice.
    static var intendedDistance: Int64 { 1_000_000 }

    @usableFromInline
    init() {}

    @inlinable
    deinit { Self.release(address.load(ordering: .relaxed)) }

    /// Whether there is an observer.
    @inlinable @inline(__always)
    var isObserved: Bool { address.load(ordering: .relaxed) != 0 }

    /// Whether the operation about to begin is one to observe.
    @inlinable @inline(__always)
    var isDue: Bool { isObserved && strata_sampling_is_due(1) }

    /// Begins an observation.
    ///
    /// - Returns: When, on the monotonic clock, in nanoseconds.
    @usableFromInline @inline(never)
    borrowing func begin() -> Int { MonotonicClock.nanoseconds() }

    /// Begins an observation if one is due.
    ///
    /// - Returns: When it began; 0 if it didn't.
    @inlinable @inline(__always)
    borrowing func beginIfDue() -> Int { isDue ? begin() : 0 }

    /// Ends an observation.
    @usableFromInline @inline(never)
    borrowing func end(
        _ start: Int, _ operation: MapOperation, wasFound: Bool, hash: UInt64, key: () -> String
    ) {
        let now = MonotonicClock.nanoseconds()
        let sample = OperationSample(
            operation, nanoseconds: now - start, weight: Self.nextWeight(now: now), wasFound: wasFound, hash: hash)
        tell(sample, key)
    }

    /// Begins a read of many keys, of which it isn't known yet how many.
    ///
    /// - Returns: When it began; 0 without an observer. Reading the clock is little beside such a call.
    @inlinable @inline(__always)
    borrowing func beginBulk() -> Int { isObserved ? begin() : 0 }

    /// Ends a read of many keys, and observes it if that is due.
    @inlinable @inline(__always)
    borrowing func endBulk(_ start: Int, _ keyCount: Int, _ foundCount: () -> Int) {
        guard start != 0, keyCount > 0,
            strata_sampling_is_due(Int32(truncatingIfNeeded: Swift.min(keyCount, 1 << 20)))
        else { return }
        observeBulk(start, keyCount, foundCount())
    }

    @usableFromInline @inline(never)
    borrowing func observeBulk(_ start: Int, _ keyCount: Int, _ foundCount: Int) {
        let now = MonotonicClock.nanoseconds()
        let interval = Self.nextWeight(now: now)
        // A call of n keys is n times as likely to be met as one of a single key, and is met for sure from the interval on.
        let weight = max(interval / keyCount, 1)
        var sample = OperationSample(
            .getMany, nanoseconds: now - start, weight: weight, wasFound: false, hash: nil)
        sample.keyCount = keyCount
        sample.foundCount = foundCount
        tell(sample) { "" }
    }

    private borrowing func tell(_ sample: OperationSample, _ key: () -> String) {
        let pin = Epoch.pin()
        // acquiring: pairs with attach(_:); the observer is complete.
        let observer = Self.box(address.load(ordering: .acquiring))?.takeUnretainedValue().observer
        pin.end()
        observer?.observe(sample, key: key)
    }

    /// Starts this thread's next countdown.
    ///
    /// - Parameter now: The time in nanoseconds.
    /// - Returns: How many operations the last countdown stood for.
    static func nextWeight(now: Int) -> Int {
        let state = strata_sampling_state().unsafelyUnwrapped
        let weight = max(state.pointee.interval, 1)
        let distance = Int64(now) - state.pointee.last
        state.pointee.last = Int64(now)
        var interval = weight
        if distance < intendedDistance / 2 {
            interval = min(interval * 2, maximumInterval)
        } else if distance > intendedDistance * 2 {
            interval = max(interval / 2, 1)
        }
        state.pointee.interval = interval
        // From 1 to 2·interval − 1: interval on average.
        let spread = UInt64(2 * interval - 1)
        state.pointee.countdown =
            Int32(truncatingIfNeeded: strata_random_word().multipliedFullWidth(by: spread).high) + 1
        return Int(weight)
    }

    // MARK: Attaching

    /// Sets the observer.
    ///
    /// Waits for reads under way, which take nanoseconds; never call it within a read section.
    ///
    /// - Parameter observer: The new one; `nil` for none.
    borrowing func attach(_ observer: (any OperationObserver)?) {
        let box = observer.map { UInt(bitPattern: Unmanaged.passRetained(ObserverHolder($0)).toOpaque()) } ?? 0
        // acquiring and releasing: pairs with tell(_:_:); publishes the new one, takes over the old one.
        let former = address.exchange(box, ordering: .acquiringAndReleasing)
        // Within a read section nothing can be waited for: then the small holder stays for good.
        if former != 0, Epoch.waitForReaders() { Self.release(former) }
    }

    @usableFromInline @inline(never)
    static func release(_ address: UInt) { box(address)?.release() }

    private static func box(_ address: UInt) -> Unmanaged<ObserverHolder>? {
        UnsafeRawPointer(bitPattern: address).map { Unmanaged.fromOpaque($0) }
    }
}

/// An observer behind one word.
private final class ObserverHolder: Sendable {
    let observer: any OperationObserver
    init(_ observer: any OperationObserver) { self.observer = observer }
}
