import CStrataLab

/// The processor's own counter, for operations that are shorter than the steps of the system's clock.
package enum Ticks {
    /// The counter.
    @inline(__always)
    package static func now() -> UInt64 { strata_lab_ticks() }

    /// How long a tick is, as the system's clock saw it for a few milliseconds.
    package static let nanoseconds: Double = {
        let start = (Nanoseconds.now(), now())
        while Nanoseconds.now() - start.0 < 20_000_000 {}
        let end = (Nanoseconds.now(), now())
        return Double(end.0 - start.0) / Double(max(end.1 - start.1, 1))
    }()
}

extension LatencySummary {
    /// The summary of recorded ticks, in nanoseconds.
    package func fromTicks() -> LatencySummary {
        func scaled(_ ticks: UInt64) -> UInt64 { UInt64((Double(ticks) * Ticks.nanoseconds).rounded()) }
        return LatencySummary(
            count: count, mean: mean * Ticks.nanoseconds, percentiles: percentiles.map(scaled), maximum: scaled(maximum)
        )
    }
}
