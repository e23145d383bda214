import Strata

/// How long each of the insertions takes by which a map grows from nothing to four million entries.
///
/// Between stretches of insertions the same number of empty steps of about the same length is timed: what the machine
/// itself adds at that time (interrupts, other tenants) is seen there, and no map can be better.
enum GrowthBenchmark {
    static let entryCount = 4_000_000
    static let stretch = 4_000

    struct Latencies {
        private var values: [UInt32] = []
        private var isSorted = false

        /// All memory is touched here, so that what is measured is the map's.
        init() {
            values = [UInt32](repeating: 1, count: GrowthBenchmark.entryCount)
            values.removeAll(keepingCapacity: true)
        }

        @inline(__always)
        mutating func add(_ value: UInt64) { values.append(UInt32(truncatingIfNeeded: min(value, UInt64(UInt32.max)))) }

        mutating func sort() { values.sort() }

        /// The value that a fraction of the values don't exceed, in microseconds.
        func percentile(_ fraction: Double) -> Double {
            Double(values[min(Int(Double(values.count) * fraction), values.count - 1)]) / 1000
        }

        var mean: Double { values.reduce(0) { $0 + Double($1) } / Double(values.count) }

        var text: String {
            "mean \(padded(fixed(mean, 0) + " ns", 8)) P99 \(padded(fixed(percentile(0.99), 1), 6)) "
                + "P99.9 \(padded(fixed(percentile(0.999), 1), 6)) P99.99 \(padded(fixed(percentile(0.9999), 1), 7)) "
                + "worst \(fixed(percentile(1), 0)) µs"
        }
    }

    static func run(rounds: Int) {
        print("Growth 0 → \(entryCount), UInt64 → UInt64, one thread, every insertion timed")
        var tail = Rounds()
        var noise = Rounds()
        for round in 0..<rounds {
            let ours = StrataSubject<UInt64, UInt64>()
            let (latencies, probe, resident) = measure(ours, seed: UInt64(round))
            let statistics = ours.map.statistics
            print("  ConcurrentMap       \(latencies.text)")
            print("  noise beside it     \(probe.text)")
            print(
                "    most slots moved by one operation \(statistics.maximumSlotsMoved) (bound 64); "
                    + "bytes per entry \(fixed(statistics.bytesPerEntry, 1)) by its own count, "
                    + "\(fixed(Double(resident) / Double(entryCount), 1)) resident; load \(fixed(statistics.loadFactor, 2))"
            )
            tail.add(latencies.percentile(0.9999))
            noise.add(probe.percentile(0.9999))
            if round == 0 {
                let (latencies, probe, _) = measure(MutexSubject<UInt64, UInt64>(), seed: UInt64(round))
                print("  Dictionary + Mutex  \(latencies.text)")
                print("  noise beside it     \(probe.text)")
            }
        }
        print(
            "  P99.99 median \(tail.text) µs, noise \(noise.text) µs "
                + "(target ≤ 30 µs: \(tail.median <= 30 ? "reached" : "MISSED"))")
    }

    @inline(never)
    static func measure<S: Subject>(
        _ subject: S, seed: UInt64
    ) -> (latencies: Latencies, probe: Latencies, residentByteCount: Int) where S.Key == UInt64, S.Value == UInt64 {
        var numbers = Numbers(seed: seed)
        var latencies = Latencies()
        var probe = Latencies()
        let residentBefore = residentBytes()
        var inserted = 0
        while inserted < entryCount {
            var last = nanoseconds()
            for _ in 0..<stretch {
                subject.set(numbers.next(), 1)
                let now = nanoseconds()
                latencies.add(now &- last)
                last = now
            }
            inserted += stretch
            last = nanoseconds()
            for _ in 0..<stretch {
                var value = last
                for _ in 0..<280 { value = value &* 0x9e37_79b9_7f4a_7c15 ^ (value >> 32) }
                blackHole(value)
                let now = nanoseconds()
                probe.add(now &- last)
                last = now
            }
        }
        let resident = residentBytes() - residentBefore
        latencies.sort()
        probe.sort()
        return (latencies, probe, resident)
    }
}
