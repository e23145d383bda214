// One pass, not within another loop.
protocol Rule { func matches(_ text: String) -> Bool }
struct Pattern: Rule {
    let prefix: String
    let suffix: String
    func matches(_ text: String) -> Bool { text.hasPrefix(prefix) }
}
func matches(_ text: String, _ rules: [any Rule]) -> Bool {
    for rule in rules where rule.matches(text) { return true }
    return false
}
