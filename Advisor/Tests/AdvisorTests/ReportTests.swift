import AdvisorCore
import AdvisorReports
import AdvisorRules
import Foundation
import Testing

/// What the formats contain.
@Suite struct ReportTests {
    static let text = """
        struct Stock {
            var stock: [String: Int] = [:]
            mutating func add(_ name: String) {
                stock[name] = (stock[name] ?? 0) + 1
            }
        }
        """

    private func report(_ text: String = Self.text, path: String = "/base/Sources/A, b.swift") -> Report {
        let result = RuleRunner.run(RuleSelection(), on: Project(text: text, path: path))
        return Report(
            findings: result.findings, fileCount: 1, lineCount: 6, packageCount: 1,
            suppressedCount: result.suppressedCount, seconds: 0.1, base: "/base")
    }

    @Test func textBeginsWithASummaryAndPointsAtTheSource() throws {
        let text = try ReportFormat.text.render(report(), usesColour: false)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "Read 6 lines in 1 file of 1 package (0.1 s).")
        #expect(lines[1] == "Found 1 note:")
        #expect(lines[3] == "    1  repeated-lookup  The same key is hashed and looked up twice")
        #expect(lines[5].hasPrefix("Sources/A, b.swift:4:9: note: "))
        #expect(lines[6] == " 4 | stock[name] = (stock[name] ?? 0) + 1")
        #expect(lines[7] == "   | ^~~~~~~~~~~")
        #expect(!text.contains("\u{1B}"))
        let coloured = try ReportFormat.text.render(report(), usesColour: true)
        #expect(coloured.contains("\u{1B}[36mnote\u{1B}[0m"))
    }

    @Test func textSaysThatNothingWasFound() throws {
        let text = try ReportFormat.text.render(report("let x = 1\n"), usesColour: false)
        #expect(text.contains("Nothing found."))
    }

    @Test func jsonHasAllOfAFinding() throws {
        let data = Data(try ReportFormat.json.render(report(), usesColour: false).utf8)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let finding = try #require((object["findings"] as? [[String: Any]])?.first)
        #expect(finding["rule"] as? String == "repeated-lookup")
        #expect(finding["line"] as? Int == 4)
        #expect(finding["column"] as? Int == 9)
        #expect(finding["path"] as? String == "Sources/A, b.swift")
        #expect(finding["fixable"] as? Bool == true)
        #expect((finding["fingerprint"] as? String)?.count == 16)
    }

    @Test func sarifHasRulesAndPlaces() throws {
        let data = Data(try ReportFormat.sarif.render(report(), usesColour: false).utf8)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object["version"] as? String == "2.1.0")
        let run = try #require((object["runs"] as? [[String: Any]])?.first)
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let rules = try #require(driver["rules"] as? [[String: Any]]).compactMap { $0["id"] as? String }
        #expect(rules == RuleSet.all.map(\.id) + [RuleSet.suppressionRule])
        let result = try #require((run["results"] as? [[String: Any]])?.first)
        #expect(result["level"] as? String == "note")
        let place = try #require(
            ((result["locations"] as? [[String: Any]])?.first)?["physicalLocation"] as? [String: Any])
        #expect((place["artifactLocation"] as? [String: Any])?["uri"] as? String == "Sources/A%2C%20b.swift")
        #expect((place["region"] as? [String: Any])?["startLine"] as? Int == 4)
    }

    @Test func githubEscapes() throws {
        let text = try ReportFormat.github.render(report(), usesColour: false)
        #expect(text.hasPrefix("::notice file=Sources/A%2C b.swift,line=4,col=9,title=repeated-lookup::"))
        #expect(text.split(separator: "\n").count == 1)
    }

    @Test func baselineSilencesWhatIsKnownEvenWhenLinesMove() throws {
        let before = report()
        let baseline = Baseline(before.findings, base: "/base")
        #expect(baseline.unknown(among: before.findings, base: "/base").isEmpty)
        let moved = report("\n\n" + Self.text)
        #expect(baseline.unknown(among: moved.findings, base: "/base").isEmpty)
        let twice = report(Self.text + "\n" + Self.text.replacingOccurrences(of: "Stock", with: "Other"))
        #expect(twice.findings.count == 2)
        #expect(baseline.unknown(among: twice.findings, base: "/base").count == 1)
    }

    @Test func baselineIsReadAsWritten() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("advisor-baseline-\(UUID()).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let baseline = Baseline(report().findings, base: "/base")
        try baseline.text().write(toFile: path, atomically: true, encoding: .utf8)
        let again = try Baseline(contentsOf: path)
        #expect(again == baseline)
        try "{}".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: Baseline.Malformed.self) { try Baseline(contentsOf: path) }
    }
}
