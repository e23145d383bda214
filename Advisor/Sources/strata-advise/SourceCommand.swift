import AdvisorCore
import AdvisorReports
import AdvisorRules
import ArgumentParser
import Foundation

/// `strata-advise source`.
struct SourceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "source",
        abstract: "Say what to change in Swift packages, folders or files.",
        discussion: """
            Folders that begin with a dot, checkouts, generated code, tests and examples are left out unless asked for; a file that is named itself is always read. \
            Settings come from \(Configuration.fileName) in the current folder. The exit status is 1 when there are findings of at least the severity of --fail-on, 2 for bad usage.
            """)

    @Argument(help: ArgumentHelp("Packages, folders or files.", valueName: "path"))
    var paths: [String] = ["."]
    @Option(
        help: ArgumentHelp(
            "One of \(ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "format"))
    var format = "text"
    @Option(help: ArgumentHelp("Write the report to a file.", valueName: "path"))
    var output: String?
    @Option(
        name: [.customLong("only"), .customLong("rule")],
        help: ArgumentHelp(
            "Run this rule only, with all that it finds, also if it is off; may be given several times.",
            valueName: "rule"))
    var only: [String] = []
    @Flag(help: "Run all rules with all that they find: what is off by default too.")
    var allRules = false
    @Option(
        help: ArgumentHelp(
            "The least severity that makes the exit status 1: note, warning or error. Without, warning.",
            valueName: "severity"))
    var failOn: String?
    @Option(
        help: ArgumentHelp(
            "Leave out paths that fit a pattern; * stands for a part of a name, ** for any path; may be given several times.",
            valueName: "pattern"))
    var exclude: [String] = []
    @Flag(help: "Read tests too.")
    var includeTests = false
    @Flag(help: "Read benchmarks, examples, snippets and plugins too.")
    var includeExamples = false
    @Option(help: ArgumentHelp("Read settings from this file.", valueName: "path"))
    var config: String?
    @Option(help: ArgumentHelp("Leave out findings that this file has.", valueName: "path"))
    var baseline: String?
    @Option(help: ArgumentHelp("Write all findings to a file for --baseline, and end with 0.", valueName: "path"))
    var writeBaseline: String?
    @Flag(help: "Show the changes that fix findings, and make them when you agree. Only fixes that keep the meaning.")
    var fix = false
    @Flag(help: "With --fix: agree.")
    var yes = false

    func run() throws {
        let clock = ContinuousClock()
        let start = clock.now
        guard let format = ReportFormat(rawValue: format) else {
            throw Status.usage(
                "--format: there is no format '\(format)' (there are: \(ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")))"
            )
        }
        let settings = try readConfiguration()
        var selection = try selectedRules(settings)
        let threshold = try threshold(settings)
        var options = SourceDiscovery.Options()
        options.includesTests = includeTests || settings.includesTests == true
        options.includesExamples = includeExamples || settings.includesExamples == true
        options.excluded = settings.excluded + exclude
        if allRules {
            selection.enabled = Set(RuleSet.all.map(\.id))
            selection.asked = selection.enabled
        }
        let groups: [SourceDiscovery.Group]
        do { groups = try SourceDiscovery.groups(under: paths, options: options) } catch {
            throw Status.usage("\(error)")
        }

        let base = FileManager.default.currentDirectoryPath
        var report = Report(
            findings: [], fileCount: 0, lineCount: 0, packageCount: groups.count, suppressedCount: 0, seconds: 0,
            base: base)
        for group in groups {
            let project = Project.load(group)
            let result = RuleRunner.run(selection, on: project)
            report.findings += result.findings
            report.suppressedCount += result.suppressedCount
            report.skipped += project.skipped
            let read = project.files.filter { $0.problem == nil }
            report.fileCount += read.count
            report.lineCount += read.reduce(0) { $0 + $1.lineCount }
        }
        report.packageCount = groups.count { !$0.files.isEmpty }
        // A file that was asked for and isn't read is a mistake; one that was found on the way is mentioned.
        let named = groups.reduce(into: Set<String>()) { $0.formUnion($1.named) }
        let unread = report.skipped.first { named.contains($0.path) }
        report.ranAllRules = allRules || !only.isEmpty
        report.seconds = (clock.now - start) / .seconds(1)

        if let writeBaseline {
            try write(try Baseline(report.findings, base: base).text(), to: writeBaseline)
            print(
                "\(report.findings.count) findings written to \(writeBaseline); use it with --baseline \(writeBaseline)"
            )
            return
        }
        if let baseline {
            let known: Baseline
            do { known = try Baseline(contentsOf: baseline) } catch { throw Status.usage("--baseline: \(error)") }
            let all = report.findings.count
            report.findings = known.unknown(among: report.findings, base: base)
            report.baselineCount = all - report.findings.count
        }
        if fix {
            try applyFixes(report, base: base)
            if let unread { throw Status.usage("'\(unread.path)' \(unread.reason)") }
            return
        }
        let text = try format.render(report, usesColour: format == .text && output == nil && Terminal.showsColour)
        if let output { try write(text, to: output) } else { print(text, terminator: "") }
        if let unread { throw Status.usage("'\(unread.path)' \(unread.reason)") }
        if report.findings.contains(where: { $0.severity >= threshold }) { throw Status.findings }
    }

    private func readConfiguration() throws -> Configuration {
        let path = config ?? Configuration.fileName
        guard config != nil || FileManager.default.fileExists(atPath: path) else { return Configuration() }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Status.usage("--config: '\(path)' can't be read")
        }
        do { return try Configuration(yaml: String(decoding: data, as: UTF8.self), path: path) } catch {
            throw Status.usage("\(error)")
        }
    }

    private func selectedRules(_ settings: Configuration) throws -> RuleSelection {
        guard !only.isEmpty else { return settings.selection }
        for id in only where RuleSet.rule(named: id) == nil {
            throw Status.usage("--only: there is no rule '\(id)' ('strata-advise rules' lists them)")
        }
        var selection = RuleSelection(only: only)
        selection.severities = settings.severities
        return selection
    }

    private func threshold(_ settings: Configuration) throws -> Severity {
        guard let failOn else { return settings.failOn ?? .warning }
        guard let severity = Severity(rawValue: failOn) else {
            throw Status.usage("--fail-on must be note, warning or error, not '\(failOn)'")
        }
        return severity
    }

    private func applyFixes(_ report: Report, base: String) throws {
        let fixes = try Fixes(report.findings)
        guard !fixes.changes.isEmpty else {
            print(
                report.findings.isEmpty
                    ? "Nothing found, so there is nothing to fix."
                    : "None of the \(report.findings.count) findings can be fixed automatically.")
            return
        }
        print(fixes.diff(base: base), terminator: "")
        let count = fixes.changes.reduce(0) { $0 + $1.findingCount }
        let files = fixes.changes.count
        let amount = "\(count) finding\(count == 1 ? "" : "s") in \(files) file\(files == 1 ? "" : "s")"
        if !yes {
            print("Make these changes (\(amount))? [y/N] ", terminator: "")
            guard let answer = readLine()?.lowercased(), answer == "y" || answer == "yes" else {
                print("Nothing was changed.")
                return
            }
        }
        do { for change in fixes.changes { try change.apply() } } catch { throw Status.usage("--fix: \(error)") }
        print("Fixed \(amount).")
    }

    private func write(_ text: String, to path: String) throws {
        do { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw Status.usage("'\(path)' can't be written: \(error.localizedDescription)")
        }
    }
}
