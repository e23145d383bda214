package import StrataMonitor

/// Who warns.
package enum ForecastSubject: String, Sendable, CaseIterable {
    /// ``GrowthForecaster``.
    case forecaster
    /// ``SmoothedTrend``, with its time until the limit.
    case smoothed
    /// ``SmoothedTrend``, by its slope alone.
    case slope
}

/// What one subject did with one scenario.
package struct ForecastOutcome: Sendable {
    /// One stretch of time with a warning.
    package struct Episode: Sendable {
        /// Seconds at which it was raised.
        package var raised: Double
        /// Seconds at which it was taken back; `nil` if it was up at the end.
        package var cleared: Double?
    }

    /// In order.
    package var episodes: [Episode] = []
    /// Seconds of warning before the limit was reached; `nil` if there was none at that moment.
    package var lead: Double?
    /// How many of the episodes weren't followed by the limit in time.
    package var falseCount = 0
    /// The shape that was recognised last.
    package var shape: GrowthShape?

    /// The earliest that a warning may be, in seconds before the limit: earlier, it is a false one.
    package static let earliest = 4 * 3600.0
    /// Who comes this near to the limit, in its unit, was rightly warned of it.
    package static let nearMiss = 2.0
    /// The latest that it must be.
    package static let latest = 23 * 60.0

    /// Whether the limit was announced in time.
    package var isInTime: Bool { (lead ?? 0) >= Self.latest }

    /// Lets a subject watch a scenario.
    package init(of subject: ForecastSubject, in scenario: GrowthScenario) {
        let limit = GrowthScenario.limit
        var forecaster = GrowthForecaster()
        var configuration = SmoothedTrend.Configuration()
        if subject == .slope { configuration.horizon = nil }
        var smoothed = SmoothedTrend(configuration)
        for sample in scenario.samples {
            let isWarning: Bool
            if subject == .forecaster {
                forecaster.add(sample)
                let forecast = forecaster.forecast(limit: limit)
                isWarning = forecast.warning > .none
                shape = forecast.shape
            } else {
                smoothed.add(sample, limit: limit)
                isWarning = smoothed.isWarning(limit: limit)
            }
            let isOpen = episodes.last.map { $0.cleared == nil } ?? false
            if isWarning, !isOpen { episodes.append(Episode(raised: sample.time)) }
            if !isWarning, isOpen { episodes[episodes.count - 1].cleared = sample.time }
        }
        for episode in episodes {
            let highest = scenario.highest(from: episode.raised, to: episode.raised + Self.earliest)
            if highest < limit - Self.nearMiss { falseCount += 1 }
            if let crossing = scenario.crossing, episode.cleared == nil { lead = crossing - episode.raised }
        }
    }
}

/// What a subject did with all scenarios of a kind.
package struct ForecastScore: Sendable {
    /// Scenarios that reach the limit.
    package var positiveCount = 0
    /// Of these, announced in time.
    package var inTimeCount = 0
    /// Warnings.
    package var warningCount = 0
    /// Of these, not followed by the limit in time.
    package var falseCount = 0
    /// Hours watched.
    package var hours = 0.0
    /// Seconds from warning to limit, where there was one.
    package var leads: [Double] = []
    /// Scenarios that went wrong, with what happened.
    package var failures: [String] = []

    /// No scenarios.
    package init() {}

    /// The share of limits that were announced in time; 1 if there were none.
    package var recall: Double { positiveCount == 0 ? 1 : Double(inTimeCount) / Double(positiveCount) }
    /// The share of warnings that were right; 1 if there were none.
    package var precision: Double { warningCount == 0 ? 1 : 1 - Double(falseCount) / Double(warningCount) }
    /// The harmonic mean of both.
    package var balance: Double {
        recall + precision == 0 ? 0 : 2 * recall * precision / (recall + precision)
    }

    /// Counts one scenario.
    package mutating func add(_ outcome: ForecastOutcome, of scenario: GrowthScenario) {
        hours += (scenario.samples.last?.time ?? 0) / 3600
        warningCount += outcome.episodes.count
        falseCount += outcome.falseCount
        if scenario.crossing != nil {
            positiveCount += 1
            if outcome.isInTime { inTimeCount += 1 }
            if let lead = outcome.lead { leads.append(lead) }
        }
        if outcome.falseCount > 0 || (scenario.crossing != nil && !outcome.isInTime) {
            let episodes = outcome.episodes.map { episode in
                "\(Int(episode.raised / 60))–\(episode.cleared.map { "\(Int($0 / 60))" } ?? "end")"
            }
            failures.append(
                "seed \(scenario.seed) \(scenario.kind.rawValue) \(scenario.detail): crossing "
                    + "\(scenario.crossing.map { "\(Int($0 / 60))" } ?? "none"), warnings \(episodes) min, \(outcome.shape?.rawValue ?? "")"
            )
        }
    }
}
