/// A violation of the protocol by the peer; the connection can't go on after one.
public enum RESPProtocolError: Error, Equatable, Sendable {
    /// `*` was followed by something that is no number, or by one that is too large.
    case invalidMultibulkLength
    /// The line after `*` doesn't end.
    case tooBigMultibulkCount
    /// A client that hasn't authenticated sends more arguments than logging in needs.
    case unauthenticatedMultibulkLength
    /// Something else stands where an argument's `$` is due.
    case expectedDollar(UInt8)
    /// `$` was followed by something that is no number, or by one that is too large.
    case invalidBulkLength
    /// The line after `$` doesn't end.
    case tooBigBulkCount
    /// A client that hasn't authenticated sends a longer argument than logging in needs.
    case unauthenticatedBulkLength
    /// An inline request doesn't end.
    case tooBigInlineRequest
    /// The quotes of an inline request don't match.
    case unbalancedQuotes
    /// A reply starts with a byte that no type has, or is otherwise malformed.
    case invalidReply(UInt8)

    /// The text of the error reply, without the leading `-`.
    public var message: String {
        switch self {
        case .invalidMultibulkLength: "ERR Protocol error: invalid multibulk length"
        case .tooBigMultibulkCount: "ERR Protocol error: too big mbulk count string"
        case .unauthenticatedMultibulkLength: "ERR Protocol error: unauthenticated multibulk length"
        case .expectedDollar(let byte): "ERR Protocol error: expected '$', got '\(Self.printable(byte))'"
        case .invalidBulkLength: "ERR Protocol error: invalid bulk length"
        case .tooBigBulkCount: "ERR Protocol error: too big bulk count string"
        case .unauthenticatedBulkLength: "ERR Protocol error: unauthenticated bulk length"
        case .tooBigInlineRequest: "ERR Protocol error: too big inline request"
        case .unbalancedQuotes: "ERR Protocol error: unbalanced quotes in request"
        case .invalidReply(let byte): "ERR Protocol error: invalid reply byte '\(Self.printable(byte))'"
        }
    }

    /// The byte as text that keeps an error reply on one line.
    private static func printable(_ byte: UInt8) -> String {
        switch byte {
        case 0x0a, 0x0d: " "
        default: String(Unicode.Scalar(byte))
        }
    }
}
