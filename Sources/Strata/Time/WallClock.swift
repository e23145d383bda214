import CStrata
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The monotonic clock, in milliseconds ("ticks"), and its relation to the time of day.
///
/// Deadlines are kept on the monotonic clock, so that a step of the wall clock neither expires nor revives anything;
/// commands speak of times since 1970. The distance between both clocks is measured once and kept: time adjustments
/// slew both clocks alike, so it changes only when the wall clock is stepped. A kept distance makes the conversion
/// there and back exact to the millisecond. It is measured again when the wall clock was stepped by more than 50 ms.
///
/// Ticks begin when milliseconds of the wall clock begin: otherwise a deadline that a client has calculated from its
/// own clock could lie a millisecond further ahead than was meant, and `TTL` round up to a second too many.
package struct WallClock: Sendable {
    /// Milliseconds on the monotonic clock.
    ///
    /// **Concurrency:** callable from any thread; about 25 ns.
    package static func nowTicks() -> Int64 {
        (nanoseconds(of: CLOCK_MONOTONIC) &+ phase) / 1_000_000
    }

    /// The tick as of the kernel's last timer interrupt: at most 4 ms behind ``nowTicks()``, never ahead of it.
    ///
    /// **Concurrency:** callable from any thread; about 5 ns.
    package static func coarseTicks() -> Int64 { (strata_coarse_nanoseconds() &+ phase) / 1_000_000 }

    /// How far into a millisecond the wall clock was when the monotonic one began a new one, in nanoseconds.
    ///
    /// Measured once: ticks never go back, not even by the part of a millisecond.
    private static let phase: Int64 = {
        let distance = measuredDistance()
        return distance - distance.flooredToMilliseconds
    }()

    /// The tick of a time given in milliseconds since 1970; saturates.
    package static func ticks(fromUnixMilliseconds milliseconds: Int64) -> Int64 {
        let (ticks, overflow) = milliseconds.subtractingReportingOverflow(distance())
        return overflow ? (milliseconds < 0 ? .min : .max) : ticks
    }

    /// The time, in milliseconds since 1970, of a tick; saturates.
    package static func unixMilliseconds(fromTicks ticks: Int64) -> Int64 {
        let (milliseconds, overflow) = ticks.addingReportingOverflow(distance())
        return overflow ? (ticks < 0 ? .min : .max) : milliseconds
    }

    /// What to add to a tick to get milliseconds since 1970; 0 before it is first measured.
    ///
    /// Written by any thread that finds it off; relaxed: a single word, nothing else is published with it.
    private static let keptDistance = Atomic<Int64>(0)

    /// A measured distance that differs from the kept one by more than this is a step of the clock.
    ///
    /// Far above the error of a measurement (two clock reads), far below any step that matters.
    private static let toleratedDrift: Int64 = 50

    private static func distance() -> Int64 {
        let kept = keptDistance.load(ordering: .relaxed)
        let measured = (measuredDistance() - phase + 500_000).flooredToMilliseconds / 1_000_000
        if kept != 0, abs(measured - kept) <= toleratedDrift { return kept }
        // Of several threads that find it off at once, one wins, so that all go on with the same distance.
        let (exchanged, original) = keptDistance.compareExchange(
            expected: kept, desired: measured, ordering: .relaxed)
        return exchanged ? measured : original
    }

    /// Reads both clocks, again if the thread was interrupted in between; the result is in nanoseconds.
    private static func measuredDistance() -> Int64 {
        var best: (window: Int64, distance: Int64) = (.max, 0)
        for _ in 0..<8 {
            let before = nanoseconds(of: CLOCK_MONOTONIC)
            let wall = nanoseconds(of: CLOCK_REALTIME)
            let window = nanoseconds(of: CLOCK_MONOTONIC) - before
            if window < best.window { best = (window, wall - before - window / 2) }
            if window < 100_000 { break }
        }
        return best.distance
    }

    private static func nanoseconds(of clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension Int64 {
    /// The whole milliseconds in a number of nanoseconds, rounded down, in nanoseconds.
    fileprivate var flooredToMilliseconds: Int64 {
        let rest = self % 1_000_000
        return self - (rest < 0 ? rest + 1_000_000 : rest)
    }
}
