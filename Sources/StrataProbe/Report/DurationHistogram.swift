import CStrataProbe

/// Durations counted by their size, in buckets of half a power of two.
///
/// A percentile is known to within half a power of two: it is given as the middle of its bucket.
public struct DurationHistogram: Sendable, Codable, Equatable {
    /// One bucket that isn't empty.
    public struct Bucket: Sendable, Codable, Equatable {
        /// The shortest duration that falls into it, in nanoseconds.
        public var nanoseconds: Double
        /// How many did.
        public var count: Int

        /// A bucket from `nanoseconds` on that holds `count` durations.
        public init(nanoseconds: Double, count: Int) {
            self.nanoseconds = nanoseconds
            self.count = count
        }
    }

    /// From the shortest to the longest.
    public private(set) var buckets: [Bucket]

    /// A histogram of these buckets, shortest first.
    public init(buckets: [Bucket] = []) {
        self.buckets = buckets
    }

    /// From counts as the probe keeps them.
    init(_ counts: UnsafePointer<UInt32>?, _ clock: ProbeClock) {
        buckets = []
        guard let counts else { return }
        for bucket in 0..<Int(STRATA_PROBE_BUCKETS) where counts[bucket] > 0 {
            let start = clock.nanoseconds(strata_probe_bucket_start(UInt32(bucket)))
            buckets.append(Bucket(nanoseconds: start, count: Int(counts[bucket])))
        }
    }

    /// How many durations there are.
    public var count: Int { buckets.reduce(0) { $0 + $1.count } }

    /// A duration that `share` of all don't exceed, in nanoseconds; `nil` if there are none.
    ///
    /// - Complexity: O(buckets).
    public func percentile(_ share: Double) -> Double? {
        let total = count
        guard total > 0 else { return nil }
        let rank = min(total, max(1, Int((share * Double(total)).rounded(.up))))
        var seen = 0
        for bucket in buckets {
            seen += bucket.count
            if seen >= rank {
                return bucket.nanoseconds * 1.2
            }
        }
        return nil
    }
}
