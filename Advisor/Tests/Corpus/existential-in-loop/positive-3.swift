protocol Rule { func matches(_ text: String) -> Bool }
struct Pattern: Rule {
    let prefix: String
    let suffix: String
    func matches(_ text: String) -> Bool { text.hasPrefix(prefix) }
}
struct Filter {
    let rules: [any Rule]

    func count(_ lines: [String]) -> Int {
        var count = 0
        for line in lines {
            for rule in rules { // expect: existential-in-loop
                if rule.matches(line) { count += 1 }
            }
        }
        return count
    }
}
