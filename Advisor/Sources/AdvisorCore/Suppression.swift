/// A comment that silences a rule: `// strata:ignore rule-id reason`, on the finding's line or on the one before.
public struct Suppression: Sendable, Hashable {
    /// The line of the comment, from 1.
    public let line: Int
    /// The rule that is silenced.
    public let rule: String
    /// Why; empty where the comment doesn't say, which is a finding of its own.
    public let reason: String

    /// The word that begins such a comment.
    public static let marker = "strata:ignore"

    /// All such comments of a text.
    ///
    /// - Complexity: O(bytes).
    static func all(in text: String, lines: LineTable) -> [Suppression] {
        guard text.utf8.count >= marker.utf8.count, text.contains("strata:" + "ignore") else { return [] }
        var result: [Suppression] = []
        // A carriage return and a line feed are one character, so lines are split by scalars.
        let split = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in split.lazy.map({ Substring($0) }).enumerated() {
            guard let comment = line.range(of: "// " + marker) ?? line.range(of: "//" + marker) else { continue }
            let words = line[comment.upperBound...].split(separator: " ", maxSplits: 1)
            guard let rule = words.first else { continue }
            let reason = words.count > 1 ? words[1].trimmingSpaces() : ""
            result.append(Suppression(line: index + 1, rule: String(rule), reason: reason))
        }
        return result
    }
}

extension Substring {
    fileprivate func range(of pattern: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(pattern) { return start..<index(start, offsetBy: pattern.count) }
            start = index(after: start)
        }
        return nil
    }

    fileprivate func trimmingSpaces() -> String {
        var part = self
        while part.first == " " { part.removeFirst() }
        while let last = part.last, last == " " || last == "\t" || last == "\r" { part.removeLast() }
        return String(part)
    }
}
