public import AdvisorCore

/// All rules there are.
public enum RuleSet {
    /// The rules in the order of the reference.
    public static let all: [any Rule] = [
        UnprotectedSharedDictionary(), DictionaryCapturedByTasks(), LockedDictionary(), ActorAsMap(),
        CheckThenLoad(), UnboundedCache(), HandWrittenExpiry(),
        ReserveCapacity(), RepeatedLookup(), CopyOnWriteCopy(), DenseIntegerKeys(), LiteralTableInBody(),
        PropertyOrder(), FalseSharing(), ExistentialInLoop(), ClassInLoop(), EscapingClosureInLoop(),
        RedisReadModifyWrite(), RedisCallPerItem(), RedisKeyWithoutExpiry(),
    ]

    /// The identifier of findings about suppressions that give no reason or name no rule.
    public static let suppressionRule = "suppression"

    /// The rule with an identifier.
    public static func rule(named id: String) -> (any Rule)? { all.first { $0.id == id } }
}

/// Which rules run, and with which severity.
public struct RuleSelection: Sendable {
    /// Identifiers of the rules that run.
    public var enabled: Set<String>
    /// Severities that differ from the rules' own.
    public var severities: [String: Severity]
    /// Identifiers of the rules whose doubtful findings are shown too: those that somebody asked for.
    public var asked: Set<String>

    /// The rules that are on by default, without their doubtful findings.
    public init() {
        enabled = Set(RuleSet.all.filter(\.isOnByDefault).map(\.id))
        severities = [:]
        asked = []
    }

    /// Only some rules, with all that they find.
    public init(only ids: [String]) {
        enabled = Set(ids)
        severities = [:]
        asked = Set(ids)
    }
}

/// Runs rules over projects.
public enum RuleRunner {
    /// What a run found in one project.
    public struct Result: Sendable {
        /// In order of path and line.
        public let findings: [Finding]
        /// How many findings comments silenced.
        public let suppressedCount: Int
    }

    /// Runs the selected rules over all files, several at a time.
    ///
    /// A suppression without a reason, or of a rule that doesn't exist, silences nothing and is a finding itself.
    ///
    /// - Complexity: O(source), over all cores.
    public static func run(_ selection: RuleSelection, on project: Project) -> Result {
        let rules = RuleSet.all.filter { selection.enabled.contains($0.id) }
        let results = WorkerThreads.map(count: project.files.count) { position in
            check(project.files[position], rules: rules, selection: selection, in: project)
        }
        return Result(
            findings: results.flatMap(\.findings), suppressedCount: results.reduce(0) { $0 + $1.suppressedCount })
    }

    private static func check(
        _ file: SourceFile, rules: [any Rule], selection: RuleSelection, in project: Project
    ) -> Result {
        var findings: [Finding] = []
        for rule in rules {
            var reporter = Reporter(
                rule: rule, severity: selection.severities[rule.id] ?? rule.severity, file: file,
                takesDoubtful: selection.asked.contains(rule.id))
            rule.check(file, in: project, report: &reporter)
            findings += reporter.findings
        }
        var suppressed = 0
        for suppression in file.suppressions {
            let known = RuleSet.rule(named: suppression.rule) != nil
            if known, !suppression.reason.isEmpty {
                let before = findings.count
                findings.removeAll {
                    $0.rule == suppression.rule && ($0.line == suppression.line || $0.line == suppression.line + 1)
                }
                suppressed += before - findings.count
            } else {
                findings.append(complaint(about: suppression, known: known, in: file))
            }
        }
        findings.sort { ($0.line, $0.column, $0.rule) < ($1.line, $1.column, $1.rule) }
        return Result(findings: findings, suppressedCount: suppressed)
    }

    private static func complaint(about suppression: Suppression, known: Bool, in file: SourceFile) -> Finding {
        let text = file.text(ofLine: suppression.line)
        let indentation = text.prefix { $0 == " " || $0 == "\t" }.utf8.count
        return Finding(
            rule: RuleSet.suppressionRule, severity: .warning, path: file.path, line: suppression.line,
            column: indentation + 1, length: max(1, text.utf8.count - indentation),
            message: known
                ? "This comment silences '\(suppression.rule)' without a reason, so it silences nothing."
                : "There is no rule '\(suppression.rule)', so this comment silences nothing.",
            suggestion: known
                ? "Write the reason after the rule: // \(Suppression.marker) \(suppression.rule) why it is fine here"
                : "'strata-advise rules' lists the rules.",
            edits: [], sourceLine: String(text.dropFirst(indentation)), indentation: indentation)
    }
}
