/// What goes wrong, and when: made from a seed, so that the same seed makes the same happen again.
///
/// A plan is a list of faults with the time at which each begins and ends, counted from the start of the run. The same plan drives a
/// ``FaultInjectingStore`` in a unit test, and whatever else can make its faults happen, such as a proxy before a real server.
///
/// ```swift
/// let plan = FaultPlan.random(seed: 42, duration: .seconds(60))
/// let store = FaultInjectingStore(store, plan: plan, seed: 42, clock: clock)
/// ```
public struct FaultPlan: Hashable, Sendable, CustomStringConvertible {
    /// Something that goes wrong.
    public enum Fault: Hashable, Sendable {
        /// Calls take up to so much longer.
        case delay(upTo: Duration)
        /// A part of the calls never arrive.
        case dropRequests(part: Double)
        /// A part of the calls are done, but not answered.
        case dropAnswers(part: Double)
        /// A part of the calls fail at once.
        case refuse(part: Double)
        /// A part of the reports of changes come up to so much later, so that they overtake one another.
        case reorderReports(part: Double, by: Duration)
        /// A part of the reports of changes come twice.
        case duplicateReports(part: Double)
        /// The stream of reports breaks, and is mended at the end.
        case breakReports
        /// The link looks alive and carries nothing: calls aren't answered, reports don't come, and the stream turns out to be
        /// broken at the end only.
        case halfOpen
        /// All keys are removed when it begins.
        case flushAll
        /// The state of the beginning comes back at the end: what was written meanwhile is lost.
        case failover
    }

    /// A fault and its time.
    public struct Event: Hashable, Sendable {
        /// What goes wrong.
        public var fault: Fault
        /// When it begins.
        public var start: Duration
        /// When it ends.
        public var end: Duration

        /// An event as given.
        public init(_ fault: Fault, from start: Duration, to end: Duration) {
            self.fault = fault
            self.start = start
            self.end = end
        }
    }

    /// What happens, in the order of its beginning.
    public var events: [Event]

    /// A plan as given.
    public init(_ events: [Event] = []) { self.events = events.sorted { $0.start < $1.start } }

    /// A plan that a seed determines.
    ///
    /// - Parameters:
    ///   - seed: The seed.
    ///   - duration: How long the run is; everything has ended by three quarters of it, so that recovery can be seen.
    ///   - eventCount: How many faults there are.
    ///   - losesWrites: Whether there may be faults that lose writes that were acknowledged.
    /// - Returns: The same for the same seed.
    public static func random(
        seed: UInt64, duration: Duration, eventCount: Int = 6, losesWrites: Bool = true
    ) -> FaultPlan {
        var random = SeededRandom(seed: seed)
        let end = duration * 3 / 4
        return FaultPlan(
            (0..<eventCount).map { _ in
                let start = random.duration(in: .zero...end)
                let stop = min(end, start + random.duration(in: .zero...(duration / 6)))
                return Event(fault(&random, losesWrites: losesWrites), from: start, to: stop)
            })
    }

    private static func fault(_ random: inout SeededRandom, losesWrites: Bool) -> Fault {
        switch random.next() % (losesWrites ? 10 : 8) {
        case 0: .delay(upTo: random.duration(in: .milliseconds(1)...(.milliseconds(300))))
        case 1: .dropRequests(part: 0.5)
        case 2: .dropAnswers(part: 0.5)
        case 3: .refuse(part: 1)
        case 4: .reorderReports(part: 0.5, by: .milliseconds(50))
        case 5: .duplicateReports(part: 0.5)
        case 6: .breakReports
        case 7: .halfOpen
        case 8: .flushAll
        default: .failover
        }
    }

    /// One line for each event.
    public var description: String {
        events.map { "\($0.fault) from \($0.start) to \($0.end)" }.joined(separator: "\n")
    }
}
