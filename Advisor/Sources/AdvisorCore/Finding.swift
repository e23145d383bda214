/// A change of a file's bytes that belongs to a finding's fix.
public struct TextEdit: Sendable, Hashable {
    /// The bytes that are replaced.
    public let range: Range<Int>
    /// What comes in their place.
    public let replacement: String

    /// Names a replacement.
    public init(range: Range<Int>, replacement: String) {
        self.range = range
        self.replacement = replacement
    }
}

/// A place in the source where a rule has something to say.
public struct Finding: Sendable {
    /// The rule's identifier.
    public let rule: String
    /// How much it matters: the rule's severity unless the configuration says otherwise.
    public var severity: Severity
    /// The file, as it was named or found.
    public let path: String
    /// The line, from 1.
    public let line: Int
    /// The column in bytes, from 1.
    public let column: Int
    /// How many bytes of the line are meant; at least 1.
    public let length: Int
    /// What is the matter here, in one or two sentences.
    public let message: String
    /// What to do, in one sentence.
    public let suggestion: String
    /// The edits of a fix that keeps the meaning; empty where there is none.
    public let edits: [TextEdit]
    /// The source line without its indentation.
    public let sourceLine: String
    /// Bytes of indentation of the source line.
    public let indentation: Int

    /// Puts a finding together.
    public init(
        rule: String, severity: Severity, path: String, line: Int, column: Int, length: Int, message: String,
        suggestion: String, edits: [TextEdit], sourceLine: String, indentation: Int
    ) {
        self.rule = rule
        self.severity = severity
        self.path = path
        self.line = line
        self.column = column
        self.length = length
        self.message = message
        self.suggestion = suggestion
        self.edits = edits
        self.sourceLine = sourceLine
        self.indentation = indentation
    }

    /// What stays the same when lines are inserted elsewhere: rule, path and the line's text, hashed (FNV-1a, 64 bits, hexadecimal).
    ///
    /// - Parameter base: A folder that is left away from the path.
    /// - Returns: Sixteen digits.
    public func fingerprint(relativeTo base: String) -> String {
        let relative = path.relative(to: base)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in "\(rule)\n\(relative)\n\(sourceLine)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
