import Foundation
import StrataLab
import Testing

@Suite struct LabReportTests {
    private func report() -> LabReport {
        var machine = MachineDescription.current()
        machine.processor = "A <fast> & good one"
        var report = LabReport(title: "A test", summary: "What was done.", machine: machine, seconds: 3)
        var section = LabReport.Section(title: "Results", note: "Lower is better.")
        section.bars = [
            BarChart(
                title: "Time", unit: "ns", base: "ours",
                groups: [
                    .init(
                        title: "get",
                        bars: [
                            .init(subject: "ours", samples: Samples([10, 12, 11])),
                            .init(subject: "a <lock>", samples: Samples([33, 30])),
                        ])
                ])
        ]
        var recorder = LatencyRecorder()
        for value in 1...1_000 as ClosedRange<UInt64> { recorder.record(value * 100) }
        section.lines = [
            .latencies(title: "Latency", [("ours", recorder.summary), ("noise", LatencySummary())]),
            LineChart(
                title: "Hit ratio by size", x: .init("size", .logarithmic), y: .init("hit ratio", .linear, .share),
                series: [.init(name: "lru", x: [1_000, 10_000, 100_000], y: [0.2, 0.4, 0.8])]),
        ]
        section.tables = [FigureTable(title: "Slots", columns: ["", "moved"], rows: [["ours", "32"]])]
        report.sections = [section, .init(title: "Nothing")]
        return report
    }

    @Test func textHasMediansAndRatios() {
        let text = report().text
        #expect(text.contains("a <lock>"))
        #expect(text.contains("11.0"))
        #expect(text.contains("2.86"))
        #expect(text.contains("P99.99"))
        #expect(text.contains("max"))
        #expect(!text.contains("Nothing"))
        #expect(text.split(separator: "\n").contains { $0.hasPrefix("ours") && $0.hasSuffix("32") })
    }

    @Test func jsonCanBeReadBack() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("strata-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = ReportOutput(
            jsonPath: folder.appendingPathComponent("r.json").path,
            htmlPath: folder.appendingPathComponent("r.html").path)
        try output.check()
        try output.write(report())
        let data = try Data(contentsOf: folder.appendingPathComponent("r.json"))
        let read = try JSONDecoder().decode(LabReport.self, from: data)
        #expect(read.sections[0].bars[0].groups[0].bars[1].samples.values == [33, 30])
        #expect(
            try String(contentsOfFile: folder.appendingPathComponent("r.html").path, encoding: .utf8).hasSuffix(
                "</html>\n"))
    }

    @Test func placesThatCannotBeWrittenAreNamed() {
        #expect(throws: ReportOutput.Failure.self) { try ReportOutput(jsonPath: "/no/such/folder/a.json").check() }
    }

    @Test func pageIsWellFormedAndWhole() throws {
        let html = report().html
        for text in ["ours", "a &lt;lock&gt;", "A &lt;fast&gt; &amp; good one", "Hit ratio by size", "80.0 %", "lru"] {
            #expect(html.contains(text), "\(text)")
        }
        #expect(html.contains("prefers-color-scheme: dark"))
        #expect(html.contains("@media print"))
        #expect(!html.contains("http"))
        #expect(!html.contains("nan"))
        // The parser of XML takes the page if every element is closed; it doesn't know what HTML leaves open.
        let markup = html.replacingOccurrences(of: "<!doctype html>", with: "")
            .replacingOccurrences(of: "<meta charset=\"utf-8\">", with: "")
            .replacingOccurrences(
                of: "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">", with: "")
        var depth: [String] = []
        for match in markup.matches(of: /<(\/?)([a-z0-9]+)[^>]*?(\/?)>/) {
            if !match.output.3.isEmpty { continue }
            if match.output.1.isEmpty {
                depth.append(String(match.output.2))
            } else {
                #expect(depth.popLast() == String(match.output.2))
            }
        }
        #expect(depth.isEmpty)
    }

    @Test(arguments: [
        (0.0, "0"), (0.0123, "0.012"), (1.234, "1.23"), (12.34, "12.3"), (1_234, "1234"), (12_345, "12.3k"),
        (4_000_000, "4.0M"),
    ])
    func numbersAreShort(value: Double, text: String) {
        #expect(Figures.short(value) == text)
    }

    @Test(arguments: [
        (950.0, "950 ns"), (1_500, "1.5 µs"), (250_000, "250 µs"), (4_200_000, "4.2 ms"), (2e9, "2.00 s"),
    ])
    func timesHaveTheirUnit(value: Double, text: String) {
        #expect(Figures.duration(value) == text)
    }
}
