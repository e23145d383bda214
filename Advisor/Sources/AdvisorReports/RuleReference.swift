import AdvisorCore
public import AdvisorRules

/// The documentation of rules, from the rules themselves.
public enum RuleReference {
    /// All rules as a section of Markdown.
    public static func markdown() -> String {
        var lines = [
            "# Rules of strata advise source", "",
            "Written by `strata-advise rules --markdown`; a test compares. Edit the rules, not this file.", "",
            "| Rule | Finds | Severity | By default |", "|---|---|---|---|",
        ]
        for rule in RuleSet.all {
            lines.append(
                "| [\(rule.id)](#\(rule.id)) | \(rule.title) | \(rule.severity.rawValue) | \(rule.defaultText) |"
            )
        }
        for family in RuleFamily.allCases {
            lines += ["", "## \(family.rawValue)"]
            for rule in RuleSet.all where rule.family == family {
                lines += [
                    "", "### \(rule.id)", "",
                    "\(rule.title). Severity: \(rule.severity.rawValue), \(rule.defaultText) by default.",
                    "", rule.explanation.reason, "", "```swift fragment", rule.explanation.example, "```", "",
                    "Better:", "",
                    "```swift fragment", rule.explanation.fix,
                    "```", "", "**When it is wrong:** \(rule.explanation.whenWrong)",
                ]
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One rule for a terminal.
    public static func text(_ rule: any Rule) -> String {
        func indented(_ text: String) -> String {
            text.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }.joined(separator: "\n")
        }
        return """
            \(rule.id) (\(rule.severity.rawValue), \(rule.defaultText) by default)
            \(rule.title)

            Why
            \(wrapped(rule.explanation.reason))

            Example
            \(indented(rule.explanation.example))

            Better
            \(indented(rule.explanation.fix))

            When it is wrong
            \(wrapped(rule.explanation.whenWrong))

            """
    }

    /// All rules as a table for a terminal.
    public static func table() -> String {
        let width = RuleSet.all.map(\.id.count).max() ?? 0
        return RuleSet.all.map { rule in
            let id = rule.id + String(repeating: " ", count: width - rule.id.count)
            let severity = rule.severity.rawValue + String(repeating: " ", count: 7 - rule.severity.rawValue.count)
            let status = rule.defaultText + String(repeating: " ", count: 11 - rule.defaultText.count)
            return "\(id)  \(severity)  \(status)  \(rule.title)"
        }.joined(separator: "\n") + "\n"
    }

    private static func wrapped(_ text: String) -> String {
        var lines: [String] = []
        var line = "   "
        for word in text.split(separator: " ") {
            if line.count + word.count + 1 > 100 {
                lines.append(line)
                line = "   "
            }
            line += " " + word
        }
        return (lines + [line]).joined(separator: "\n")
    }
}
