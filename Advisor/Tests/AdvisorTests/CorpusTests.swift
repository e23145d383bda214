import AdvisorCore
import AdvisorRules
import Foundation
import Testing

/// Every rule over its corpus: `positive-N.swift` has findings where lines end in `// expect: rule`, `negative-N.swift` has none.
@Suite struct CorpusTests {
    static let ids = RuleSet.all.map(\.id)

    @Test(arguments: ids)
    func findsWhatIsMarkedAndNothingElse(id: String) throws {
        let files = try TestFiles.swiftFiles(in: "Corpus/\(id)")
        for file in files {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let findings = RuleRunner.run(RuleSelection(only: [id]), on: Project(text: text, path: file)).findings
            let expected = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
                .filter { $0.element.hasSuffix("// expect: \(id)") }.map { $0.offset + 1 }
            #expect(findings.map(\.line) == expected, "\(file)")
            #expect(expected.isEmpty == file.contains("/negative-"), "\(file)")
        }
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
