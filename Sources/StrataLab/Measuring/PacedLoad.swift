/// A clock that a paced load waits on.
package protocol LoadClock {
    /// Nanoseconds since some moment.
    mutating func now() -> UInt64
}

/// The machine's clock.
package struct MachineClock: LoadClock {
    /// The machine's clock.
    package init() {}
    /// Nanoseconds on the monotonic clock.
    @inline(__always)
    package mutating func now() -> UInt64 { Nanoseconds.now() }
}

/// An open-loop load: operations are due at fixed times, whether or not the ones before are done.
///
/// A closed loop asks again when it has been answered, so a pause of a second costs it one slow answer, where a thousand users would
/// have waited: Gil Tene's "coordinated omission". Here the wait of an operation is counted from when it was *due*: after a pause, all
/// operations that became due meanwhile are late, and are recorded so.
///
/// While nothing is due the loop reads the clock all the time. The gaps between its readings are what the machine itself does to a
/// thread that does nothing: the noise against which the tail is to be judged.
package struct PacedLoad: Sendable {
    /// Nanoseconds from one operation to the next.
    package let interval: Double
    /// How many operations there are.
    package let operationCount: Int
    /// Gaps from this length on are noise; a reading of the clock takes a thirtieth of it.
    private static let gap: UInt64 = 1_000

    /// Plans a load.
    ///
    /// - Parameters:
    ///   - rate: Operations per second.
    ///   - operationCount: How many operations.
    package init(rate: Double, operationCount: Int) {
        precondition(rate > 0, "a load has a rate")
        interval = 1e9 / rate
        self.operationCount = operationCount
    }

    /// What was seen.
    package struct Result: Sendable {
        /// From when operations were due to when they were done.
        package var latencies = LatencyRecorder()
        /// From when operations began to when they were done.
        package var services = LatencyRecorder()
        /// What the latencies would have been if the idle loop had never been interrupted: operations wait for those before them, and
        /// take as long as they took.
        package var ownLatencies = LatencyRecorder()
        /// The longest latency within each of equal parts of the run.
        package var timeline: [UInt64]
        /// What the machine took from the idle loop: each gap counted once for every operation that could have been due in it.
        package var noise = LatencyRecorder()
        /// The time inside of operations, in nanoseconds.
        package var busy: UInt64 = 0
        /// From the first operation's due time to the end of the last, in nanoseconds.
        package var elapsed: UInt64 = 0

        /// Results with a timeline of a number of parts.
        package init(parts: Int = 200) {
            timeline = Array(repeating: 0, count: parts)
        }

        /// Adds those of another thread of the same run.
        package mutating func add(_ other: Result) {
            latencies.add(other.latencies)
            services.add(other.services)
            ownLatencies.add(other.ownLatencies)
            noise.add(other.noise)
            for index in timeline.indices where index < other.timeline.count {
                timeline[index] = max(timeline[index], other.timeline[index])
            }
            busy += other.busy
            elapsed = max(elapsed, other.elapsed)
        }
    }

    /// Runs the load on the calling thread.
    ///
    /// - Parameters:
    ///   - clock: What to wait on.
    ///   - operation: Does the operation of the given number.
    /// - Returns: What was seen.
    @inline(__always)
    package func run<Clock: LoadClock>(
        clock: inout Clock, _ operation: (_ index: Int, _ clock: inout Clock) -> Void
    ) -> Result {
        var result = Result()
        let start = clock.now() &+ 1_000
        let parts = result.timeline.count
        var now = start
        var ownEnd = start
        for index in 0..<operationCount {
            let due = start &+ UInt64(Double(index) * interval)
            var last = now
            now = clock.now()
            while now < due {
                last = now
                now = clock.now()
                recordGap(now &- last, &result.noise)
            }
            let begin = now
            operation(index, &clock)
            now = clock.now()
            result.busy &+= now &- begin
            result.services.record(now &- begin)
            ownEnd = max(ownEnd, due) &+ (now &- begin)
            result.ownLatencies.record(ownEnd &- due)
            let latency = now &- due
            result.latencies.record(latency)
            let part = index * parts / operationCount
            result.timeline[part] = max(result.timeline[part], latency)
        }
        result.elapsed = now &- start
        return result
    }

    /// Counts a gap as the operations would have seen it that could have been due in it: the first waits for all of it, the next one an
    /// interval less, and so on.
    private func recordGap(_ gap: UInt64, _ noise: inout LatencyRecorder) {
        guard gap >= Self.gap else { return }
        var left = Double(gap)
        repeat {
            noise.record(UInt64(left))
            left -= interval
        } while left > 0
    }
}
