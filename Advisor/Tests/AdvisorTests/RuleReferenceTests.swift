import AdvisorCore
import AdvisorReports
import AdvisorRules
import Foundation
import Testing

/// What rules say of themselves.
@Suite struct RuleReferenceTests {
    @Test func referenceIsUpToDate() throws {
        let path = TestFiles.repositoryPath("docs/advisor-rules.md")
        #expect(
            try String(contentsOfFile: path, encoding: .utf8) == RuleReference.markdown(),
            "write it again: Advisor/.build/release/strata-advise rules --markdown > docs/advisor-rules.md")
    }

    @Test(arguments: RuleSet.all.map(\.id))
    func explainsItself(id: String) throws {
        let rule = try #require(RuleSet.rule(named: id))
        #expect(!rule.title.isEmpty && !rule.title.hasSuffix("."))
        #expect(id.allSatisfy { $0.isLowercase || $0 == "-" })
        for text in [
            rule.explanation.reason, rule.explanation.example, rule.explanation.fix, rule.explanation.whenWrong,
        ] {
            #expect(!text.isEmpty)
        }
    }

    @Test func identifiersAreUnique() { #expect(Set(RuleSet.all.map(\.id)).count == RuleSet.all.count) }
}
