import Foundation

/// Zipf's distribution: the key of rank i is asked for in proportion to 1 / (i + 1)^theta.
///
/// Samples by rejection-inversion (Hörmann and Derflinger, "Rejection-inversion to generate variates from monotone discrete
/// distributions", ACM TOMACS 6, 1996): exact for every theta above 0, no table, about 1.1 tries per sample. The approximation that YCSB
/// made popular (Gray et al., SIGMOD 1994) is wrong near the head and has no theta of 1 and above.
package struct ZipfRanks: RankDistribution {
    /// The size of the population.
    package let count: Int
    /// The skew: 0.99 is YCSB's, 0.7 to 1.1 is what caches see.
    package let theta: Double

    // The bounds of the area under the hat function, and below which distance a sample needs no second look.
    private let lowest: Double
    private let highest: Double
    private let accepted: Double

    /// Asks for the keys of a population.
    ///
    /// - Parameters:
    ///   - count: The size of the population, at least 1.
    ///   - theta: The skew, above 0.
    package init(count: Int, theta: Double) {
        precondition(count > 0 && theta > 0, "Zipf's distribution needs keys and a skew above 0")
        self.count = count
        self.theta = theta
        lowest = Self.integral(1.5, theta) - 1
        highest = Self.integral(Double(count) + 0.5, theta)
        accepted = 2 - Self.inverse(Self.integral(2.5, theta) - Self.density(2, theta), theta)
    }

    /// The rank of the next key that is asked for.
    package mutating func next(using random: inout SeededRandom) -> Int { sample(using: &random) }

    /// A rank.
    package func sample(using random: inout SeededRandom) -> Int {
        while true {
            let area = highest + random.nextUnit() * (lowest - highest)
            let position = Self.inverse(area, theta)
            let rank = min(max(Int(position + 0.5), 1), count)
            let value = Double(rank)
            if value - position <= accepted || area >= Self.integral(value + 0.5, theta) - Self.density(value, theta) {
                return rank - 1
            }
        }
    }

    /// The probability of a rank.
    ///
    /// - Complexity: O(count); for tests.
    package func probability(ofRank rank: Int) -> Double {
        var sum = 0.0
        for value in 1...count { sum += Self.density(Double(value), theta) }
        return Self.density(Double(rank + 1), theta) / sum
    }

    private static func density(_ x: Double, _ theta: Double) -> Double { exp(-theta * log(x)) }

    /// The integral of the density: (x^(1 - theta) - 1) / (1 - theta), or log x where theta is 1.
    private static func integral(_ x: Double, _ theta: Double) -> Double {
        let logarithm = log(x)
        let exponent = (1 - theta) * logarithm
        return (abs(exponent) > 1e-8 ? expm1(exponent) / exponent : 1 + exponent / 2) * logarithm
    }

    private static func inverse(_ x: Double, _ theta: Double) -> Double {
        let scaled = max(x * (1 - theta), -1)
        return exp((abs(scaled) > 1e-8 ? log1p(scaled) / scaled : 1 - scaled / 2) * x)
    }
}
