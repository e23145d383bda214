import StrataMonitor
import Testing

@Suite struct SmoothedTrendTests {
    private func trend(hours: Double, _ value: (Double) -> Double) -> SmoothedTrend {
        var trend = SmoothedTrend()
        for time in stride(from: 0, to: hours * 3600, by: 60) {
            trend.add(GrowthSample(time: time, value: value(time)), limit: 100)
        }
        return trend
    }

    @Test func tellsTheTime_whenGrowthIsLinear() throws {
        let trend = trend(hours: 16) { 20 + $0 * 0.07 / 60 }
        #expect(abs(trend.slope * 60 - 0.07) < 0.001)
        // The newest sample is the mean of the last eight minutes.
        #expect(abs(try #require(trend.secondsUntil(limit: 100)) - 180 * 60) < 1500)
    }

    @Test func warns_whenThreeSamplesAreSteepAndTheLimitIsNear() {
        #expect(!trend(hours: 8) { 40 + $0 * 0.1 / 60 }.isWarning(limit: 100))
        #expect(trend(hours: 9.5) { 40 + $0 * 0.1 / 60 }.isWarning(limit: 100))
    }

    @Test func staysSilent_whenTheSlopeIsLow() {
        #expect(!trend(hours: 10) { 90 + $0 * 0.01 / 60 }.isWarning(limit: 100))
        #expect(!trend(hours: 10) { _ in 95 }.isWarning(limit: 100))
    }
}
