import AdvisorReports
import AdvisorRules
import ArgumentParser

/// `strata-advise rules`.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "List the rules, or explain one.", aliases: ["explain"])

    @Argument(help: ArgumentHelp("The rule to explain; all are listed without.", valueName: "rule"))
    var rule: String?
    @Flag(help: "Print the rule reference in Markdown.")
    var markdown = false

    func run() throws {
        if markdown {
            print(RuleReference.markdown(), terminator: "")
        } else if let rule {
            guard let found = RuleSet.rule(named: rule) else {
                throw Status.usage("there is no rule '\(rule)' ('strata-advise rules' lists them)")
            }
            print(RuleReference.text(found), terminator: "")
        } else {
            print(RuleReference.table(), terminator: "")
        }
    }
}
