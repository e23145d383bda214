/// When a warning is raised and when it is taken back: forecasts go in, one per grain, and it changes only when several agree.
struct GrowthWarningStateMachine {
    /// What holds.
    private(set) var state = GrowthWarning.none
    private let configuration: GrowthForecaster.Configuration
    private var agreeing = 0.0
    private var pressing = 0.0
    private var disagreeing = 0.0
    private var easing = 0.0

    init(_ configuration: GrowthForecaster.Configuration) { self.configuration = configuration }

    /// Takes the newest forecast.
    ///
    /// - Parameters:
    ///   - forecast: The newest.
    ///   - history: Seconds since the first sample.
    ///   - grains: How many grains have passed since the forecast before.
    ///   - weight: How much this forecast speaks for a warning; 1 is usual.
    mutating func update(with forecast: GrowthForecast, history: Double, grains: Double, weight: Double) {
        let seconds = forecast.secondsUntilLimit ?? .infinity
        let isNear = seconds <= 1.5 * configuration.horizon
        disagreeing = isNear ? 0 : disagreeing + grains
        easing = seconds <= 1.5 * configuration.lead ? 0 : easing + grains
        // A moment in which nothing can be said neither supports a warning nor contradicts it.
        if forecast.shape != .unknown || seconds <= 0 {
            let isSure = isSure(forecast)
            // Of a short history nobody knows whether it is the first of many rises that end by themselves.
            let horizon =
                history < 2 * configuration.horizon
                ? configuration.lead : configuration.horizon
            agreeing = isSure && seconds <= horizon ? agreeing + grains * weight : 0
            pressing = isSure && seconds <= configuration.lead ? pressing + grains * weight : 0
        }
        if pressing >= Double(configuration.raiseCount) {
            state = .critical
        } else if agreeing >= Double(configuration.raiseCount), !forecast.isDoubtful,
            isSoon(forecast, history: history)
        {
            state = max(state, .warning)
        }
        if easing >= Double(configuration.clearCount) { state = min(state, .warning) }
        if disagreeing >= Double(configuration.clearCount) { state = .none }
    }

    /// Before a wave can be known by its second rise, the first one looks like growth.
    ///
    /// So a forecast that is exact can wait: until, if things go
    /// faster, two thirds of the horizon are left. One that is vague can't.
    private func isSoon(_ forecast: GrowthForecast, history: Double) -> Bool {
        guard history < Self.unknownPeriods * configuration.period, forecast.shape != .wave,
            forecast.shape != .sawtooth,
            let band = forecast.band
        else { return true }
        return band.early <= max(Self.firstHorizon * configuration.horizon, configuration.lead)
    }

    /// The periods after which a wave is known.
    private static let unknownPeriods = 1.5
    /// The part of the horizon that counts until then.
    private static let firstHorizon = 0.65

    /// Whether it happens even if things go slower than expected.
    ///
    /// Peaks are either reached or not, however slowly.
    private func isSure(_ forecast: GrowthForecast) -> Bool {
        switch forecast.shape {
        case .wave, .sawtooth: true
        default:
            forecast.secondsUntilLimit == 0 || (forecast.band?.late ?? .infinity) <= 5 * configuration.horizon
        }
    }
}
