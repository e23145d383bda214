/// Tells the replies in a stream of bytes from a server apart, as far as a load generator needs to know them.
///
/// Values are skipped, not kept. Only the simple reply types are known: a load generator sends nothing that is answered with others.
package struct ReplyScanner {
    /// One reply.
    package enum Reply: Equatable, Sendable {
        /// A status such as `OK`.
        case simple
        /// An error and its text.
        case error(String)
        /// A number.
        case integer(Int64)
        /// No value.
        case null
        /// A value of so many bytes.
        case value(byteCount: Int)
    }

    /// Bytes that are no reply this scanner knows.
    package struct UnexpectedReply: Error, CustomStringConvertible {
        /// The line that was not understood.
        package let line: String
        /// What is wrong, for people.
        package var description: String { "the server sent something that is no reply to HGET or HSET: \(line)" }
    }

    /// The beginning of a line whose end has not come yet.
    private var line: [UInt8] = []
    /// The bytes of a value, its line end included, that have not come yet; 0 between values.
    private var remainingValueBytes = 0
    /// The length of the value that is being skipped.
    private var valueByteCount = 0

    /// Creates a scanner at the start of a stream.
    package init() {}

    /// Goes through the next bytes of the stream.
    ///
    /// - Parameters:
    ///   - bytes: The bytes; replies may be cut anywhere.
    ///   - body: Called for each reply that ends in these bytes, in order.
    /// - Throws: ``UnexpectedReply``, after which the stream is of no use.
    package mutating func scan(_ bytes: UnsafeRawBufferPointer, _ body: (Reply) -> Void) throws(UnexpectedReply) {
        var rest = bytes[...]
        while !rest.isEmpty {
            if remainingValueBytes > 0 {
                let skipped = min(remainingValueBytes, rest.count)
                rest = rest.dropFirst(skipped)
                remainingValueBytes -= skipped
                if remainingValueBytes == 0 {
                    body(.value(byteCount: valueByteCount))
                }
                continue
            }
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
                line += rest
                return
            }
            line += rest[..<end]
            rest = rest[(end + 1)...]
            if line.last == UInt8(ascii: "\r") {
                line.removeLast()
            }
            if let reply = try reply(to: line) {
                body(reply)
            }
            line.removeAll(keepingCapacity: true)
        }
    }

    /// Understands a line; `nil` if a value follows it.
    private mutating func reply(to line: [UInt8]) throws(UnexpectedReply) -> Reply? {
        let text = String(decoding: line.dropFirst(), as: UTF8.self)
        switch line.first {
        case UInt8(ascii: "+"):
            return .simple
        case UInt8(ascii: "-"):
            return .error(text)
        case UInt8(ascii: "_"):
            return .null
        case UInt8(ascii: ":"):
            if let number = Int64(text) { return .integer(number) }
        case UInt8(ascii: "$"):
            if let count = Int(text) {
                guard count >= 0 else { return .null }
                valueByteCount = count
                remainingValueBytes = count + 2
                return nil
            }
        default:
            break
        }
        throw UnexpectedReply(line: String(decoding: line.prefix(80), as: UTF8.self))
    }
}
