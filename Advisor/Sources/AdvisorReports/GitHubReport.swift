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
        var result = String.UnicodeScalarView()
        // By scalars: a carriage return with its line feed is one character, and a colon with a combining accent another than a colon.
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": result += "%25".unicodeScalars
            case "\r": result += "%0D".unicodeScalars
            case "\n": result += "%0A".unicodeScalars
            case ":" where inProperty: result += "%3A".unicodeScalars
            case "," where inProperty: result += "%2C".unicodeScalars
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
