import CStrataProbe

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How the processor's ticks relate to seconds: two readings of both, as far apart as the watching lasted.
struct ProbeClock: Sendable {
    let startTicks: UInt64
    let nanosecondsPerTick: Double

    /// Compares the time since the channel's start on both clocks.
    init(_ summary: strata_probe_summary) {
        startTicks = summary.start_ticks
        let ticks = strata_probe_ticks()
        let elapsed = Double(Self.now() &- summary.start_nanoseconds)
        let passed = Double(ticks &- summary.start_ticks)
        nanosecondsPerTick = summary.start_ticks == 0 || passed <= 0 || elapsed <= 0 ? 1 : elapsed / passed
    }

    /// Nanoseconds on the monotonic clock.
    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// A duration in nanoseconds.
    func nanoseconds(_ ticks: UInt64) -> Double { Double(ticks) * nanosecondsPerTick }

    /// Seconds since the watching began.
    func seconds(at ticks: UInt64) -> Double {
        ticks < startTicks ? 0 : Double(ticks - startTicks) * nanosecondsPerTick / 1e9
    }
}
