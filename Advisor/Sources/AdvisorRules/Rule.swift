public import AdvisorCore

/// What a rule tells its readers: printed by `strata-advise rules` and written to the rule reference.
public struct RuleExplanation: Sendable {
    /// Why what is found costs something or is wrong.
    public let reason: String
    /// Swift code that the rule finds.
    public let example: String
    /// Swift code that is better.
    public let fix: String
    /// When the finding should be ignored.
    public let whenWrong: String

    /// Names the four parts.
    public init(reason: String, example: String, fix: String, whenWrong: String) {
        self.reason = reason
        self.example = example
        self.fix = fix
        self.whenWrong = whenWrong
    }
}

/// The families of rules, in the order of the reference.
public enum RuleFamily: String, Sendable, CaseIterable {
    /// State that several tasks or threads use.
    case sharing = "Sharing between tasks"
    /// Dictionaries that serve as caches.
    case caches = "Caches"
    /// How dictionaries are used.
    case dictionaries = "Dictionaries"
    /// Layout, boxes and allocations.
    case memory = "Memory"
    /// Calls of Redis clients.
    case redis = "Redis"
}

/// Something that is looked for in a file.
public protocol Rule: Sendable {
    /// The name in reports, configuration and suppressions: words with hyphens.
    var id: String { get }
    /// One line that says what is found.
    var title: String { get }
    /// The family in the reference.
    var family: RuleFamily { get }
    /// How much a finding matters unless the configuration says otherwise.
    var severity: Severity { get }
    /// Whether the rule runs without being asked for.
    var isOnByDefault: Bool { get }
    /// Whether some of its findings are shown only when the rule is asked for, because the source doesn't prove them.
    var hasDoubtfulFindings: Bool { get }
    /// What the rule tells its readers.
    var explanation: RuleExplanation { get }

    /// Looks at one file of a project.
    ///
    /// **Concurrency:** called for several files at once.
    func check(_ file: SourceFile, in project: Project, report: inout Reporter)
}

extension Rule {
    /// False: what is found is shown.
    public var hasDoubtfulFindings: Bool { false }

    /// When the rule runs, in a few words for tables.
    public var defaultText: String {
        guard isOnByDefault else { return "off" }
        return hasDoubtfulFindings ? "on, in part" : "on"
    }
}
