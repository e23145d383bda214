import StrataMonitor
import Testing

@Suite struct LimitWatchTests {
    @Test func showsWhatIsExpected() throws {
        let watch = LimitWatch()
        for time in stride(from: 0.0, to: 8 * 3600, by: 60) {
            watch.observe("db0", value: 40 + time * 0.1 / 60, limit: 100, time: time)
        }
        let figure = try #require(watch.figures.first)
        #expect(figure.name == "db0")
        #expect(abs((figure.forecast.secondsUntilLimit ?? 0) - 7200) < 300)
        let family = try #require(watch.families.first { $0.name == "strata_forecast_seconds_to_limit" })
        #expect(family.samples.first?.value == figure.forecast.secondsUntilLimit)
        #expect(family.samples.first?.labels.first?.value == "db0")
    }

    @Test func saysInfinity_whenNothingIsExpected() throws {
        let watch = LimitWatch()
        watch.observe("db0", value: 1, limit: 10, time: 0)
        let family = try #require(watch.families.first { $0.name == "strata_forecast_seconds_to_limit" })
        #expect(family.samples.first?.value == .infinity)
    }

    @Test func forgetsWhatHasNoLimitAndWhatIsGone() {
        let watch = LimitWatch()
        for name in ["a", "b", "c"] { watch.observe(name, value: 1, limit: 10, time: 0) }
        watch.observe("a", value: 1, limit: 0, time: 1)
        watch.keep { $0 != "b" }
        #expect(watch.figures.map(\.name) == ["c"])
    }

    @Test func ignoresWhatIsTooMany() {
        let watch = LimitWatch(capacity: 1)
        watch.observe("a", value: 1, limit: 10, time: 0)
        watch.observe("b", value: 1, limit: 10, time: 0)
        #expect(watch.figures.map(\.name) == ["a"])
    }
}
