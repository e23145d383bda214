import AdvisorCore

/// The report as workflow commands: `::warning file=…,line=…::message`.
enum GitHubReport {
    static func render(_ report: Report) -> String {
        report.findings.map { finding in
            let command = finding.severity == .note ? "notice" : finding.severity.rawValue
            let place =
                "file=\(escaped(report.shown(finding.path), inProperty: true)),line=\(finding.line),col=\(finding.column)"
            return
                "::\(command) \(place),title=\(finding.rule)::\(escaped(finding.message + " " + finding.suggestion, inProperty: false))\n"
        }.joined()
    }

    private static func escaped(_ text: String, inProperty: Bool) -> String {
        var result = ""
        for character in text {
            switch character {
            case "%": result += "%25"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            case ":" where inProperty: result += "%3A"
            case "," where inProperty: result += "%2C"
            default: result.append(character)
            }
        }
        return result
    }
}
