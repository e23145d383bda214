import StrataTiering

/// How a field's content travels in a value: as it is, or behind a short header that says more than bytes can.
///
/// ```
/// F5 'S' 'T' kind                       kind 'v': a value that itself begins with F5 'S' 'T'
///                                            'a': the source has nothing (negative entry)
/// F5 'S' 'T' kind  14 decimal digits    kind 'd': a value with a deadline, milliseconds since 1970
///                                            'x': a negative entry with a deadline
/// ```
/// then the value. A deadline is in here only where the server can't expire fields. It is made of the *server's* time of day and is
/// judged by it too, so the clocks of the processes don't matter. What begins with the header but isn't one is read as a plain value.
enum FieldEnvelope {
    static let magic: [UInt8] = [0xf5, UInt8(ascii: "S"), UInt8(ascii: "T")]
    private static let digitCount = 14

    /// What is in a value.
    struct Opened: Hashable, Sendable {
        var content: RemoteField.Content
        /// Milliseconds since 1970 by the server's clock.
        var unixDeadline: Int64?
    }

    /// The value for a content without a deadline.
    ///
    /// - Complexity: O(length of the value), and no copy for an ordinary one.
    static func closed(_ content: RemoteField.Content) -> [UInt8] {
        switch content {
        case .value(let value): value.starts(with: magic) ? magic + [UInt8(ascii: "v")] + value : value
        case .absent, .missing: magic + [UInt8(ascii: "a")]
        }
    }

    /// What stands before and behind the digits in the value for a content with a deadline.
    static func parts(_ content: RemoteField.Content) -> (head: [UInt8], value: [UInt8]) {
        switch content {
        case .value(let value): (magic + [UInt8(ascii: "d")], value)
        case .absent, .missing: (magic + [UInt8(ascii: "x")], [])
        }
    }

    /// What is in a value that a server gave.
    ///
    /// - Complexity: O(length of the value), and no copy for an ordinary one.
    static func open(_ bytes: [UInt8]) -> Opened {
        guard bytes.count > magic.count, bytes.starts(with: magic) else { return Opened(content: .value(bytes)) }
        let body = magic.count + 1
        switch bytes[magic.count] {
        case UInt8(ascii: "v"):
            return Opened(content: .value(Array(bytes[body...])))
        case UInt8(ascii: "a") where bytes.count == body:
            return Opened(content: .absent)
        case UInt8(ascii: "d"):
            guard let deadline = digits(bytes, body) else { break }
            return Opened(content: .value(Array(bytes[(body + digitCount)...])), unixDeadline: deadline)
        case UInt8(ascii: "x") where bytes.count == body + digitCount:
            guard let deadline = digits(bytes, body) else { break }
            return Opened(content: .absent, unixDeadline: deadline)
        default:
            break
        }
        return Opened(content: .value(bytes))
    }

    private static func digits(_ bytes: [UInt8], _ start: Int) -> Int64? {
        guard bytes.count >= start + digitCount else { return nil }
        var number: Int64 = 0
        for byte in bytes[start..<(start + digitCount)] {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            number = number * 10 + Int64(byte - 0x30)
        }
        return number
    }
}
