/// One reply of a server, or part of one, in memory of its own.
///
/// Covers RESP2 and RESP3. The null bulk string and the null array of RESP2 are ``null``. Source: RESP3 specification.
public enum RESPValue: Hashable, Sendable {
    /// A short text on one line, as in `+OK`.
    case simpleString([UInt8])
    /// An error, without the leading `-`; for the long form, its body.
    case error([UInt8])
    /// A whole number.
    case integer(Int64)
    /// Bytes.
    case bulkString([UInt8])
    /// Values in order.
    case array([RESPValue])
    /// Nothing.
    case null
    /// A floating-point number.
    case double(Double)
    /// Yes or no.
    case boolean(Bool)
    /// A whole number of any size, as text.
    case bigNumber([UInt8])
    /// Text and, in three bytes, its format (`txt`, `mkd`).
    case verbatimString(format: [UInt8], [UInt8])
    /// Pairs in the order in which they came.
    case map([Pair])
    /// Values without an order.
    case set([RESPValue])
    /// A message that answers no command.
    case push([RESPValue])

    /// A key of a map with what belongs to it.
    public struct Pair: Hashable, Sendable {
        /// The key.
        public var key: RESPValue
        /// What belongs to it.
        public var value: RESPValue

        /// A pair as given.
        public init(_ key: RESPValue, _ value: RESPValue) {
            self.key = key
            self.value = value
        }
    }

    /// The bytes of a string of any kind; of a number, its digits; `nil` for everything else.
    ///
    /// - Complexity: O(1), except for numbers.
    public var bytes: [UInt8]? {
        switch self {
        case .simpleString(let bytes), .bulkString(let bytes), .bigNumber(let bytes), .verbatimString(_, let bytes):
            bytes
        case .integer(let number): Array(String(number).utf8)
        case .double(let number): Array(String(number).utf8)
        default: nil
        }
    }

    /// ``bytes`` as text.
    public var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    /// A whole number, also where it was sent as a string.
    public var integer: Int64? {
        switch self {
        case .integer(let number): number
        case .boolean(let flag): flag ? 1 : 0
        case .simpleString(let bytes), .bulkString(let bytes), .bigNumber(let bytes):
            Int64(String(decoding: bytes, as: UTF8.self))
        default: nil
        }
    }

    /// The values of an array, set or push; `nil` for everything else.
    public var elements: [RESPValue]? {
        switch self {
        case .array(let values), .set(let values), .push(let values): values
        default: nil
        }
    }

    /// The pairs of a map, also where it was sent as a flat array of keys and values; `nil` for everything else.
    public var pairs: [Pair]? {
        switch self {
        case .map(let pairs):
            return pairs
        case .array(let values) where values.count.isMultiple(of: 2):
            return stride(from: 0, to: values.count, by: 2).map { Pair(values[$0], values[$0 + 1]) }
        default:
            return nil
        }
    }

    /// What belongs to a key of a map whose keys are strings.
    ///
    /// - Complexity: O(number of pairs).
    public subscript(key: String) -> RESPValue? {
        let wanted = Array(key.utf8)
        return pairs?.first { $0.key.bytes == wanted }?.value
    }

    /// The text of an error; `nil` if this is none.
    public var errorMessage: String? {
        if case .error(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
    }

    /// The first word of an error, as in `WRONGTYPE`; `nil` if this is none.
    public var errorCode: String? {
        guard case .error(let bytes) = self else { return nil }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    }

    /// Whether this is an error.
    public var isError: Bool { if case .error = self { true } else { false } }

    /// Whether this is nothing.
    public var isNull: Bool { self == .null }
}
