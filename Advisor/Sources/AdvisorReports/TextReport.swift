import AdvisorCore
import AdvisorRules
import Foundation

/// A report for people.
///
/// The summary comes first, so that the first screen says what there is and what to do about it.
struct TextReport {
    let usesColour: Bool

    func render(_ report: Report) -> String {
        var lines = summary(of: report)
        let ordered = report.findings.enumerated().sorted {
            ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
        }.map(\.element)
        for finding in ordered { lines += [""] + describe(finding, in: report) }
        lines += closing(of: report)
        return lines.joined(separator: "\n") + "\n"
    }

    private func summary(of report: Report) -> [String] {
        let seconds = String(format: "%.1f", report.seconds)
        var lines = [
            "Read \(counted(report.lineCount, "line")) in \(counted(report.fileCount, "file")) of \(counted(report.packageCount, "package")) (\(seconds) s)."
        ]
        var left: [String] = []
        if report.suppressedCount > 0 { left.append("\(report.suppressedCount) silenced in the source") }
        if report.baselineCount > 0 { left.append("\(report.baselineCount) known from the baseline") }
        let rest = left.isEmpty ? "" : " (\(left.joined(separator: ", ")))"
        guard !report.findings.isEmpty else { return lines + ["Nothing found\(rest)."] }
        let parts = Severity.allCases.reversed().compactMap { severity -> String? in
            let count = report.count(of: severity)
            return count == 0 ? nil : paint(counted(count, severity.rawValue), severity)
        }
        lines.append("Found \(parts.joined(separator: ", "))\(rest):")
        lines.append("")
        let byRule = Dictionary(grouping: report.findings, by: \.rule)
        let rows = byRule.map {
            (rule: $0.key, count: $0.value.count, severity: $0.value.map(\.severity).max() ?? .note)
        }
        .sorted { ($1.severity, $1.count, $0.rule) < ($0.severity, $0.count, $1.rule) }
        let width = rows.map(\.rule.count).max() ?? 0
        for row in rows {
            let count = String(row.count)
            let title = RuleSet.rule(named: row.rule)?.title ?? "Suppression that names no rule or gives no reason"
            lines.append(
                String(repeating: " ", count: max(0, 5 - count.count)) + count + "  "
                    + paint(row.rule.padding(toLength: width, withPad: " ", startingAt: 0), row.severity) + "  " + title
            )
        }
        return lines
    }

    private func describe(_ finding: Finding, in report: Report) -> [String] {
        let number = String(finding.line)
        let gutter = String(repeating: " ", count: number.count)
        // The indentation is left away, so the caret moves by as much.
        let indentation = max(0, finding.column - 1 - finding.indentation)
        let marks =
            "^"
            + String(
                repeating: "~", count: max(0, min(finding.length, finding.sourceLine.utf8.count - indentation) - 1))
        return [
            "\(report.shown(finding.path)):\(finding.line):\(finding.column): \(paint(finding.severity.rawValue, finding.severity)): \(finding.message) [\(finding.rule)]",
            " \(number) | \(finding.sourceLine)",
            " \(gutter) | \(String(repeating: " ", count: indentation))\(paint(marks, finding.severity))",
            " \(gutter) = \(finding.suggestion)\(finding.edits.isEmpty ? "" : " (--fix does it)")",
        ]
    }

    private func closing(of report: Report) -> [String] {
        guard !report.findings.isEmpty else { return [] }
        var lines = [
            "", "Why, and when not to care:  strata-advise rules \(report.findings[0].rule)",
            "Not here:  // \(Suppression.marker) \(report.findings[0].rule) <the reason>   on the line or the one above",
        ]
        let fixable = report.findings.count { !$0.edits.isEmpty }
        if fixable > 0 {
            lines.append("\(counted(fixable, "finding")) can be fixed for you:  --fix shows the changes and asks first")
        }
        return lines
    }

    private func counted(_ count: Int, _ noun: String) -> String { "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")" }

    private func grouped(_ count: Int) -> String {
        var digits = String(count)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return ([digits] + groups).joined(separator: " ")
    }

    private func paint(_ text: String, _ severity: Severity) -> String {
        guard usesColour else { return text }
        let code =
            switch severity {
            case .error: "31;1"
            case .warning: "33;1"
            case .note: "36"
            }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}
