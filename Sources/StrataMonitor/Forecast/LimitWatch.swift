/// Forecasts for figures that have a limit: one ``GrowthForecaster`` for each, fed by whoever measures, asked by whoever shows.
///
/// **Concurrency:** everything from any thread.
public final class LimitWatch: Sendable {
    /// What is known of one figure.
    public struct Figure: Sendable, Equatable {
        /// What it is called.
        public var name: String
        /// The newest value.
        public var value: Double
        /// The newest limit.
        public var limit: Double
        /// What it counts.
        public var unit = MapLimit.Unit.entries
        /// Whether entries make room for others at the limit, so that nobody needs to be warned of it.
        public var makesRoom = false
        /// What is to be expected.
        public var forecast: GrowthForecast

        /// Whether somebody should be told.
        public var warning: GrowthWarning { makesRoom ? .none : forecast.warning }
    }

    /// A warning that was raised, became more or less urgent, or was taken back.
    public struct Change: Sendable, Equatable {
        /// What held before.
        public var before: GrowthWarning
        /// What holds.
        public var after: GrowthWarning
        /// Seconds until the limit; `nil` if it isn't expected to be reached.
        public var secondsUntilLimit: Double?
    }

    private struct Entry {
        var forecaster: GrowthForecaster
        var figure: Figure

        mutating func take(
            _ value: Double, limit: Double, unit: MapLimit.Unit, makesRoom: Bool, time: Double
        ) -> Change? {
            let before = figure.warning
            forecaster.add(GrowthSample(time: time, value: value))
            figure.forecast = forecaster.forecast(limit: limit)
            figure.value = value
            figure.limit = limit
            figure.unit = unit
            figure.makesRoom = makesRoom
            guard figure.warning != before else { return nil }
            return Change(
                before: before, after: figure.warning, secondsUntilLimit: figure.forecast.secondsUntilLimit)
        }
    }

    private let configuration: GrowthForecaster.Configuration
    private let capacity: Int
    private let entries = LockedValue<[String: Entry]>([:])

    /// A watch over nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: How forecasters look at time.
    ///   - capacity: How many figures there may be, of 16 KiB each; further ones are ignored.
    public init(configuration: GrowthForecaster.Configuration = .init(), capacity: Int = 1024) {
        self.configuration = configuration
        self.capacity = capacity
    }

    /// Takes a measurement.
    ///
    /// - Parameters:
    ///   - name: What the figure is called; a label of metrics.
    ///   - value: In its own unit.
    ///   - limit: In the same unit; 0 or less means that there is none, and the figure is forgotten.
    ///   - unit: What is counted.
    ///   - makesRoom: Whether reaching the limit is nothing to worry about.
    ///   - time: Seconds on a monotonic clock.
    /// - Returns: How the warning changed; `nil` if it didn't.
    /// - Complexity: O(1), and a forecast, about 0.1 ms, once per ``GrowthForecaster/Configuration/grain``.
    @discardableResult
    public func observe(
        _ name: String, value: Double, limit: Double, unit: MapLimit.Unit = .entries, makesRoom: Bool = false,
        time: Double
    ) -> Change? {
        entries.withLock { entries in
            guard limit > 0, limit.isFinite else {
                entries[name] = nil
                return nil
            }
            if entries[name] == nil {
                guard entries.count < capacity else { return nil }
                var forecaster = GrowthForecaster(configuration)
                let forecast = forecaster.forecast(limit: limit)
                let figure = Figure(name: name, value: value, limit: limit, forecast: forecast)
                entries[name] = Entry(forecaster: forecaster, figure: figure)
            }
            return entries[name]?.take(value, limit: limit, unit: unit, makesRoom: makesRoom, time: time)
        }
    }

    /// Forgets a figure that is no longer measured.
    public func forget(_ name: String) { entries.withLock { $0[name] = nil } }

    /// Forgets figures that are no longer measured.
    ///
    /// - Parameter isKept: Whether a name stays.
    public func keep(where isKept: (String) -> Bool) {
        entries.withLock { $0 = $0.filter { isKept($0.key) } }
    }

    /// What is known of one figure; `nil` if it isn't measured.
    public func figure(_ name: String) -> Figure? { entries.withLock { $0[name]?.figure } }

    /// What is known of everything, by name.
    public var figures: [Figure] {
        entries.withLock { $0.values.map(\.figure) }.sorted { $0.name < $1.name }
    }

    /// The metrics of this moment, with the name as label `cache_name`.
    public var families: [MetricFamily] {
        let figures = figures
        guard !figures.isEmpty else { return [] }
        func samples(_ value: (Figure) -> Double) -> [MetricFamily.Sample] {
            figures.map { .init(value($0), labels: [("cache_name", $0.name)]) }
        }
        return [
            .gauge(
                "strata_forecast_seconds_to_limit",
                help: "Seconds until the limit is reached if growth goes on; +Inf if it isn't expected to be.",
                samples { $0.forecast.secondsUntilLimit ?? .infinity }),
            .gauge(
                "strata_forecast_seconds_to_limit_early", help: "The same if things go faster than expected.",
                samples { $0.forecast.band?.early ?? .infinity }),
            .gauge(
                "strata_forecast_seconds_to_limit_late", help: "The same if things go slower than expected.",
                samples { $0.forecast.band?.late ?? .infinity }),
            .gauge(
                "strata_forecast_confidence", help: "What the forecast is worth: 0 a guess, 1 sure.",
                samples(\.forecast.confidence)),
            .gauge(
                "strata_forecast_warning",
                help: "0 nobody needs to know, 1 the limit is within the horizon, 2 within the lead time.",
                samples { Double($0.warning.rawValue) }),
            .gauge("strata_forecast_level", help: "Where the figure stands, without noise.", samples(\.forecast.level)),
            .gauge("strata_forecast_slope", help: "Change of the figure per second.", samples(\.forecast.slope)),
            .gauge("strata_forecast_value", help: "The figure that has a limit.", samples(\.value)),
            .gauge("strata_forecast_limit", help: "Its limit.", samples(\.limit)),
        ]
    }
}
