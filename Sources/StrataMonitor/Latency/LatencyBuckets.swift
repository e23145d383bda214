/// Buckets for durations from a nanosecond to a minute: eight to each power of two, so that a duration is known to within an eighth.
///
///     0 … 7                      one bucket for each nanosecond
///     2^k … 2^(k+1), k = 3 … 35  eight buckets each
enum LatencyBuckets {
    /// How many there are.
    static let count = 8 + 33 * 8

    /// The bucket of a duration; the last one takes all that are longer.
    static func index(_ nanoseconds: Int) -> Int {
        guard nanoseconds >= 8 else { return max(nanoseconds, 0) }
        let power = Int.bitWidth - 1 - nanoseconds.leadingZeroBitCount
        return min(8 + (power - 3) * 8 + (nanoseconds >> (power - 3)) & 7, count - 1)
    }

    /// The shortest duration of a bucket, in nanoseconds.
    static func lowerBound(_ index: Int) -> Int {
        guard index >= 8 else { return index }
        return (8 + (index - 8) % 8) << ((index - 8) / 8)
    }

    /// A duration in the middle of a bucket, in nanoseconds.
    static func middle(_ index: Int) -> Double {
        index < 8 ? Double(index) : Double(lowerBound(index) + lowerBound(index + 1)) / 2
    }
}
