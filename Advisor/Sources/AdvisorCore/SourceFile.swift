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
    /// Why the text wasn't looked at; nil if it was.
    public let problem: SkippedFile.Reason?

    /// Deeper trees aren't walked, for walks need stack for each level; a chain of operators is as deep as it is long.
    static let maximumLevels = 8_000

    /// Parses a text.
    ///
    /// Text that isn't correct Swift gives the tree of what could be understood; one whose tree is too deep gives an empty one and a ``problem``.
    ///
    /// - Complexity: O(bytes).
    public init(path: String, index: Int, text: String) {
        self.path = path
        self.index = index
        bytes = Array(text.utf8)
        lines = LineTable(bytes)
        let isParsed = !Self.hasLongRunOfBrackets(bytes)
        let parsed = Parser.parse(source: isParsed ? text : "")
        guard isParsed, parsed.levels(atMost: Self.maximumLevels) != nil else {
            problem = isParsed ? .tooDeep(levels: Self.maximumLevels) : .tooManyBrackets(limit: Self.maximumBrackets)
            tree = Parser.parse(source: "")
            facts = FileFacts()
            suppressions = []
            return
        }
        problem = nil
        let folded = OperatorTable.standardOperators.foldAll(parsed) { _ in }
        tree = folded.as(SourceFileSyntax.self) ?? parsed
        let collector = FactCollector(file: index)
        collector.walk(tree)
        facts = collector.facts
        suppressions = Suppression.all(in: text, lines: lines)
    }

    /// The most `[` with nothing but `(` and spaces between them: swift-syntax tries each as a type and as a literal, so the time for them doubles with each.
    static let maximumBrackets = 16

    /// The most `<` with nothing but names between them, each of which is tried as a list of arguments up to the end.
    private static let maximumAngles = 256

    /// Whether more brackets are opened in a row.
    private static func hasLongRunOfBrackets(_ bytes: [UInt8]) -> Bool {
        var (brackets, angles) = (0, 0)
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "["):
                brackets += 1
                if brackets > maximumBrackets { return true }
            case UInt8(ascii: "<"):
                (brackets, angles) = (0, angles + 1)
                if angles > maximumAngles { return true }
            case UInt8(ascii: "("), UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0A, 0x0D: break
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ","), 0x80...:
                brackets = 0
            default: (brackets, angles) = (0, 0)
            }
        }
        return false
    }

    /// The text of a line (from 1), without its line feed and the carriage return before it.
    public func text(ofLine line: Int) -> String {
        let range = lines.byteRange(ofLine: line)
        let hasReturn = !range.isEmpty && bytes[range.upperBound - 1] == 0x0D
        return String(decoding: bytes[range.lowerBound..<range.upperBound - (hasReturn ? 1 : 0)], as: UTF8.self)
    }

    /// How many lines the file has.
    public var lineCount: Int { lines.starts.count }
}

extension SyntaxProtocol {
    /// How many levels the tree has with its operators folded, at most; nil if more than `limit`.
    ///
    /// Without recursion, because trees may be deeper than any stack.
    ///
    /// - Complexity: O(nodes).
    func levels(atMost limit: Int) -> Int? {
        var deepest = 0
        var open: [(node: Syntax, level: Int)] = [(Syntax(self), 1)]
        while let (node, level) = open.popLast() {
            // Each operator of a sequence takes two elements, and one level when it is folded.
            let below = node.as(ExprListSyntax.self).map { level + $0.count / 2 } ?? level
            guard below <= limit else { return nil }
            deepest = max(deepest, below)
            for child in node.children(viewMode: .sourceAccurate) where child.kind != .token {
                open.append((child, below + 1))
            }
        }
        return deepest
    }
}
