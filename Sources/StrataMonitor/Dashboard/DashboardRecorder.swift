/// Keeps what a dashboard shows of a monitor's maps: the moment, the last five minutes by the second, and a day more coarsely.
///
/// ``record()`` is to be called after each of the monitor's ticks (``MapMonitor/afterEachTick(_:)``). It costs some tens of microseconds for each map; what it makes is read by any number of
/// viewers without asking the maps again.
///
/// **Concurrency:** everything from any thread.
public final class DashboardRecorder: Sendable {
    /// How many seconds are kept.
    public static let span = 300
    /// How many maps are listed at most: the busiest.
    static let mapLimit = 64
    /// How many hot keys are listed.
    static let keyLimit = 10
    /// How many seconds back sums "of the last minute" reach.
    private static let minute = 60

    let monitor: MapMonitor
    let facts: @Sendable () -> DashboardFacts
    /// Seconds from the monitor's clock to those since 1970, whole so that the seconds of both are the same ones.
    let epoch: Int
    let past: LockedValue<DashboardPast>

    /// A recorder that has seen nothing.
    ///
    /// - Parameters:
    ///   - monitor: Whose maps are shown.
    ///   - facts: What the program knows beside them.
    public init(monitor: MapMonitor, facts: @escaping @Sendable () -> DashboardFacts = { DashboardFacts() }) {
        self.monitor = monitor
        self.facts = facts
        epoch = Int(MonitorClock.unixSeconds() - monitor.clock.now())
        past = LockedValue(DashboardPast())
    }

    /// Takes note of the moment.
    ///
    /// - Returns: What viewers who have the snapshot need beside it.
    @discardableResult
    public func record() -> DashboardTick {
        let facts = facts()
        let time = monitor.clock.now()
        let look = DashboardLook(monitor, facts, time: time)
        let events = events()
        let (state, point, news) = past.withLock { past -> (DashboardState, DashboardPoint, [DashboardEvent]) in
            past.append(look, limit: Self.minute)
            past.forecasts.update(monitor.limits.figures, time: Double(look.second + epoch))
            var state = makeState(look, facts, past)
            let point = makePoint(look, state, past)
            if past.points.last?.time == point.time { past.points.removeLast() }
            past.points.append(point)
            for index in past.steps.indices { past.steps[index].append(point) }
            past.points.removeAll { $0.time <= point.time - Self.span }
            let former = Set(past.events)
            past.events = events.filter { ($0.until ?? $0.time) >= Double(point.time - Self.span) }
            let reasons = HealthRules.reasons(
                state, facts, lowHitMaps: look.lowHitMaps, rejected: past.rejectedLately,
                storms: storms(past.events, since: Double(point.time - Self.minute)))
            state.health = HealthReport(reasons, isIdle: state.requestTotal == 0)
            past.state = state
            return (state, point, past.events.filter { !former.contains($0) })
        }
        return DashboardTick(state: state, point: point, events: news)
    }

    /// The moment and the last five minutes.
    public func snapshot() -> DashboardSnapshot {
        let (state, points, events) = past.withLock { ($0.state, $0.points, $0.events) }
        guard let state else {
            record()
            return snapshot()
        }
        return DashboardSnapshot(state: state, points: points, events: events, bounds: LatencyMatrix.bounds)
    }

    /// What the last minutes, the last hour or the last day were like.
    public func course(_ range: DashboardRange) -> DashboardCourse {
        let (points, newest) = past.withLock { past in
            (past.steps.first { $0.range == range }?.points ?? past.points, past.points.last?.time ?? 0)
        }
        return DashboardCourse(
            span: range.span, step: range.step, points: points,
            events: events().filter { ($0.until ?? $0.time) >= Double(newest - range.span) })
    }

    /// What is known of the events, as sentences.
    private func events() -> [DashboardEvent] {
        let journal = DashboardEvents(monitor.registry.journal.events(), epoch: Double(epoch))
        let start = DashboardEvent(
            number: -1, time: monitor.startTime + Double(epoch), until: nil, kind: "start", name: "", text: "started")
        return [start] + journal.events(now: monitor.clock.now())
    }

    private func storms(_ events: [DashboardEvent], since time: Double) -> [String] {
        var names: [String] = []
        for event in events where event.kind == "evictionStorm" && event.time >= time && !names.contains(event.name) {
            names.append(event.name)
        }
        return names
    }
}

/// What a recorder remembers from tick to tick.
struct DashboardPast: Sendable {
    /// Totals at one tick.
    struct Totals: Sendable {
        var time: Double
        var requests: Int
        var entries: Int
        var rejected: Int
        var tiers: [Int]
    }

    var state: DashboardState?
    var forecasts = DashboardForecasts()
    var points: [DashboardPoint] = []
    /// The same for longer, and coarser.
    var steps = [DashboardSteps(.hour), DashboardSteps(.day)]
    var events: [DashboardEvent] = []
    /// The last minute's totals, oldest first.
    var totals: [Totals] = []

    /// Enters the totals of a moment.
    mutating func append(_ look: DashboardLook, limit: Int) {
        // Tiers that have come or gone make the totals before incomparable.
        if totals.last.map({ $0.tiers.count != look.tiers.count }) ?? false { totals = [] }
        totals.append(
            Totals(
                time: look.time, requests: look.requestTotal, entries: look.entries, rejected: look.rejectedTotal,
                tiers: look.tiers.map(\.total)))
        if totals.count > limit + 1 { totals.removeFirst() }
    }

    /// What came on top since the tick before, and since a minute ago.
    var lastSecond: (from: Totals, to: Totals)? {
        totals.count >= 2 ? (totals[totals.count - 2], totals[totals.count - 1]) : nil
    }

    /// See above.
    var lastMinute: (from: Totals, to: Totals)? { totals.count >= 2 ? (totals[0], totals[totals.count - 1]) : nil }

    /// Connections turned away in the last minute.
    var rejectedLately: Int { lastMinute.map { max($0.to.rejected - $0.from.rejected, 0) } ?? 0 }

    /// The part of some stretch's lookups that each tier answered, and how many lookups there were.
    static func shares(_ stretch: (from: Totals, to: Totals)?) -> (shares: [Double?], lookups: Int) {
        guard let stretch else { return ([], 0) }
        let counts = zip(stretch.from.tiers, stretch.to.tiers).map { max($1 - $0, 0) }
        let sum = counts.reduce(0, +)
        return (counts.map { sum > 0 ? (Double($0) / Double(sum)).short : nil }, sum)
    }
}

extension Double {
    /// The number with four digits: more would only make messages longer.
    var short: Double {
        guard isFinite, self != 0 else { return 0 }
        let power = Exponential.power(10, Double(3 - Int(Exponential.logarithm10(magnitude).rounded(.down))))
        guard power.isFinite, power > 0 else { return self }
        return (self * power).rounded() / power
    }
}
