public import AdvisorCore
import Foundation

/// Findings that are known and don't count: by fingerprint, with how often each occurs.
///
/// Stored as JSON, one line per fingerprint, sorted, so that changes of it can be reviewed.
public struct Baseline: Sendable, Equatable {
    private var counts: [String: Int]

    /// What is wrong with a baseline file.
    public struct Malformed: Error, CustomStringConvertible {
        /// The file.
        public let path: String
        /// What to tell the user.
        public var description: String { "'\(path)' isn't a baseline that --write-baseline wrote" }
    }

    /// There is no baseline file, or it can't be read.
    public struct Unreadable: Error, CustomStringConvertible {
        /// The file.
        public let path: String
        /// What to tell the user.
        public var description: String { "'\(path)' can't be read; --write-baseline writes one" }
    }

    private struct Document: Codable {
        let version: Int
        let findings: [String: Int]
    }

    /// The baseline that silences the given findings.
    public init(_ findings: [Finding], base: String) {
        counts = [:]
        for finding in findings { counts[finding.fingerprint(relativeTo: base), default: 0] += 1 }
    }

    /// Reads a file.
    ///
    /// - Throws: ``Malformed`` or ``Unreadable``.
    public init(contentsOf path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else { throw Unreadable(path: path) }
        guard let document = try? JSONDecoder().decode(Document.self, from: data), document.version == 1 else {
            throw Malformed(path: path)
        }
        counts = document.findings
    }

    /// The file's text.
    ///
    /// - Throws: An error of the JSON encoder.
    public func text() throws -> String { try JSONReport.encode(Document(version: 1, findings: counts)) }

    /// The findings that aren't known: of those with the same fingerprint, the ones beyond the known number.
    public func unknown(among findings: [Finding], base: String) -> [Finding] {
        var left = counts
        return findings.filter { finding in
            let fingerprint = finding.fingerprint(relativeTo: base)
            guard let count = left[fingerprint], count > 0 else { return true }
            left[fingerprint] = count - 1
            return false
        }
    }
}
