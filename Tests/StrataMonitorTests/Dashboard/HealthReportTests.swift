import StrataMonitor
import Testing

@Suite struct HealthReportTests {
    @Test func isGood_whenThereIsNoConcern() {
        let report = HealthReport([.init(.good, "98 % of the lookups find something.")], isIdle: false)
        #expect(report.level == .good)
        #expect(report.headline == "Everything is fine")
        #expect(report.reasons.count == 1)
    }

    @Test func waits_whenNobodyHasAsked() {
        let report = HealthReport([], isIdle: true)
        #expect(report.level == .good)
        #expect(report.headline.contains("waiting"))
    }

    @Test func takesTheWorst_andPutsItFirst() {
        let report = HealthReport(
            [.init(.good, "fine"), .init(.warning, "look"), .init(.critical, "act")], isIdle: false)
        #expect(report.level == .critical)
        #expect(report.headline == "One thing needs attention now")
        #expect(report.reasons.map(\.text) == ["act", "look"])
    }

    @Test func countsWhatThereIsToLookAt() {
        #expect(HealthReport([.init(.warning, "a")], isIdle: false).headline == "One thing to look at")
        #expect(
            HealthReport([.init(.warning, "a"), .init(.warning, "b")], isIdle: true).headline == "2 things to look at")
    }
}
