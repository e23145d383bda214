/// How often each command ran on one event loop, and for how long.
///
/// **Concurrency:** changed by the event loop, read by anybody.
final class CommandStatistics: @unchecked Sendable {
    // Reason for `@unchecked`: the pointer never changes, and what it points to are counters made for one writer and many readers.

    /// The figures of one command.
    struct Entry: ~Copyable {
        let calls = RelaxedInteger()
        let nanoseconds = RelaxedInteger()
        let rejected = RelaxedInteger()
        let failed = RelaxedInteger()
        /// Durations by the position of their highest bit, in nanoseconds: 32 buckets from 1 µs up.
        let durations: UnsafeMutablePointer<RelaxedInteger>

        init() {
            durations = .allocate(capacity: CommandStatistics.bucketCount)
            for index in 0..<CommandStatistics.bucketCount { (durations + index).initialize(to: RelaxedInteger()) }
        }

        deinit {
            durations.deinitialize(count: CommandStatistics.bucketCount)
            durations.deallocate()
        }
    }

    /// How many buckets the distribution of durations has; bucket n ends at 1 024 · 2ⁿ nanoseconds.
    static let bucketCount = 31
    /// Of fast commands one of so many calls is timed, which stands for the others; a power of two.
    static let samplingInterval = 16

    /// Whether a call is one of those.
    ///
    /// They are spread by the golden ratio, not evenly: a client that repeats itself, say every second command on one key, would otherwise be
    /// seen with that key always or never.
    @inline(__always)
    static func isSampled(_ call: Int) -> Bool {
        (UInt64(truncatingIfNeeded: call) &* 0x9e37_79b9_7f4a_7c15) >> 60 == 0
    }

    private let entries: UnsafeMutablePointer<Entry>
    private let count: Int

    /// Creates the figures of so many commands, all zero.
    init(commandCount: Int) {
        count = commandCount
        entries = .allocate(capacity: commandCount)
        for index in 0..<commandCount { (entries + index).initialize(to: Entry()) }
    }

    deinit {
        entries.deinitialize(count: count)
        entries.deallocate()
    }

    /// The figures of a command.
    @inline(__always)
    subscript(index: Int) -> UnsafeMutablePointer<Entry> {
        entries + index
    }

    /// Enters the duration of `weight` calls of a command.
    func record(_ index: Int, nanoseconds: Int, weight: Int) {
        entries[index].nanoseconds.add(nanoseconds &* weight)
        let bucket =
            nanoseconds < 1024 ? 0 : min(Int.bitWidth - nanoseconds.leadingZeroBitCount - 10, Self.bucketCount - 1)
        entries[index].durations[bucket].add(weight)
    }

    /// The distribution of a command's durations over all event loops.
    static func durations(of index: Int, in workers: [Worker]) -> [Int] {
        var sums = Array(repeating: 0, count: bucketCount)
        for worker in workers {
            for bucket in 0..<bucketCount {
                sums[bucket] += worker.commandStatistics[index].pointee.durations[bucket].current
            }
        }
        return sums
    }

    /// A duration, in seconds, in the middle of a bucket.
    static func typicalSeconds(ofBucket bucket: Int) -> Double {
        Double(768 << bucket) / 1e9
    }

    /// Sets everything to zero.
    func reset() {
        for index in 0..<count {
            entries[index].calls.set(0)
            entries[index].nanoseconds.set(0)
            entries[index].rejected.set(0)
            entries[index].failed.set(0)
            for bucket in 0..<Self.bucketCount { entries[index].durations[bucket].set(0) }
        }
    }
}
