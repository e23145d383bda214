public import AdvisorCore
public import SwiftSyntax

/// Takes a rule's findings in one file.
public struct Reporter {
    /// What was found, in the order of discovery.
    public private(set) var findings: [Finding] = []
    private let rule: String
    private let severity: Severity
    private let file: SourceFile
    private let takesDoubtful: Bool
    private var offsets: Set<Int> = []

    /// A reporter for one rule and one file.
    ///
    /// - Parameters:
    ///   - rule: The rule that reports.
    ///   - severity: How much its findings matter.
    ///   - file: Where they are.
    ///   - takesDoubtful: Whether findings are kept that the source doesn't prove.
    public init(rule: any Rule, severity: Severity, file: SourceFile, takesDoubtful: Bool = true) {
        self.rule = rule.id
        self.severity = severity
        self.file = file
        self.takesDoubtful = takesDoubtful
    }

    /// Adds a finding at a node; a second one at the same place is dropped.
    ///
    /// - Parameters:
    ///   - node: What is found.
    ///   - message: What is the matter with it.
    ///   - suggestion: What to do.
    ///   - edits: A fix that keeps the meaning.
    ///   - isDoubtful: Whether something that the source doesn't show decides if it is right: left out unless the rule was asked for by name.
    public mutating func report(
        _ node: some SyntaxProtocol, _ message: String, suggestion: String, edits: [TextEdit] = [],
        isDoubtful: Bool = false
    ) {
        guard takesDoubtful || !isDoubtful else { return }
        let range = node.trimmedBytes
        guard offsets.insert(range.lowerBound).inserted else { return }
        let (line, column) = file.lines.position(ofOffset: range.lowerBound)
        let lineEnd = file.lines.byteRange(ofLine: line).upperBound
        let length = max(1, min(range.upperBound, lineEnd) - range.lowerBound)
        let text = file.text(ofLine: line)
        let indentation = text.prefix { $0 == " " || $0 == "\t" }.utf8.count
        findings.append(
            Finding(
                rule: rule, severity: severity, path: file.path, line: line, column: column, length: length,
                message: message, suggestion: suggestion, edits: edits, sourceLine: String(text.dropFirst(indentation)),
                indentation: indentation))
    }
}
