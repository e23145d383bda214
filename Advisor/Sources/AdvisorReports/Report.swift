public import AdvisorCore

/// What a run over some packages found, for all formats.
public struct Report: Sendable {
    /// Findings in order of path and line.
    public var findings: [Finding]
    /// Files read.
    public var fileCount: Int
    /// Lines read.
    public var lineCount: Int
    /// Packages, or folders without one.
    public var packageCount: Int
    /// What couldn't be looked at.
    public var skipped: [SkippedFile]
    /// How many findings comments in the source silenced.
    public var suppressedCount: Int
    /// How many findings were in the baseline.
    public var baselineCount: Int
    /// Whether all rules ran, those that are off by default too.
    public var ranAllRules = false
    /// Seconds that the run took.
    public var seconds: Double
    /// The folder to which printed paths are relative.
    public var base: String

    /// Puts a report together.
    public init(
        findings: [Finding], fileCount: Int, lineCount: Int, packageCount: Int, suppressedCount: Int,
        baselineCount: Int = 0, skipped: [SkippedFile] = [],
        seconds: Double, base: String
    ) {
        self.findings = findings
        self.fileCount = fileCount
        self.lineCount = lineCount
        self.packageCount = packageCount
        self.suppressedCount = suppressedCount
        self.baselineCount = baselineCount
        self.skipped = skipped
        self.seconds = seconds
        self.base = base
    }

    /// How many findings have a severity.
    public func count(of severity: Severity) -> Int { findings.count { $0.severity == severity } }

    /// A path as it is printed: relative to ``base`` where it is below.
    func shown(_ path: String) -> String { path.relative(to: base) }
}

/// The formats of a report.
public enum ReportFormat: String, Sendable, CaseIterable {
    /// For people: a summary, then each finding with its source line.
    case text
    /// One JSON object.
    case json
    /// SARIF 2.1.0, which code hosts and editors read.
    case sarif
    /// Workflow commands that GitHub turns into annotations.
    case github

    /// A report in this format, ending in a line feed.
    ///
    /// - Throws: An error of the JSON encoder.
    public func render(_ report: Report, usesColour: Bool) throws -> String {
        switch self {
        case .text: TextReport(usesColour: usesColour).render(report)
        case .json: try JSONReport.render(report)
        case .sarif: try SARIFReport.render(report)
        case .github: GitHubReport.render(report)
        }
    }
}
