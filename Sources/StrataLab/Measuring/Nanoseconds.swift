import Glibc

/// The clock that everything is measured with.
package enum Nanoseconds {
    /// The monotonic clock; a reading costs 20 to 30 ns, most of which a measured time includes once.
    @inline(__always)
    package static func now() -> UInt64 { read(CLOCK_MONOTONIC) }

    /// The processor time that the calling thread has taken so far.
    package static func ofThread() -> UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

    @inline(__always)
    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(truncatingIfNeeded: time.tv_sec) &* 1_000_000_000 &+ UInt64(truncatingIfNeeded: time.tv_nsec)
    }
}

/// Keeps the optimizer from leaving work out whose result nobody uses.
@inline(never)
package func blackHole(_ value: UInt64) {
    if value == 0x0123_4567_89ab_cdef { print("", terminator: "") }
}
