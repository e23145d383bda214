import StrataLab
import Testing

@Suite struct PlotTests {
    private func report(_ title: String, bars: [BarChart] = [], lines: [LineChart] = []) -> LabReport {
        var report = LabReport(title: title, summary: "", machine: .current())
        var section = LabReport.Section(title: "Section")
        section.bars = bars
        section.lines = lines
        report.sections = [section]
        return report
    }

    private func chart(_ values: [(String, Double)]) -> BarChart {
        BarChart(
            title: "Time", unit: "ns per operation", base: "ours",
            groups: [.init(title: "get", bars: values.map { .init(subject: $0, samples: Samples([$1])) })])
    }

    @Test func barIsCutOff_whenItIsFarLongerThanTheBase() {
        let html = report("a", bars: [chart([("ours", 10), ("near", 60), ("far", 900)])]).html
        #expect(html.components(of: "class=\"cut\"") == 2)
        #expect(html.contains("900 ns"))
    }

    @Test func noBarIsCutOff_whenMostAreFarLonger() {
        let html = report("a", bars: [chart([("ours", 10), ("far", 800), ("farther", 900)])]).html
        #expect(html.components(of: "class=\"cut\"") == 0)
    }

    @Test func longCurvesHaveAPanelEach() {
        let x = (0..<100).map(Double.init)
        let series = ["ours", "theirs"].map { LineChart.Series(name: $0, x: x, y: x) }
        let html = report("a", lines: [LineChart(title: "Time", x: .init("n"), y: .init("time"), series: series)]).html
        #expect(html.components(of: "class=\"name\"") == 2)
    }

    @Test func subjectsKeepTheirColour_andNoiseIsGrey() {
        let series = ["theirs", "noise"].map { LineChart.Series(name: $0, x: [1, 2], y: [1, 2]) }
        let html = report(
            "a", bars: [chart([("ours", 10), ("theirs", 20)])],
            lines: [LineChart(title: "Time", x: .init("n"), y: .init("time"), series: series)]
        ).html
        #expect(html.contains("curve s1"))
        #expect(html.contains("curve sg"))
        #expect(!html.contains("curve s0"))
    }

    @Test func pageHasAllReports() {
        let html = LabReport.page(
            title: "All <of> it", [report("first"), report("second", bars: [chart([("ours", 1)])])])
        #expect(html.contains("All &lt;of&gt; it"))
        #expect(html.contains("href=\"#report-1\""))
        #expect(html.contains("id=\"report-0\""))
        #expect(html.components(of: "<h1>") == 3)
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1\u{202F}000"), (-1_234_567, "-1\u{202F}234\u{202F}567")])
    func digitsAreGrouped(value: Int, text: String) {
        #expect(Figures.grouped(value) == text)
    }
}

extension String {
    /// How often a part occurs.
    fileprivate func components(of part: String) -> Int {
        split(separator: part, omittingEmptySubsequences: false).count - 1
    }
}
