import StrataLab
import Testing

@Suite struct DistributionTests {
    private static let count = 1_000
    private static let samples = 200_000

    /// How often each rank came.
    private func counts(_ distribution: some RankDistribution, seed: UInt64 = 7) -> [Int] {
        var distribution = distribution
        var random = SeededRandom(seed: seed)
        var counts = [Int](repeating: 0, count: Self.count)
        for _ in 0..<Self.samples { counts[distribution.next(using: &random)] += 1 }
        return counts
    }

    /// The sum of squared deviations from what is expected, in its own units.
    private func chiSquare(_ counts: [Int], _ expected: [Double]) -> Double {
        zip(counts, expected).reduce(0) { sum, pair in
            let distance = Double(pair.0) - pair.1
            return sum + distance * distance / pair.1
        }
    }

    @Test func uniformRanksAreEquallyLikely() {
        let expected = [Double](repeating: Double(Self.samples) / Double(Self.count), count: Self.count)
        // 999 degrees of freedom: mean 999, deviation 45.
        #expect(abs(chiSquare(counts(UniformRanks(count: Self.count)), expected) - 999) < 5 * 45)
    }

    @Test(arguments: [0.5, 0.7, 0.99, 1.0, 1.2])
    func zipfFollowsItsLaw(theta: Double) {
        let weights = (1...Self.count).map { rank in 1 / Self.power(Double(rank), theta) }
        let total = weights.reduce(0, +)
        let expected = weights.map { $0 / total * Double(Self.samples) }
        let counts = counts(ZipfRanks(count: Self.count, theta: theta))
        #expect(abs(chiSquare(counts, expected) - 999) < 5 * 45)
        #expect(abs(ZipfRanks(count: Self.count, theta: theta).probability(ofRank: 0) - weights[0] / total) < 1e-12)
    }

    /// x to the power of theta, by tenths and hundredths that are exact enough for five digits.
    private static func power(_ x: Double, _ theta: Double) -> Double {
        // exp(theta × log x) from the series, so that the test doesn't use what it tests.
        var logarithm = 0.0
        var rest = x
        while rest > 2 {
            rest /= 2
            logarithm += 0.693_147_180_559_945_3
        }
        let ratio = (rest - 1) / (rest + 1)
        var term = ratio
        for step in stride(from: 1, to: 60, by: 2) {
            logarithm += 2 * term / Double(step)
            term *= ratio * ratio
        }
        let exponent = theta * logarithm
        var result = 1.0
        var part = 1.0
        for step in 1..<80 {
            part *= exponent / Double(step)
            result += part
        }
        return result
    }

    @Test func zipfOfOneKeyHasOneRank() {
        var random = SeededRandom(seed: 1)
        let ranks = ZipfRanks(count: 1, theta: 0.99)
        #expect((0..<100).allSatisfy { _ in ranks.sample(using: &random) == 0 })
    }

    @Test func latestFavoursTheNewest() {
        var distribution = LatestRanks(count: Self.count, theta: 0.99)
        let before = counts(distribution)
        #expect(before[Self.count - 1] > before[Self.count - 2])
        #expect(before[Self.count - 1] > Self.samples / 10)
        distribution.extend(to: 2 * Self.count)
        var random = SeededRandom(seed: 3)
        let newest = (0..<10_000).count { _ in distribution.next(using: &random) == 2 * Self.count - 1 }
        #expect(newest > 1_000)
    }

    @Test func scanTakesOneAfterTheOther() {
        var scan = ScanRanks(count: 3, start: 1)
        var random = SeededRandom(seed: 1)
        #expect((0..<5).map { _ in scan.next(using: &random) } == [1, 2, 0, 1, 2])
    }

    @Test func hotspotGivesItsShare() {
        let counts = counts(HotspotRanks(count: Self.count, hotKeys: 0.3, hotShare: 0.7))
        let hot = counts[..<300].reduce(0, +)
        #expect(abs(Double(hot) / Double(Self.samples) - 0.7) < 0.01)
        #expect(counts.allSatisfy { $0 > 0 })
    }

    @Test func driftingMovesItsFavourites() {
        var distribution = DriftingRanks(count: Self.count, theta: 0.99, period: 100)
        var random = SeededRandom(seed: 5)
        func favourite() -> Int {
            var counts: [Int: Int] = [:]
            for _ in 0..<100 { counts[distribution.next(using: &random), default: 0] += 1 }
            return counts.max { $0.value < $1.value }?.key ?? -1
        }
        let first = favourite()
        for _ in 0..<499 { _ = favourite() }
        let later = favourite()
        #expect(first < 5)
        #expect((500..<510).contains(later))
    }

    @Test func traceIsReplayedInItsOrder() {
        var ranks = TraceRanks(Trace(keys: [9, 4, 9, 7]))
        var random = SeededRandom(seed: 1)
        #expect(ranks.count == 3)
        #expect((0..<6).map { _ in ranks.next(using: &random) } == [0, 1, 0, 2, 0, 1])
    }

    @Test(arguments: [
        ("uniform", "uniform"), ("zipf", "Zipf(0.99)"), ("zipf:0.7", "Zipf(0.7)"), ("scan", "scan"),
        ("latest:1.1", "latest(1.1)"), ("hotspot:0.2:0.8", "hotspot(0.2 of the keys, 0.8 of the requests)"),
        ("drifting:0.9:50", "drifting(0.9, every 50)"),
    ])
    func namesAreRead(text: String, meaning: String) throws {
        #expect(try Distribution(text).text == meaning)
    }

    @Test(arguments: ["", "zip", "zipf:x", "zipf:0", "zipf:1:2", "uniform:1", "hotspot:2:0.5", "trace", "trace:"])
    func nonsenseIsRefused(text: String) {
        #expect(throws: Distribution.UnknownName.self) { try Distribution(text) }
    }

    @Test func missingTraceIsNamed() {
        #expect(throws: TraceError.missing("/no/such/file")) { try Distribution("trace:/no/such/file") }
    }
}
