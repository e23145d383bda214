extension GrowthForecaster {
    /// How a forecaster looks at time.
    ///
    /// The defaults suit figures that take hours to reach their limit.
    public struct Configuration: Sendable, Equatable {
        /// Seconds that somebody needs to do something about a limit that is coming near: from there on a warning is critical.
        public var lead: Double = 23 * 60
        /// Seconds ahead of the limit at which there is a warning.
        public var horizon: Double = 60 * 60
        /// Seconds after which the load repeats itself.
        public var period: Double = 24 * 60 * 60
        /// Seconds over which samples are averaged.
        ///
        /// Everything that is learned is learned from such averages.
        public var grain: Double = 2 * 60
        /// How near to the limit the peak of a wave or of a sawtooth is taken to reach it, as a share of the limit.
        public var margin = 0.01
        /// For how many grains all forecasts must agree before a warning is raised.
        public var raiseCount = 4
        /// For how many grains all forecasts must agree before a warning is taken back.
        public var clearCount = 12

        /// The defaults.
        public init() {}

        /// The defaults, with all times scaled so that the lead is another one.
        ///
        /// - Parameter lead: Seconds; must be more than 0 and finite.
        public init(lead: Double) {
            precondition(lead > 0 && lead.isFinite, "a lead is a positive number of seconds")
            let factor = lead / self.lead
            self.lead = lead
            horizon *= factor
            period *= factor
            grain *= factor
        }

        /// The defaults with another lead: horizon and averages are scaled with it, the period isn't.
        ///
        /// For figures whose load follows the day, however fast somebody can react.
        ///
        /// - Parameters:
        ///   - lead: Seconds; must be more than 0 and finite.
        ///   - period: Seconds after which the load repeats itself; must be more than 0 and finite.
        public init(lead: Double, period: Double) {
            precondition(period > 0 && period.isFinite, "a period is a positive number of seconds")
            self.init(lead: lead)
            self.period = period
        }
    }
}
