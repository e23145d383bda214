import Strata
import Synchronization

/// Counts durations from any thread.
///
/// There are a few stripes, so that threads seldom write to the same line; reading adds them up. A sum of counters that others are changing is as good as a
/// moment's picture: each counter only grows.
///
/// **Concurrency:** recording is wait-free.
final class LatencyRecorder: @unchecked Sendable {
    // Sendable because the address is immutable and what it points to are atomics.

    private static let stripeCount = 4
    /// The buckets, and the sum of the durations.
    private static let stride = LatencyBuckets.count + 1
    private let words: UnsafeMutablePointer<Atomic<Int>>

    init() {
        words = .allocate(capacity: Self.stripeCount * Self.stride)
        for index in 0..<(Self.stripeCount * Self.stride) { (words + index).initialize(to: Atomic(0)) }
    }

    deinit { words.deallocate() }

    /// Counts a duration.
    ///
    /// - Parameters:
    ///   - nanoseconds: How long it was.
    ///   - weight: How many operations it stands for.
    func record(_ nanoseconds: Int, weight: Int = 1) {
        let stripe = words + ThreadNumber.current % Self.stripeCount * Self.stride
        // relaxed: counters; nothing is published with them.
        stripe[LatencyBuckets.index(nanoseconds)].wrappingAdd(weight, ordering: .relaxed)
        stripe[LatencyBuckets.count].wrappingAdd(nanoseconds &* weight, ordering: .relaxed)
    }

    /// What was counted so far.
    var distribution: LatencyDistribution {
        var distribution = LatencyDistribution()
        for stripe in 0..<Self.stripeCount {
            for index in 0..<LatencyBuckets.count {
                distribution.counts[index] &+= words[stripe * Self.stride + index].load(ordering: .relaxed)
            }
            distribution.sum &+= words[stripe * Self.stride + LatencyBuckets.count].load(ordering: .relaxed)
        }
        return distribution
    }
}
