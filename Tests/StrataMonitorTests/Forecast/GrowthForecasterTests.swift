import StrataMonitor
import Testing

@Suite struct GrowthForecasterTests {
    /// Feeds a minute-by-minute course and returns the last forecast.
    private func forecast(
        hours: Double, limit: Double = 100, interval: Double = 60, lead: Double? = nil, _ value: (Double) -> Double
    ) -> GrowthForecast {
        var forecaster = lead.map { GrowthForecaster(.init(lead: $0)) } ?? GrowthForecaster()
        var forecast = forecaster.forecast(limit: limit)
        for time in stride(from: 0, to: hours * 3600, by: interval) {
            forecaster.add(GrowthSample(time: time, value: value(time)))
            forecast = forecaster.forecast(limit: limit)
        }
        return forecast
    }

    @Test func knowsNothing_whenNothingWasSeen() {
        var forecaster = GrowthForecaster()
        let forecast = forecaster.forecast(limit: 1)
        #expect(forecast.secondsUntilLimit == nil)
        #expect(forecast.confidence == 0)
        #expect(forecast.shape == .unknown)
        #expect(forecast.warning == .none)
    }

    @Test func tellsTheTime_whenGrowthIsLinear() throws {
        // 0.1 per minute from 40: 100 after ten hours.
        let forecast = forecast(hours: 8) { 40 + $0 * 0.1 / 60 }
        #expect(forecast.shape == .linear)
        let seconds = try #require(forecast.secondsUntilLimit)
        #expect(abs(seconds - 2 * 3600) < 240)
        let band = try #require(forecast.band)
        #expect(band.early <= seconds && seconds <= band.late ?? .infinity)
        #expect(forecast.confidence > 0.9)
        #expect(abs(forecast.slope * 60 - 0.1) < 0.001)
        #expect(forecast.warning == .none)
    }

    @Test func tellsTheTime_whenGrowthIsExponential() throws {
        // Doubles every two hours: 12.5, 25, 50 after four hours, 100 after six.
        let forecast = forecast(hours: 5) { 12.5 * power(2, $0 / 7200) }
        #expect(forecast.shape == .exponential)
        #expect(abs(try #require(forecast.secondsUntilLimit) - 3600) < 360)
    }

    @Test func expectsNothing_whenGrowthComesToRestBelowTheLimit() {
        let forecast = forecast(hours: 6) { 90 - 60 * power(0.5, $0 / 5400) }
        #expect(forecast.secondsUntilLimit == nil)
        #expect(forecast.warning == .none)
    }

    @Test func seesTheSaw_whenDeletionsCutGrowthBack() {
        // Every two hours from 60 to 90.
        let forecast = forecast(hours: 21.8) { 60 + 30 * ($0 / 7200).truncatingRemainder(dividingBy: 1) }
        #expect(forecast.shape == .sawtooth)
        #expect(forecast.secondsUntilLimit == nil)
        #expect(forecast.warning == .none)
    }

    @Test func warnsThenPresses_whenTheLimitComesNear() {
        func warning(hours: Double) -> GrowthWarning { forecast(hours: hours) { 40 + $0 * 0.1 / 60 }.warning }
        #expect(warning(hours: 8.7) == .none)
        #expect(warning(hours: 9.5) == .warning)
        #expect(warning(hours: 9.85) == .critical)
    }

    @Test func takesTheWarningBack_whenGrowthStops() {
        let forecast = forecast(hours: 14) { min(95, 40 + $0 * 0.1 / 60) }
        #expect(forecast.warning == .none)
        #expect(forecast.secondsUntilLimit == nil)
    }

    @Test func isScaled_whenTheLeadIs() throws {
        // As linear growth above, a hundred times as fast.
        let forecast = forecast(hours: 0.08, interval: 0.6, lead: 13.8) { 40 + $0 * 10 / 60 }
        #expect(abs(try #require(forecast.secondsUntilLimit) - 72) < 3)
        #expect(forecast.warning == .none)
    }

    @Test func ignoresWhatIsNoMeasurement() {
        var forecaster = GrowthForecaster()
        var clean = GrowthForecaster()
        for time in stride(from: 0.0, to: 20_000, by: 60) {
            let sample = GrowthSample(time: time, value: 10 + time / 1000)
            clean.add(sample)
            forecaster.add(sample)
            forecaster.add(GrowthSample(time: time, value: .nan))
            forecaster.add(GrowthSample(time: .infinity, value: 1))
            forecaster.add(GrowthSample(time: time - 1000, value: 99))
        }
        #expect(forecaster.forecast(limit: 100) == clean.forecast(limit: 100))
    }

    @Test func followsTheLimit_whenItChanges() throws {
        var forecaster = GrowthForecaster()
        for time in stride(from: 0.0, to: 8 * 3600, by: 60) {
            forecaster.add(GrowthSample(time: time, value: 40 + time * 0.1 / 60))
        }
        let near = try #require(forecaster.forecast(limit: 100).secondsUntilLimit)
        let far = try #require(forecaster.forecast(limit: 112).secondsUntilLimit)
        #expect(abs(far - near - 2 * 3600) < 60)
    }

    /// Powers without a mathematics library: by squaring roots.
    private func power(_ base: Double, _ exponent: Double) -> Double {
        let whole = exponent.rounded(.down)
        var result = 1.0
        for _ in 0..<Int(whole) { result *= base }
        var part = exponent - whole
        var root = base
        for _ in 0..<40 {
            root = root.squareRoot()
            part *= 2
            if part >= 1 {
                result *= root
                part -= 1
            }
        }
        return result
    }
}
