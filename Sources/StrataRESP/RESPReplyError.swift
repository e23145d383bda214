/// Why the bytes of a server are no replies.
///
/// The connection can't go on after one.
public enum RESPReplyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A reply starts with a byte that no type has.
    case unknownType(UInt8)
    /// A length, number, or flag isn't one.
    case invalidNumber
    /// Bytes aren't followed by the end of a line.
    case missingLineEnd
    /// A line is longer than ``RESPReplyParser/Limits/lineLength``.
    case lineTooLong
    /// A string is longer than ``RESPReplyParser/Limits/bulkLength``.
    case bulkTooLong
    /// There are more values in an aggregate than ``RESPReplyParser/Limits/elementCount``.
    case tooManyElements
    /// Aggregates lie deeper in one another than ``RESPReplyParser/Limits/depth``.
    case tooDeep
    /// One reply is longer than ``RESPReplyParser/Limits/replyLength``.
    case replyTooLong
    /// A push message stands inside a reply.
    case nestedPush

    /// As in `unknown type byte 0x41`.
    public var description: String {
        switch self {
        case .unknownType(let byte): "unknown type byte 0x" + String(byte, radix: 16)
        case .invalidNumber: "a length or number isn't one"
        case .missingLineEnd: "a string doesn't end where it says"
        case .lineTooLong: "a line is too long"
        case .bulkTooLong: "a string is too long"
        case .tooManyElements: "an aggregate has too many elements"
        case .tooDeep: "aggregates are nested too deeply"
        case .replyTooLong: "a reply is too long"
        case .nestedPush: "a push message stands inside a reply"
        }
    }
}
