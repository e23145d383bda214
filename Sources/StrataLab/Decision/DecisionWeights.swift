/// How much each dimension counts.
package struct DecisionWeights: Codable, Sendable, Equatable {
    private var values: [DecisionDimension: Double]

    /// All count the same.
    package init() {
        values = Dictionary(uniqueKeysWithValues: DecisionDimension.allCases.map { ($0, 1) })
    }

    /// Something is wrong with a weight.
    package struct Invalid: Error, CustomStringConvertible, Equatable {
        /// Which, and what.
        package let description: String
    }

    /// Reads weights as in `latency=3,cost=0.5`; those that aren't named count 1.
    ///
    /// - Throws: ``Invalid`` naming the part that can't be understood.
    package init(_ text: String) throws {
        self.init()
        var seen: Set<DecisionDimension> = []
        for part in text.split(separator: ",") {
            let sides = part.split(separator: "=", maxSplits: 1).map { $0.trimmingPrefix { $0 == " " } }
            guard sides.count == 2, let value = Double(sides[1]) else {
                throw Invalid(description: "'\(part)' isn't a weight; write one as in latency=2")
            }
            guard let dimension = DecisionDimension(rawValue: String(sides[0])) else {
                let known = DecisionDimension.allCases.map(\.rawValue).joined(separator: ", ")
                throw Invalid(description: "there is no dimension '\(sides[0])'; there are \(known)")
            }
            guard value.isFinite, value >= 0, value <= 1e6 else {
                throw Invalid(
                    description: "the weight of \(dimension.rawValue) must be from 0 to 1000000, not \(sides[1])")
            }
            guard seen.insert(dimension).inserted else {
                throw Invalid(description: "the weight of \(dimension.rawValue) is stated twice")
            }
            values[dimension] = value
        }
        guard values.values.contains(where: { $0 > 0 }) else {
            throw Invalid(description: "one weight at least must be above 0")
        }
    }

    /// The weight of a dimension.
    package subscript(_ dimension: DecisionDimension) -> Double {
        get { values[dimension] ?? 0 }
        set { values[dimension] = newValue }
    }

    /// The part of all weights that a dimension has.
    package func share(of dimension: DecisionDimension) -> Double {
        self[dimension] / DecisionDimension.allCases.reduce(0) { $0 + self[$1] }
    }

    /// Weights of which one dimension has a given part, and the others the rest as they divide it now.
    package func with(share: Double, of dimension: DecisionDimension) -> DecisionWeights {
        var result = self
        let others = DecisionDimension.allCases.filter { $0 != dimension }
        let rest = others.reduce(0) { $0 + self[$1] }
        for other in others {
            result[other] = rest > 0 ? self[other] / rest * (1 - share) : (1 - share) / Double(others.count)
        }
        result[dimension] = share
        return result
    }
}
