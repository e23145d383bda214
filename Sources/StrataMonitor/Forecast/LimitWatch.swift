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
        /// What is to be expected.
        public var forecast: GrowthForecast
    }

    private struct Entry {
        var forecaster: GrowthForecaster
        var figure: Figure
    }

    private let configuration: GrowthForecaster.Configuration
    private let capacity: Int
    private let entries = LockedValue<[String: Entry]>([:])

    /// A watch over nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: How forecasters look at time.
    ///   - capacity: How many figures there may be, of 16 KiB each; further ones are ignored.
    public init(configuration: GrowthForecaster.Configuration = .init(), capacity: Int = 256) {
        self.configuration = configuration
        self.capacity = capacity
    }

    /// Takes a measurement.
    ///
    /// - Parameters:
    ///   - name: What the figure is called; a label of metrics.
    ///   - value: In its own unit.
    ///   - limit: In the same unit; 0 or less means that there is none, and the figure is forgotten.
    ///   - time: Seconds on a monotonic clock.
    /// - Complexity: O(1), and a forecast, about 0.1 ms, once per ``GrowthForecaster/Configuration/grain``.
    public func observe(_ name: String, value: Double, limit: Double, time: Double) {
        entries.withLock { entries in
            guard limit > 0, limit.isFinite else {
                entries[name] = nil
                return
            }
            if entries[name] == nil {
                guard entries.count < capacity else { return }
                var forecaster = GrowthForecaster(configuration)
                let forecast = forecaster.forecast(limit: limit)
                let figure = Figure(name: name, value: value, limit: limit, forecast: forecast)
                entries[name] = Entry(forecaster: forecaster, figure: figure)
            }
            entries[name]?.forecaster.add(GrowthSample(time: time, value: value))
            if let forecast = entries[name]?.forecaster.forecast(limit: limit) {
                entries[name]?.figure.forecast = forecast
            }
            entries[name]?.figure.value = value
            entries[name]?.figure.limit = limit
        }
    }

    /// Forgets figures that are no longer measured.
    ///
    /// - Parameter isKept: Whether a name stays.
    public func keep(where isKept: (String) -> Bool) {
        entries.withLock { $0 = $0.filter { isKept($0.key) } }
    }

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
                samples { Double($0.forecast.warning.rawValue) }),
            .gauge("strata_forecast_level", help: "Where the figure stands, without noise.", samples(\.forecast.level)),
            .gauge("strata_forecast_slope", help: "Change of the figure per second.", samples(\.forecast.slope)),
            .gauge("strata_forecast_value", help: "The figure that has a limit.", samples(\.value)),
            .gauge("strata_forecast_limit", help: "Its limit.", samples(\.limit)),
        ]
    }
}
