/// How a value is laid out in the fields of a hash, and how much of it is allowed.
///
/// Encoder and decoder must agree on the separator; the limits may differ.
public struct HashRecordFormat: Sendable, Hashable {
    /// The character between the parts of a path, one ASCII character that is neither a letter, a digit nor `\`.
    public struct Separator: Sendable, Hashable {
        /// The character's byte.
        let byte: UInt8

        /// A dot: `address.city`.
        public static let dot = Separator(byte: UInt8(ascii: "."))
        /// A colon: `address:city`.
        public static let colon = Separator(byte: UInt8(ascii: ":"))
        /// A slash: `address/city`.
        public static let slash = Separator(byte: UInt8(ascii: "/"))

        private init(byte: UInt8) { self.byte = byte }

        /// A separator of the caller's choice.
        ///
        /// It is `nil` for a letter, a digit, a backslash and anything that is not ASCII: they have a meaning in the
        /// parts of a path.
        ///
        /// - Parameter character: One ASCII character.
        public init?(_ character: Character) {
            guard let byte = character.asciiValue, character.utf8.count == 1, byte != FieldPath.escape else {
                return nil
            }
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                return nil
            default: self.byte = byte
            }
        }
    }

    /// The character between the parts of a path.
    public var separator: Separator

    /// How many parts a path may have.
    ///
    /// A value nested deeper is refused before it can exhaust the stack.
    public var maximumDepth: Int

    /// How many fields one record may have.
    public var maximumFieldCount: Int

    /// Makes a format.
    ///
    /// - Parameters:
    ///   - separator: the character between the parts of a path.
    ///   - maximumDepth: how many parts a path may have, at least 1. Deep values cost a few hundred bytes of stack a level.
    ///   - maximumFieldCount: how many fields one record may have, at least 1.
    public init(separator: Separator = .dot, maximumDepth: Int = 64, maximumFieldCount: Int = 65_536) {
        self.separator = separator
        self.maximumDepth = Swift.max(1, maximumDepth)
        self.maximumFieldCount = Swift.max(1, maximumFieldCount)
    }

    /// How many `Codable` calls may be nested in each other: a type that wraps itself without adding to the path, an
    /// optional for example, adds calls but no part of a path, so there may be a few of them to each part.
    var maximumNesting: Int { 4 * Swift.min(maximumDepth, 1 << 20) + 16 }
}
