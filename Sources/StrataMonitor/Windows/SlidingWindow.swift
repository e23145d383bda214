import Synchronization

/// Sums over the last seconds, minutes and hours of something that happens, and of how often it could have: a rate, or the ratio of two counts.
///
/// Two totals only ever grow. At the end of each second, and of each longer step, somebody writes down what they were: whoever comes first in the next
/// one, a writer or the monitor's tick. What happened in a stretch of time is the difference of the totals at its ends, so nothing is counted twice and
/// nothing is lost, whatever races: at worst a few events are credited to the second next to theirs.
///
///     1 s over 30 s · 10 s over 15 min · 5 min over 24 h
///
/// A ratio of levels, such as the load factor, is entered as a sample of both levels each second: the ratio of the sums is the mean over the window.
///
/// Invariants:
/// - I1. Each total is the sum of all amounts added; it never falls.
/// - I2. The boundary of step s holds totals read after the boundary of s′ < s was decided and before that of s was: boundaries never fall from one step
///   to the next. The step's `current` is moved on by compare-and-exchange, after the totals were read.
/// - I3. A boundary is read whole or not at all (`StampedRing.I2`); one that is missing leaves its step to the next.
/// - I4. When the second has moved on, so have the longer steps it belongs to; amounts are added after that.
public final class SlidingWindow: Sendable {
    /// How fine a window is looked at.
    public enum Resolution: Int, CaseIterable, Codable, Sendable {
        /// Steps of a second over half a minute.
        case seconds
        /// Steps of ten seconds over a quarter of an hour.
        case tenSeconds
        /// Steps of five minutes over a day.
        case fiveMinutes

        /// The length of a step in seconds.
        public var step: Int { [1, 10, 300][rawValue] }
        /// How many steps there are.
        public var count: Int { [30, 90, 288][rawValue] }
    }

    /// What happened in one step.
    public struct Step: Hashable, Codable, Sendable {
        /// When it began, in seconds on the monitor's clock.
        public var start: Int
        /// For how many seconds it stands; more than a step's length after a gap.
        public var seconds: Int
        /// What was added to the first total.
        public var amount: Int
        /// What was added to the second.
        public var base: Int

        /// The amount for each unit of the base; `nil` without a base.
        public var ratio: Double? { base == 0 ? nil : Double(amount) / Double(base) }
        /// The amount for each second.
        public var rate: Double { Double(amount) / Double(max(seconds, 1)) }
    }

    private let amount = Atomic<Int>(0)
    private let base = Atomic<Int>(0)
    private let rings: [StampedRing]
    private let current: [AtomicStep]

    /// The step that is under way; stored by whoever moves it on.
    private final class AtomicStep: Sendable {
        let value = Atomic<Int>(-1)
    }

    /// An empty window.
    public init() {
        // One boundary more than steps, and one that is being written.
        rings = Resolution.allCases.map { StampedRing(capacity: $0.count + 2, wordCount: 2) }
        current = Resolution.allCases.map { _ in AtomicStep() }
    }

    /// Adds to the totals.
    ///
    /// - Parameters:
    ///   - amount: What happened, not negative.
    ///   - base: What could have; 0 for a plain rate.
    ///   - second: The time in seconds, not negative.
    ///
    /// **Concurrency:** wait-free, from any thread.
    public func add(_ amount: Int, of base: Int = 0, at second: Int) {
        advance(to: second)
        // relaxed: totals are read at any moment. The base first, and the amount releasing, so that no boundary shows more amount than base.
        if base != 0 { self.base.wrappingAdd(base, ordering: .relaxed) }
        self.amount.wrappingAdd(amount, ordering: .releasing)
    }

    /// Lets time pass without anything happening.
    ///
    /// **Concurrency:** wait-free, from any thread.
    public func advance(to second: Int) {
        // acquiring: pairs with the releasing exchange in advance(_:to:).
        guard current[0].value.load(ordering: .acquiring) < second else { return }
        // The finest last: who finds that one moved on needn't look at the others (I4).
        for resolution in Resolution.allCases.reversed() { advance(resolution, to: second / resolution.step) }
    }

    private func advance(_ resolution: Resolution, to step: Int) {
        let current = current[resolution.rawValue]
        // acquiring: pairs with the releasing exchange below (I2).
        let former = current.value.load(ordering: .acquiring)
        guard former < step else { return }
        // acquiring: pairs with add(_:of:at:).
        let amount = amount.load(ordering: .acquiring)
        let base = base.load(ordering: .relaxed)
        let isOurs = current.value.compareExchange(
            expected: former, desired: step, successOrdering: .acquiringAndReleasing, failureOrdering: .relaxed
        ).exchanged
        if isOurs {
            rings[resolution.rawValue].write(UInt64(step)) { UInt64(bitPattern: Int64($0 == 0 ? amount : base)) }
        }
    }

    /// All that was ever added.
    public var totals: (amount: Int, base: Int) {
        let amount = amount.load(ordering: .acquiring)
        return (amount, base.load(ordering: .relaxed))
    }

    /// What happened in the last steps, oldest first; the last one is under way.
    ///
    /// - Parameters:
    ///   - resolution: How fine.
    ///   - second: The time in seconds.
    /// - Returns: Steps without a gap between them; empty before anything was added.
    ///
    /// **Concurrency:** from any thread; writers don't wait.
    public func steps(_ resolution: Resolution, at second: Int) -> [Step] {
        advance(to: second)
        let last = second / resolution.step
        var boundaries: [(step: Int, amount: Int, base: Int)] = []
        var words: [UInt64] = []
        for step in max(last - resolution.count + 1, 0)...max(last, 0) {
            guard rings[resolution.rawValue].read(UInt64(step), &words) else { continue }
            let former = boundaries.last
            boundaries.append(
                (step, max(Int(words[0]), former?.amount ?? 0), max(Int(words[1]), former?.base ?? 0)))
        }
        let totals = totals
        guard let newest = boundaries.last else { return [] }
        boundaries.append((last + 1, max(totals.amount, newest.amount), max(totals.base, newest.base)))
        return zip(boundaries, boundaries.dropFirst()).map { from, to in
            Step(
                start: from.step * resolution.step,
                seconds: max(min(to.step * resolution.step, second + 1) - from.step * resolution.step, 1),
                amount: to.amount - from.amount, base: to.base - from.base)
        }
    }

    /// What happened in the last seconds, taken together.
    ///
    /// - Parameters:
    ///   - length: How many seconds back, up to a day; rounded up to whole steps of the finest resolution that reaches so far.
    ///   - second: The time in seconds.
    /// - Returns: The sum of the steps, and the seconds they stand for.
    public func sum(over length: Int, at second: Int) -> Step {
        let resolution = Resolution.allCases.first { $0.step * $0.count >= length } ?? .fiveMinutes
        let step = resolution.step
        let first = (second / step - (length + step - 1) / step + 1) * step
        let steps = steps(resolution, at: second).filter { $0.start >= first }
        return Step(
            start: steps.first?.start ?? second, seconds: steps.reduce(0) { $0 + $1.seconds },
            amount: steps.reduce(0) { $0 + $1.amount }, base: steps.reduce(0) { $0 + $1.base })
    }
}
