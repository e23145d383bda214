/// One reply of the protocol, taken apart, so that tests can say what they expect in a word.
indirect enum Reply: Equatable, CustomStringConvertible {
    case simple(String)
    case error(String)
    case integer(Int64)
    case bulk(String)
    case null
    case nullArray
    case array([Reply])
    case map([Reply])
    case other(String)

    /// What `SET` and its like answer.
    static let ok = Reply.simple("OK")

    /// The elements of an array; none of anything else.
    var elements: [Reply] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The content of a bulk string; empty of anything else.
    var text: String {
        if case .bulk(let text) = self { text } else { "" }
    }

    /// The elements of an array or map, in order of their text; for replies without an order.
    var sorted: [String] {
        switch self {
        case .array(let elements): elements.map(\.description).sorted()
        case .map(let elements):
            stride(from: 0, to: elements.count, by: 2).map { "\(elements[$0]): \(elements[$0 + 1])" }.sorted()
        default: [description]
        }
    }

    var description: String {
        switch self {
        case .simple(let text): "+\(text)"
        case .error(let text): "-\(text)"
        case .integer(let value): "\(value)"
        case .bulk(let text): "\"\(text)\""
        case .null: "null"
        case .nullArray: "null array"
        case .array(let elements): "\(elements)"
        case .map(let elements): "map \(elements)"
        case .other(let text): text
        }
    }
}

extension Reply: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral,
    ExpressibleByNilLiteral
{
    init(stringLiteral value: String) { self = .bulk(value) }
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(arrayLiteral elements: Reply...) { self = .array(elements) }
    init(nilLiteral: ()) { self = .null }
}

/// Takes replies from the bytes a server wrote.
///
/// Bytes that are no UTF-8 are shown as Latin-1.
struct ReplyReader {
    let bytes: [UInt8]
    var position = 0

    /// Starts at the first reply.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next reply, or `nil` at the end.
    mutating func next() -> Reply? {
        guard position < bytes.count else { return nil }
        let type = bytes[position]
        position += 1
        let line = line()
        switch type {
        case UInt8(ascii: "+"): return .simple(line)
        case UInt8(ascii: "-"): return .error(line)
        case UInt8(ascii: ":"): return .integer(Int64(line) ?? .min)
        case UInt8(ascii: "_"): return .null
        case UInt8(ascii: "$"): return bulk(length: Int(line) ?? -1)
        case UInt8(ascii: "*"):
            guard let count = Int(line), count >= 0 else { return .nullArray }
            return .array((0..<count).map { _ in next() ?? .other("nothing") })
        case UInt8(ascii: "%"):
            return .map((0..<2 * (Int(line) ?? 0)).map { _ in next() ?? .other("nothing") })
        default: return .other(String(UnicodeScalar(type)) + line)
        }
    }

    private mutating func line() -> String {
        let start = position
        while position < bytes.count, bytes[position] != 0x0d { position += 1 }
        defer { position += 2 }
        return text(bytes[start..<position])
    }

    private mutating func bulk(length: Int) -> Reply {
        guard length >= 0 else { return .null }
        defer { position += length + 2 }
        return .bulk(text(bytes[position..<position + length]))
    }

    private func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(validating: bytes, as: UTF8.self) ?? String(bytes.map { Character(UnicodeScalar($0)) })
    }
}
