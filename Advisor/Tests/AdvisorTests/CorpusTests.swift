import AdvisorCore
import AdvisorRules
import Foundation
import Testing

/// Every rule over its corpus: `positive-N.swift` has findings where lines end in `// expect: rule`, `negative-N.swift` has none.
///
/// What is found only when the rule is asked for is in `doubtful-N.swift`, or ends in `// expect if asked: rule`.
@Suite struct CorpusTests {
    static let ids = RuleSet.all.map(\.id)

    @Test(arguments: ids)
    func findsWhatIsMarkedAndNothingElse(id: String) throws {
        let files = try TestFiles.swiftFiles(in: "Corpus/\(id)")
        for file in files {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let findings = RuleRunner.run(RuleSelection(only: [id]), on: Project(text: text, path: file)).findings
            let expected = lines(of: text, endingIn: ["// expect: \(id)", "// expect if asked: \(id)"])
            #expect(findings.map(\.line) == expected, "\(file)")
            #expect(expected.isEmpty == file.contains("/negative-"), "\(file)")
        }
    }

    @Test(arguments: ids)
    func showsOnlyWhatIsCertainUnlessAsked(id: String) throws {
        var certain = 0
        for file in try TestFiles.swiftFiles(in: "Corpus/\(id)") {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            var selection = RuleSelection(only: [id])
            selection.asked = []
            let findings = RuleRunner.run(selection, on: Project(text: text, path: file)).findings
            let expected = file.contains("/doubtful-") ? [] : lines(of: text, endingIn: ["// expect: \(id)"])
            #expect(findings.map(\.line) == expected, "\(file)")
            if !expected.isEmpty { certain += 1 }
        }
        let rule = try #require(RuleSet.rule(named: id))
        if rule.isOnByDefault { #expect(certain >= 8) }
    }

    private func lines(of text: String, endingIn marks: [String]) -> [Int] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { line in marks.contains { line.element.hasSuffix($0) } }.map { $0.offset + 1 }
    }

    @Test(arguments: ids)
    func hasEightCasesOfEachKind(id: String) throws {
        let files = try TestFiles.swiftFiles(in: "Corpus/\(id)")
        #expect(files.count { $0.contains("/positive-") } >= 8)
        #expect(files.count { $0.contains("/negative-") } >= 8)
    }

    @Test func hasNoFolderOfAnUnknownRule() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: TestFiles.path("Corpus"))
        #expect(Set(folders) == Set(Self.ids))
    }

    /// Whatever an editor leaves half-written is read without a crash.
    @Test(arguments: ids)
    func survivesTornText(id: String) throws {
        for file in try TestFiles.swiftFiles(in: "Corpus/\(id)").prefix(4) {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            for cut in stride(from: 7, to: text.count, by: 23) {
                let torn = String(text.prefix(cut)) + String(text.dropFirst(cut + 5))
                let project = Project(text: torn, path: file)
                _ = RuleRunner.run(RuleSelection(only: CorpusTests.ids), on: project)
            }
        }
    }
}
