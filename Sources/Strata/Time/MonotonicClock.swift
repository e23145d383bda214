import CStrata

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The clocks that commands are timed by.
package enum MonotonicClock {
    /// Nanoseconds since an arbitrary moment; never goes back.
    package static func nanoseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
    }

    /// The same, late by up to a few milliseconds, and several times cheaper.
    package static func coarseNanoseconds() -> Int { Int(strata_coarse_nanoseconds()) }

    /// Microseconds since 1970 by the system's clock, which can be set.
    package static func unixMicroseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec &* 1_000_000 &+ time.tv_nsec / 1000
    }

    /// Lets the thread sleep.
    ///
    /// Only `DEBUG SLEEP` does.
    package static func sleep(microseconds: Int) {
        var request = timespec(tv_sec: microseconds / 1_000_000, tv_nsec: microseconds % 1_000_000 * 1000)
        var rest = timespec()
        while nanosleep(&request, &rest) != 0, errno == EINTR { request = rest }
    }
}
