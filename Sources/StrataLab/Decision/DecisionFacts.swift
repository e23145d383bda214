import Foundation

/// What is known of a service that is to keep data somewhere.
package struct DecisionFacts: Codable, Sendable, Equatable {
    /// Reads per second, of all processes together.
    package var readsPerSecond = 10_000.0
    /// Writes per second, of all processes together.
    package var writesPerSecond = 200.0
    /// How many processes use the data.
    package var processes = 1
    /// Processors that each process has.
    package var coresPerProcess = 2.0
    /// How many entries there are.
    package var entries = 1_000_000.0
    /// What an entry takes in memory, key, value and all.
    package var entryBytes = 200.0
    /// The memory each process can spare for entries.
    package var memoryPerProcess = 2.0 * 1_073_741_824
    /// Whether a write in one process must be seen by the others.
    package var isShared = false
    /// How old what another process wrote may be read, in seconds; 0 for never, infinite for any age.
    ///
    /// Counts where the data is shared by several processes.
    package var allowedStaleness = 1.0
    /// Whether several processes change the same values, as with counters, quotas and locks.
    package var hasSharedUpdates = false
    /// Whether the data must outlive a process.
    package var survivesRestart = false
    /// The 99th percentile that is wished for, in nanoseconds.
    package var latencyTarget = 1e6
    /// Whether a Redis or Valkey is in operation already.
    package var hasRedis = false
    /// The share of reads that a process answers from its own memory, if that was measured; else it follows from sizes.
    package var measuredHitRatio: Double?
    /// The share of the processors' time that maps take at this load, if that was measured.
    package var measuredProcessorShare: Double?

    /// Facts of a small service.
    package init() {}

    /// Reads and writes per second.
    package var demand: Double { readsPerSecond + writesPerSecond }
    /// The memory of all entries.
    package var dataBytes: Double { entries * entryBytes }
    /// Whether what one process wrote must reach others.
    package var needsCoherence: Bool { processes > 1 && (isShared || hasSharedUpdates) }

    /// The share of reads that find their entry in the process' own memory.
    ///
    /// Where nothing was measured: requests as by Zipf's law with exponent 1, of which the `c` entries that fit, out of `n`, get
    /// `ln(1 + c) / ln(1 + n)`.
    package var hitRatio: Double {
        if let measuredHitRatio { return measuredHitRatio }
        let fitting = min(memoryPerProcess / entryBytes, entries)
        return min(log(1 + fitting) / log(1 + entries), 1)
    }

    /// What is wrong with the facts, as the option's name and a reason; `nil` if all is well.
    package var problem: (option: String, reason: String)? {
        let ranges: [(option: String, value: Double, range: ClosedRange<Double>)] = [
            ("reads", readsPerSecond, 0...1e12), ("writes", writesPerSecond, 0...1e12),
            ("processes", Double(processes), 1...1e6), ("cores", coresPerProcess, 0.01...4096),
            ("entries", entries, 1...1e15), ("entry-bytes", entryBytes, 1...1e12),
            ("memory", memoryPerProcess, 1...1e15),
            ("staleness", allowedStaleness, 0...(.infinity)), ("latency", latencyTarget, 100...1e12),
            ("hit-ratio", measuredHitRatio ?? 0, 0...1), ("cpu-share", measuredProcessorShare ?? 0, 0...1),
        ]
        for (option, value, range) in ranges where !range.contains(value) {
            let bounds = "from \(Figures.short(range.lowerBound)) to \(Figures.short(range.upperBound))"
            return (option, "must be \(bounds), not \(Figures.short(value))")
        }
        return demand > 0 ? nil : ("reads", "and --writes can't both be 0")
    }
}
