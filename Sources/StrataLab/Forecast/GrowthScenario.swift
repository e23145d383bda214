import Foundation
package import StrataMonitor

/// What kind of growth a simulated series shows.
package enum GrowthKind: String, Sendable, CaseIterable {
    case linear
    case exponential
    case saturating
    case step
    case stairs
    case wave
    case sawtooth
    case leak
    case flat
    case burst
    case jump

    /// What happens in it.
    package var summary: String {
        switch self {
        case .linear: "as much in each minute as in the one before"
        case .exponential: "more in each minute than in the one before, by a factor"
        case .saturating: "less and less, towards a ceiling above or below the limit"
        case .step: "flat, one step below the limit, then flat or straight growth"
        case .stairs: "flat but for regular small steps"
        case .wave: "a day like the other, or each some percent higher"
        case .sawtooth: "rises that end in deletions; the peaks stay, or climb, or deletions stop"
        case .leak: "slow growth under bursts of many times its size per hour"
        case .flat: "noise, or a decline"
        case .burst: "short rises that go back by themselves"
        case .jump: "flat, then one step over the limit"
        }
    }

    /// Whether its past tells when it reaches the limit.
    package var isForecastable: Bool { self != .jump }
    /// Whether it ever reaches the limit.
    package var reachesLimit: Bool { self != .flat && self != .burst }
    /// Whether it may stay below the limit.
    package var mayStayBelow: Bool { self != .jump }
}

/// One simulated figure: its samples with noise, and when it really reaches the limit, which is 100.
package struct GrowthScenario: Sendable {
    /// The limit of all scenarios: values are percent of it.
    package static let limit = 100.0

    /// What kind of growth it is.
    package let kind: GrowthKind
    /// Whether it reaches the limit before its end.
    package let isPositive: Bool
    /// What all random choices follow from.
    package let seed: UInt64
    /// What was chosen, for messages.
    package private(set) var detail = ""
    /// Seconds at which the figure without noise reaches the limit; `nil` if it doesn't.
    package private(set) var crossing: Double?
    /// What is measured, in order, up to the crossing.
    package private(set) var samples: [GrowthSample] = []

    /// How the figure without noise goes on in the hours after the end, if it hasn't reached the limit.
    private var continuation: [GrowthSample] = []
    /// The figure without noise at each sample.
    package private(set) var truth: [Double] = []

    /// Simulates a figure.
    package init(kind: GrowthKind, isPositive: Bool, seed: UInt64) {
        self.kind = kind
        self.isPositive = isPositive
        self.seed = seed
        var random = SeededRandom(seed: seed, stream: kind.hashIndex * 2 + (isPositive ? 1 : 0))
        let course = GrowthScenarioCourse(kind: kind, isPositive: isPositive, random: &random)
        let interval = [30.0, 60, 120, 300][random.next(below: 4)]
        let noise = [0.1, 0.4, 1.0][random.next(below: 3)]
        let correlation = [0.0, 0.7][random.next(below: 2)]
        let outliers = [0.0, 0.01][random.next(below: 2)]
        detail =
            "\(course.detail), every \(Int(interval)) s, noise \(noise), correlation \(correlation), outliers \(outliers)"
        var drift = 0.0
        var time = 0.0
        while time < course.duration {
            let level = course.value(time)
            if level >= Self.limit {
                crossing = time
                break
            }
            drift = correlation * drift + (1 - correlation * correlation).squareRoot() * random.normal()
            var value = level + noise * drift + course.churn(&random)
            if random.nextUnit() < outliers { value += (random.nextUnit() - 0.5) * 20 }
            truth.append(level)
            samples.append(GrowthSample(time: time, value: max(0, value)))
            // Measurements are a little early or late.
            time += interval * (0.9 + 0.2 * random.nextUnit())
        }
        if crossing == nil {
            continuation = stride(from: time, to: time + ForecastOutcome.earliest, by: 300).map {
                GrowthSample(time: $0, value: course.value($0))
            }
        }
    }

    /// The highest that the figure without noise comes between two times.
    package func highest(from start: Double, to end: Double) -> Double {
        if let crossing, (start...end).contains(crossing) { return Self.limit }
        // Whoever is warned shortly before the end of what is simulated may be right.
        let later = continuation.reduce(0) { $1.time <= end ? max($0, $1.value) : $0 }
        return zip(samples, truth).reduce(later) { (start...end).contains($1.0.time) ? max($0, $1.1) : $0 }
    }
}

extension GrowthKind {
    var hashIndex: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension SeededRandom {
    /// A number from a normal distribution with mean 0 and deviation 1 (Box and Muller).
    mutating func normal() -> Double {
        (-2 * log(1 - nextUnit())).squareRoot() * cos(2 * .pi * nextUnit())
    }

    /// A number between two.
    mutating func number(_ low: Double, _ high: Double) -> Double { low + (high - low) * nextUnit() }
}
