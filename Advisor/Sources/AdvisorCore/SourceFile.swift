import SwiftOperators
import SwiftParser
public import SwiftSyntax

/// A parsed file with what rules need to know of it.
public struct SourceFile: Sendable {
    /// The path as found.
    public let path: String
    /// The file's place among the project's files.
    public let index: Int
    /// The text's bytes.
    public let bytes: [UInt8]
    /// The tree, with sequences of operators folded by the standard library's precedences.
    public let tree: SourceFileSyntax
    /// Where lines begin.
    public let lines: LineTable
    /// The places rules begin from.
    public let facts: FileFacts
    /// Comments that silence rules.
    public let suppressions: [Suppression]

    /// Parses a text.
    ///
    /// Text that isn't correct Swift gives the tree of what could be understood.
    ///
    /// - Complexity: O(bytes).
    public init(path: String, index: Int, text: String) {
        self.path = path
        self.index = index
        bytes = Array(text.utf8)
        let parsed = Parser.parse(source: text)
        let folded = OperatorTable.standardOperators.foldAll(parsed) { _ in }
        tree = folded.as(SourceFileSyntax.self) ?? parsed
        lines = LineTable(bytes)
        let collector = FactCollector(file: index)
        collector.walk(tree)
        facts = collector.facts
        suppressions = Suppression.all(in: text, lines: lines)
    }

    /// The text of a line (from 1), without its line feed.
    public func text(ofLine line: Int) -> String {
        String(decoding: bytes[lines.byteRange(ofLine: line)], as: UTF8.self)
    }

    /// How many lines the file has.
    public var lineCount: Int { lines.starts.count }
}
