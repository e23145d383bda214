/// What is expected of figures with a limit, as a dashboard draws it: with the past, and the course ahead.
struct DashboardForecasts: Sendable {
    /// How many points of the past are kept.
    private static let historyLimit = 120
    /// Seconds between the first of them, and at most.
    private static let steps = (first: 2.0, last: 64.0)

    private struct History: Sendable {
        var points: [[Double]] = []
        var step = DashboardForecasts.steps.first

        /// Enters a value; when there is no more room, every second one goes and they come half as often.
        mutating func append(_ time: Double, _ value: Double) {
            guard points.last.map({ time - $0[0] >= step }) ?? true else { return }
            points.append([time, value])
            guard points.count > DashboardForecasts.historyLimit else { return }
            if step < DashboardForecasts.steps.last {
                points = stride(from: points.count % 2 == 0 ? 1 : 0, to: points.count, by: 2).map { points[$0] }
                step *= 2
            } else {
                points.removeFirst()
            }
        }
    }

    private var histories: [String: History] = [:]
    /// The forecasts, the most urgent first.
    private(set) var forecasts: [DashboardForecast] = []

    /// Takes over the figures of a moment.
    ///
    /// - Parameters:
    ///   - limits: What has a limit.
    ///   - time: Seconds since 1970.
    mutating func update(_ limits: [LimitWatch.Figure], time: Double) {
        histories = histories.filter { name, _ in limits.contains { $0.name == name } }
        for figure in limits { histories[figure.name, default: History()].append(time, figure.value.short) }
        forecasts = limits.map { forecast($0, time: time) }.sorted {
            ($0.secondsLeft ?? .infinity, $0.name) < ($1.secondsLeft ?? .infinity, $1.name)
        }
    }

    private func forecast(_ figure: LimitWatch.Figure, time: Double) -> DashboardForecast {
        let expected = figure.forecast
        let isMemory = figure.unit == .bytes
        let subject = isMemory ? "Memory" : "Entries"
        let past = histories[figure.name]?.points ?? []
        return DashboardForecast(
            name: figure.name,
            title: isMemory && figure.name == "memory" ? subject : "\(subject) of \(figure.name)",
            unit: isMemory ? "bytes" : "count",
            level: figure.value.short, limit: figure.limit,
            limitText: "limit \(isMemory ? Readable.bytes(figure.limit) : Readable.count(figure.limit))",
            secondsLeft: expected.secondsUntilLimit?.short, earliest: expected.band?.early.short,
            latest: expected.band?.late?.short, confidence: expected.confidence.short, warning: figure.warning.name,
            shape: expected.shape.rawValue, text: Self.text(figure),
            history: past.last.map { $0[0] < time } ?? false ? past + [[time, figure.value.short]] : past,
            course: Self.course(figure, time: time))
    }

    /// The forecast as a sentence without its end.
    static func text(_ figure: LimitWatch.Figure) -> String {
        let expected = figure.forecast
        let isMemory = figure.unit == .bytes
        let makesRoom = figure.makesRoom
        if figure.value >= figure.limit { return makesRoom ? "full: entries make room for others" : "full" }
        guard expected.shape != .unknown else { return "too early to tell" }
        guard let seconds = expected.secondsUntilLimit else { return "no limit in sight" }
        var text = "full in \(Readable.duration(seconds))"
        if let band = expected.band {
            text +=
                band.late.map { " (between \(Readable.duration(band.early)) and \(Readable.duration($0)))" }
                ?? " (not before \(Readable.duration(band.early)))"
        }
        let growth = expected.slope * 60
        if growth > 0 { text += ", growing by \(isMemory ? Readable.bytes(growth) : Readable.count(growth)) a minute" }
        return text + (makesRoom ? "; then entries make room" : "")
    }

    /// Where the figure is expected to go: points of time, value and the bounds of four in five cases.
    static func course(_ figure: LimitWatch.Figure, time: Double) -> [[Double]] {
        let expected = figure.forecast
        guard expected.shape != .unknown else { return [] }
        let level = figure.value
        let gap = figure.limit - level
        let horizon = max((expected.secondsUntilLimit ?? 0) * 2.5, 3600)
        // How much of the gap is closed after some time, if all of it is after `seconds`.
        func value(_ elapsed: Double, _ seconds: Double?) -> Double {
            guard let seconds, seconds > 0, gap > 0 else { return level }
            guard expected.shape == .exponential, level > 0 else { return level + gap * elapsed / seconds }
            return level * Exponential.power(figure.limit / level, min(elapsed / seconds, 8))
        }
        return (0...24).map { index in
            let elapsed = horizon * Double(index) / 24
            let middle =
                expected.secondsUntilLimit == nil
                ? max(level + min(expected.slope, 0) * elapsed, 0) : value(elapsed, expected.secondsUntilLimit)
            let low = expected.secondsUntilLimit == nil ? middle : value(elapsed, expected.band?.late)
            let high = expected.secondsUntilLimit == nil ? middle : value(elapsed, expected.band?.early)
            return [(time + elapsed).rounded(), middle.short, min(low, middle).short, max(high, middle).short]
        }
    }
}
