public import AdvisorCore
public import SwiftSyntax

/// Takes a rule's findings in one file.
public struct Reporter {
    /// What was found, in the order of discovery.
    public private(set) var findings: [Finding] = []
    private let rule: String
    private let severity: Severity
    private let file: SourceFile
    private var offsets: Set<Int> = []

    /// A reporter for one rule and one file.
    public init(rule: any Rule, severity: Severity, file: SourceFile) {
        self.rule = rule.id
        self.severity = severity
        self.file = file
    }

    /// Adds a finding at a node; a second one at the same place is dropped.
    public mutating func report(
        _ node: some SyntaxProtocol, _ message: String, suggestion: String, edits: [TextEdit] = []
    ) {
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
