import AdvisorCore
import AdvisorRules
import Foundation

/// The report as one JSON object.
enum JSONReport {
    private struct Document: Encodable {
        let version = 1
        let files: Int
        let lines: Int
        let packages: Int
        let suppressed: Int
        let inBaseline: Int
        let skipped: [Skipped]
        let findings: [Item]
    }

    private struct Skipped: Encodable {
        let path: String
        let reason: String
    }

    private struct Item: Encodable {
        let rule: String
        let severity: Severity
        let path: String
        let line: Int
        let column: Int
        let length: Int
        let message: String
        let suggestion: String
        let source: String
        let fixable: Bool
        let fingerprint: String
    }

    static func render(_ report: Report) throws -> String {
        let items = report.findings.map { finding in
            Item(
                rule: finding.rule, severity: finding.severity, path: report.shown(finding.path), line: finding.line,
                column: finding.column, length: finding.length, message: finding.message,
                suggestion: finding.suggestion,
                source: finding.sourceLine, fixable: !finding.edits.isEmpty,
                fingerprint: finding.fingerprint(relativeTo: report.base))
        }
        return try encode(
            Document(
                files: report.fileCount, lines: report.lineCount, packages: report.packageCount,
                suppressed: report.suppressedCount,
                inBaseline: report.baselineCount,
                skipped: report.skipped.map {
                    Skipped(path: report.shown($0.path), reason: $0.reason.description)
                }, findings: items))
    }

    /// Any value as readable JSON with sorted keys and a line feed.
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
