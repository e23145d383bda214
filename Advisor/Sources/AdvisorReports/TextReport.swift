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
        if report.fileCount == 0 {
            return lines + skipped(in: report) + [
                "There is no Swift source to read: folders of tests, examples and generated code are left out unless asked for (--help)."
            ]
        }
        guard !report.findings.isEmpty else { return lines + skipped(in: report) + ["Nothing found\(rest)."] }
        lines += skipped(in: report)
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

    /// What couldn't be read, the first few with their reasons.
    private func skipped(in report: Report) -> [String] {
        guard !report.skipped.isEmpty else { return [] }
        let shown = report.skipped.prefix(5).map {
            "    \(PlainText.oneLine(report.shown($0.path))) \(PlainText.oneLine($0.reason.description))"
        }
        let rest = report.skipped.count - shown.count
        return ["Not read: \(counted(report.skipped.count, "file"))."] + shown
            + (rest > 0 ? ["    and \(grouped(rest)) more (--format json has all)"] : [])
    }

    private func describe(_ finding: Finding, in report: Report) -> [String] {
        let number = String(finding.line)
        let gutter = String(repeating: " ", count: number.count)
        // The indentation is left away, so the mark moves by as much.
        let line = Array(finding.sourceLine.utf8)
        let start = min(max(0, finding.column - 1 - finding.indentation), line.count)
        let end = min(start + finding.length, line.count)
        let before = PlainText.oneLine(String(decoding: line[..<start], as: UTF8.self))
        let meant = PlainText.oneLine(String(decoding: line[start..<end], as: UTF8.self))
        let after = PlainText.oneLine(String(decoding: line[end...], as: UTF8.self))
        let place = "\(PlainText.oneLine(report.shown(finding.path))):\(finding.line):\(finding.column)"
        let marks = "^" + String(repeating: "~", count: max(0, meant.count - 1))
        return [
            "\(place): \(paint(finding.severity.rawValue, finding.severity)): \(PlainText.oneLine(finding.message)) [\(finding.rule)]",
            " \(number) | \(before)\(meant)\(after)",
            " \(gutter) | \(String(repeating: " ", count: before.count))\(paint(marks, finding.severity))",
            " \(gutter) = \(PlainText.oneLine(finding.suggestion))\(finding.edits.isEmpty ? "" : " (--fix does it)")",
        ]
    }

    private func closing(of report: Report) -> [String] {
        let more = report.ranAllRules ? [] : [Self.moreRules]
        guard !report.findings.isEmpty else { return report.fileCount == 0 ? [] : more }
        var lines = [
            "", "Why, and when not to care:  strata-advise rules \(report.findings[0].rule)",
            "Not here:  // \(Suppression.marker) \(report.findings[0].rule) <the reason>   on the line or the one above",
        ]
        let fixable = report.findings.count { !$0.edits.isEmpty }
        if fixable > 0 {
            lines.append("\(counted(fixable, "finding")) can be fixed for you:  --fix shows the changes and asks first")
        }
        return lines + more
    }

    /// What isn't said without being asked for.
    static let moreRules =
        "\(RuleSet.all.count { !$0.isOnByDefault }) of \(RuleSet.all.count) rules are off by default, because they are wrong more often:  --all-rules runs them too"

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
