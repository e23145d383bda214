import AdvisorCore
import AdvisorRules

/// The report as SARIF 2.1.0 (OASIS, 2020).
enum SARIFReport {
    private struct Document: Encodable {
        let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
        let version = "2.1.0"
        let runs: [Run]
        enum CodingKeys: String, CodingKey {
            case schema = "$schema"
            case version
            case runs
        }
    }
    private struct Run: Encodable {
        let tool: Tool
        let columnKind = "utf16CodeUnits"
        let results: [Result]
    }
    private struct Tool: Encodable { let driver: Driver }
    private struct Driver: Encodable {
        let name = "strata-advise"
        let rules: [RuleDescription]
    }
    private struct Text: Encodable { let text: String }
    private struct Level: Encodable { let level: String }
    private struct RuleDescription: Encodable {
        let id: String
        let shortDescription: Text
        let fullDescription: Text
        let help: Text
        let defaultConfiguration: Level
    }
    private struct Result: Encodable {
        let ruleId: String
        let level: String
        let message: Text
        let locations: [Location]
        let partialFingerprints: [String: String]
    }
    private struct Location: Encodable { let physicalLocation: PhysicalLocation }
    private struct PhysicalLocation: Encodable {
        let artifactLocation: Artifact
        let region: Region
    }
    private struct Artifact: Encodable { let uri: String }
    private struct Region: Encodable {
        let startLine: Int
        let startColumn: Int
        let endColumn: Int
    }

    static func render(_ report: Report) throws -> String {
        var rules = RuleSet.all.map { rule in
            RuleDescription(
                id: rule.id, shortDescription: Text(text: rule.title),
                fullDescription: Text(text: rule.explanation.reason),
                help: Text(text: "When it is wrong: " + rule.explanation.whenWrong),
                defaultConfiguration: Level(level: rule.severity.rawValue))
        }
        let title = "Suppression that names no rule or gives no reason"
        rules.append(
            RuleDescription(
                id: RuleSet.suppressionRule, shortDescription: Text(text: title), fullDescription: Text(text: title),
                help: Text(text: "Write the reason after the rule's name."),
                defaultConfiguration: Level(level: "warning")))
        let results = report.findings.map { finding in
            // Columns count UTF-16 units; the source line and its indentation give them.
            let start = utf16Column(finding, offset: finding.column - 1)
            let end = utf16Column(finding, offset: finding.column - 1 + finding.length)
            return Result(
                ruleId: finding.rule, level: finding.severity.rawValue,
                message: Text(text: finding.message + " " + finding.suggestion),
                locations: [
                    Location(
                        physicalLocation: PhysicalLocation(
                            artifactLocation: Artifact(uri: uri(report.shown(finding.path))),
                            region: Region(startLine: finding.line, startColumn: start, endColumn: max(start + 1, end)))
                    )
                ],
                partialFingerprints: ["strataAdvise/v1": finding.fingerprint(relativeTo: report.base)])
        }
        return try JSONReport.encode(Document(runs: [Run(tool: Tool(driver: Driver(rules: rules)), results: results)]))
    }

    private static func utf16Column(_ finding: Finding, offset: Int) -> Int {
        let indentation = finding.indentation
        guard offset > indentation else { return offset + 1 }
        let prefix = finding.sourceLine.utf8.prefix(offset - indentation)
        return indentation + String(decoding: prefix, as: UTF8.self).utf16.count + 1
    }

    /// A path as a relative reference: what isn't allowed in one is written as bytes in hexadecimal.
    private static func uri(_ path: String) -> String {
        var result = ""
        for byte in path.utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 128,
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "/-._~+".unicodeScalars.contains(scalar)
            {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return path.hasPrefix("/") ? "file://" + result : result
    }
}
