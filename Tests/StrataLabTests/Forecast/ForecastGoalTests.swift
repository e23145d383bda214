import StrataLab
import Testing

/// What the forecaster has to reach, on seeds that neither its tuning nor the published table saw.
@Suite struct ForecastGoalTests {
    private static let benchmark: ForecastBenchmark = {
        var benchmark = ForecastBenchmark()
        benchmark.seed = 4_200_000
        benchmark.count = 4
        return benchmark
    }()

    @Test(arguments: GrowthKind.allCases.filter { $0.reachesLimit && $0.isForecastable })
    func announcesLimitsInTime_betterThanThePlainRule(kind: GrowthKind) throws {
        let scores = Self.benchmark.scores(of: kind)
        let forecaster = try #require(scores[.forecaster])
        let failures = Comment(rawValue: forecaster.failures.joined(separator: "\n"))
        #expect(forecaster.positiveCount == Self.benchmark.count)
        #expect(forecaster.recall >= 0.95, failures)
        #expect(forecaster.precision >= 0.9 || forecaster.falseCount <= 1, failures)
        for plain in [ForecastSubject.smoothed, .slope] {
            // One scenario in eight is the smallest step.
            #expect(forecaster.balance >= (scores[plain]?.balance ?? 0) - 1.0 / 8, failures)
        }
    }

    @Test(arguments: [GrowthKind.flat, .burst])
    func raisesFewerAlarmsThanThePlainRule_whenTheLimitIsNeverReached(kind: GrowthKind) throws {
        let scores = Self.benchmark.scores(of: kind)
        let forecaster = try #require(scores[.forecaster])
        #expect(forecaster.falseCount <= 1, Comment(rawValue: forecaster.failures.joined(separator: "\n")))
        #expect(forecaster.falseCount <= scores[.slope]?.falseCount ?? 0)
    }

    @Test func staysSilent_whenTheSameDayReturns() {
        // The first morning may be growth for all that can be known.
        let day = 24 * 3600.0
        for seed in UInt64(0)..<4 {
            let scenario = GrowthScenario(kind: .wave, isPositive: false, seed: 4_300_000 + seed)
            let outcome = ForecastOutcome(of: .forecaster, in: scenario)
            #expect(!outcome.episodes.contains { $0.raised > day }, "seed \(scenario.seed): \(scenario.detail)")
        }
    }

    @Test func simulatesTheSame_whenTheSeedIsTheSame() {
        let first = GrowthScenario(kind: .sawtooth, isPositive: true, seed: 7)
        let second = GrowthScenario(kind: .sawtooth, isPositive: true, seed: 7)
        #expect(first.samples == second.samples)
        #expect(first.samples != GrowthScenario(kind: .sawtooth, isPositive: true, seed: 8).samples)
    }

    @Test func reportsEveryShape() {
        var benchmark = ForecastBenchmark()
        benchmark.count = 1
        benchmark.kinds = [.linear, .jump, .flat]
        let report = benchmark.run { _ in }
        #expect(report.sections.count == 2)
        #expect(report.figures["linear/forecaster/recall"]?.median == 1)
        #expect(report.figures["jump/forecaster/recall"]?.median == 0)
    }
}
