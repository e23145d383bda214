/// What the machine does to a thread that does nothing: steps of about the length of an operation, timed like operations.
///
/// Interrupts, other processes and other tenants are seen here; no map can be better. Run in turns with what is measured, so that both
/// meet the same moods.
package struct NoiseProbe: Sendable {
    /// The times of the steps.
    package private(set) var latencies = LatencyRecorder()

    /// A probe that has seen nothing.
    package init() {}

    /// Takes a number of steps of a few hundred nanoseconds each.
    package mutating func run(steps: Int) {
        var last = Nanoseconds.now()
        for _ in 0..<steps {
            var value = last
            for _ in 0..<200 { value = value &* 0x9e37_79b9_7f4a_7c15 ^ (value >> 32) }
            blackHole(value)
            let now = Nanoseconds.now()
            latencies.record(now &- last)
            last = Nanoseconds.now()
        }
    }
}
