/// Which architecture suits a service, why, what comes next, and what would change the answer.
package struct Decision: Sendable {
    /// What is known of the service.
    package let facts: DecisionFacts
    /// What things take.
    package let figures: DecisionFigures
    /// What counts.
    package let weights: DecisionWeights
    /// All architectures, the best first; those that can't be used come last.
    package let ranking: [Scorecard]

    /// Decides.
    package init(_ facts: DecisionFacts, _ figures: DecisionFigures, _ weights: DecisionWeights) {
        self.facts = facts
        self.figures = figures
        self.weights = weights
        let cards = Architecture.allCases.map { Scorecard($0, facts, figures) }
        // Of two that are equally good the simpler one, which comes first in the list.
        ranking = cards.enumerated()
            .sorted { first, second in
                if first.element.obstacles.isEmpty != second.element.obstacles.isEmpty {
                    return first.element.obstacles.isEmpty
                }
                let totals = (first.element.total(weights), second.element.total(weights))
                return totals.0 == totals.1 ? first.offset < second.offset : totals.0 > totals.1
            }
            .map(\.element)
    }

    /// The answer.
    package var answer: Scorecard { ranking[0] }
    /// The second best.
    package var runnerUp: Scorecard { ranking[1] }
    /// Whether the answer can be used as it is.
    package var isFeasible: Bool { answer.obstacles.isEmpty }

    /// Why the answer is what it is: what sets it apart from the runner-up, and what rules others out.
    package var reasons: [String] {
        var reasons: [String] = []
        let gains = DecisionDimension.allCases
            .map { ($0, weights.share(of: $0) * ((answer.scores[$0] ?? 0) - (runnerUp.scores[$0] ?? 0))) }
            .filter { $0.1.magnitude > 0.005 }
            .sorted { $0.1 > $1.1 }
        for (dimension, gain) in gains where gain > 0 {
            reasons.append(
                "better in \(dimension.rawValue) than \(runnerUp.architecture.title): \(comparison(dimension))")
        }
        for (dimension, gain) in gains.reversed() where gain < 0 {
            reasons.append(
                "worse in \(dimension.rawValue) than \(runnerUp.architecture.title): \(comparison(dimension))")
        }
        for card in ranking.dropFirst() {
            for obstacle in card.obstacles { reasons.append("\(card.architecture.title) is out: \(obstacle)") }
        }
        for obstacle in answer.obstacles {
            reasons.append("no architecture fits as things are; even of \(answer.architecture.title): \(obstacle)")
        }
        return reasons
    }

    private func comparison(_ dimension: DecisionDimension) -> String {
        func pair(_ text: (Scorecard) -> String) -> String { "\(text(answer)) against \(text(runnerUp))" }
        return switch dimension {
        case .throughput:
            "room for " + pair { Figures.short($0.capacity) }
                + " operations per second where \(Figures.short(facts.demand)) are asked for"
        case .latency: "a P99 of " + pair { Figures.duration($0.latency) }
        case .consistency: "reads that are " + pair { Self.age($0.staleness) } + " behind at most"
        case .cost: "a cost of " + pair { Figures.short($0.cost) } + " units"
        }
    }

    static func age(_ seconds: Double) -> String {
        seconds == .infinity ? "any time" : seconds == 0 ? "0 s" : Figures.duration(seconds * 1e9)
    }

    // MARK: What would change the answer

    /// A fact or weight, and from where on another architecture would be the answer.
    package struct Change: Sendable, Equatable {
        /// What would be different, as in "more than 240k reads per second".
        package let condition: String
        /// What the answer would be.
        package let answer: Architecture
        /// By which factor it is away; the nearest come first.
        package let distance: Double
    }

    /// The nearest value of each fact and weight at which the answer is another one.
    ///
    /// Facts are tried up to a thousand times as large and as small.
    package var changes: [Change] {
        (factChanges + switchChanges + weightChanges).sorted { $0.distance < $1.distance }
    }

    private struct Quantity {
        let name: String
        let path: any WritableKeyPath<DecisionFacts, Double> & Sendable
        let text: @Sendable (Double) -> String
    }

    private static let quantities = [
        Quantity(name: "reads per second", path: \.readsPerSecond, text: Figures.short),
        Quantity(name: "writes per second", path: \.writesPerSecond, text: Figures.short),
        Quantity(name: "entries", path: \.entries, text: Figures.short),
        Quantity(name: "bytes per entry", path: \.entryBytes, text: Figures.short),
        Quantity(name: "memory per process", path: \.memoryPerProcess, text: Figures.bytes),
        Quantity(name: "allowed age of what is read", path: \.allowedStaleness, text: Decision.age),
        Quantity(name: "wished-for P99", path: \.latencyTarget, text: Figures.duration),
    ]

    private static let steps = (1...290).map { index in
        var factor = 1.0
        for _ in 0..<index { factor *= 1.0241 }
        return factor
    }

    private var factChanges: [Change] {
        var found: [Change] = []
        for quantity in Self.quantities {
            let value = facts[keyPath: quantity.path]
            guard value > 0, value.isFinite else { continue }
            for isMore in [true, false] {
                for factor in Self.steps {
                    var other = facts
                    other[keyPath: quantity.path] = isMore ? value * factor : value / factor
                    guard other.problem == nil else { break }
                    let decided = Decision(other, figures, weights)
                    guard decided.answer.architecture != answer.architecture else { continue }
                    found.append(
                        Change(
                            condition:
                                "\(quantity.name): \(isMore ? "more" : "less") than about \(quantity.text(other[keyPath: quantity.path])) (now \(quantity.text(value)))",
                            answer: decided.answer.architecture, distance: factor))
                    break
                }
            }
        }
        for count in [1, 2, 5, 10, 20, 50, 100, 1_000] where count != facts.processes {
            var other = facts
            other.processes = count
            let decided = Decision(other, figures, weights)
            guard decided.answer.architecture != answer.architecture else { continue }
            let ratio = Double(count) / Double(facts.processes)
            found.append(
                Change(
                    condition: "processes: \(count) (now \(facts.processes))", answer: decided.answer.architecture,
                    distance: max(ratio, 1 / ratio)))
            if count > facts.processes { break }
        }
        return found
    }

    private var switchChanges: [Change] {
        let switches: [(any WritableKeyPath<DecisionFacts, Bool> & Sendable, String, String)] = [
            (\.isShared, "processes had to see each other's writes", "processes needn't see each other's writes"),
            (
                \.hasSharedUpdates, "several processes changed the same values",
                "no two processes changed the same values"
            ),
            (\.survivesRestart, "the data had to outlive processes", "the data needn't outlive processes"),
            (\.hasRedis, "a Redis or Valkey were in operation already", "no Redis or Valkey were in operation yet"),
        ]
        return switches.compactMap { path, on, off in
            var other = facts
            other[keyPath: path].toggle()
            let decided = Decision(other, figures, weights)
            guard decided.answer.architecture != answer.architecture else { return nil }
            return Change(
                condition: "if \(other[keyPath: path] ? on : off)", answer: decided.answer.architecture, distance: 2)
        }
    }

    private var weightChanges: [Change] {
        DecisionDimension.allCases.flatMap { dimension -> [Change] in
            let present = weights.share(of: dimension)
            var found: [Change] = []
            for isMore in [true, false] {
                let shares = stride(from: 0.01, through: 1, by: 0.01).map { isMore ? present + $0 : present - $0 }
                for share in shares where (0...1).contains(share) {
                    let decided = Decision(facts, figures, weights.with(share: share, of: dimension))
                    guard decided.answer.architecture != answer.architecture else { continue }
                    let ratio = max(share, 0.01) / max(present, 0.01)
                    found.append(
                        Change(
                            condition:
                                "weight of \(dimension.rawValue): \(isMore ? "more" : "less") than about \(Figures.fixed(share * 100, 0)) % (now \(Figures.fixed(present * 100, 0)) %)",
                            answer: decided.answer.architecture, distance: max(ratio, 1 / ratio)))
                    break
                }
            }
            return found
        }
    }
}
