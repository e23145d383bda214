import AdvisorCore
import AdvisorRules
import Testing

/// Comments that silence rules.
@Suite struct SuppressionTests {
    private func run(_ comment: String, above: Bool) -> RuleRunner.Result {
        let line = "    stock[name] = (stock[name] ?? 0) + 1"
        let text = """
            var stock: [String: Int] { get { [:] } set {} }
            func add(_ name: String) {
                var stock: [String: Int] = [:]
            \(above ? "    " + comment + "\n" + line : line + " " + comment)
            }
            """
        return RuleRunner.run(RuleSelection(), on: Project(text: text))
    }

    @Test(arguments: [true, false])
    func silences_whenAReasonIsGiven(above: Bool) {
        let result = run("// strata:ignore repeated-lookup the table is tiny", above: above)
        #expect(result.findings.isEmpty)
        #expect(result.suppressedCount == 1)
    }

    @Test(arguments: ["// strata:ignore repeated-lookup", "// strata:ignore repeated-lookup   "])
    func isAFinding_whenTheReasonIsMissing(comment: String) {
        let result = run(comment, above: true)
        #expect(result.findings.map(\.rule) == ["suppression", "repeated-lookup"])
        #expect(result.suppressedCount == 0)
    }

    @Test func isAFinding_whenThereIsNoSuchRule() {
        #expect(
            run("// strata:ignore no-such-rule because", above: true).findings.map(\.rule) == [
                "suppression", "repeated-lookup",
            ])
    }

    @Test func leavesOtherRulesAlone() {
        #expect(
            run("// strata:ignore reserve-capacity few turns", above: true).findings.map(\.rule) == ["repeated-lookup"])
    }
}
