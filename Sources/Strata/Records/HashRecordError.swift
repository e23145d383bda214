/// Why a value could not be written into the fields of a hash, or not be made from them.
///
/// It names the field by its path and says what was expected and what was found, the latter shortened to a few dozen
/// bytes. A value's first bytes are thus part of the description: think of that before you log it where others read.
public struct HashRecordError: Error, Sendable {
    /// The kind of failure.
    ///
    /// More kinds may come: a `switch` needs a `default`.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The code's name.
        public let description: String

        /// A field, or a group of fields, is not what the type needs.
        public static let typeMismatch = Code(description: "typeMismatch")
        /// A number is one, but too large or too small for the type.
        public static let outOfRange = Code(description: "outOfRange")
        /// A field that the type needs is not there.
        public static let missingField = Code(description: "missingField")
        /// There is a `nil`, or no element, where the type needs a value.
        public static let missingValue = Code(description: "missingValue")
        /// A value has the right form but its type refuses it: text that is not UTF-8, an unknown case of an enumeration.
        public static let invalidValue = Code(description: "invalidValue")
        /// A name occurs twice, or is used for a value as well as for a group: both `a` and `a.b`.
        public static let conflict = Code(description: "conflict")
        /// The value is nested deeper than the format allows.
        public static let tooDeep = Code(description: "tooDeep")
        /// The record has more fields than the format allows.
        public static let tooManyFields = Code(description: "tooManyFields")
        /// The store has no room for the record.
        public static let noRoom = Code(description: "noRoom")
        /// The type's own code threw an error, which is in ``HashRecordError/underlying``.
        public static let other = Code(description: "other")
    }

    /// The kind of failure.
    public let code: Code
    /// The path of the field or group of fields, `address.city`; empty for the value as a whole.
    public let path: String
    /// What was needed: a type's name or a few words.
    public let expected: String?
    /// What was there, shortened.
    public let found: String?
    /// What else there is to say.
    public let explanation: String?
    /// The error that the type's own code threw, if there was one.
    public let underlying: (any Error)?

    init(
        _ code: Code, path: String, expected: String? = nil, found: String? = nil, explanation: String? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.path = path
        self.expected = expected
        self.found = found
        self.explanation = explanation
        self.underlying = underlying
    }
}

extension HashRecordError: CustomStringConvertible {
    /// One line for people: where, what was expected, what was found.
    public var description: String {
        var text = path.isEmpty ? "record" : "field '\(path)'"
        switch code {
        case .typeMismatch: text += " has the wrong type"
        case .outOfRange: text += " is out of range"
        case .missingField: text += " is missing"
        case .missingValue: text += " has no value"
        case .invalidValue: text += " has an invalid value"
        case .conflict: text += " is ambiguous"
        case .tooDeep: text += " is nested too deep"
        case .tooManyFields: text += " has too many fields"
        case .noRoom: text += " could not be stored"
        default: text += " could not be converted"
        }
        if let expected { text += ", expected \(expected)" }
        if let found { text += ", found \(found)" }
        if let explanation { text += ": \(explanation)" }
        if let underlying { text += " (\(underlying))" }
        return text
    }
}
