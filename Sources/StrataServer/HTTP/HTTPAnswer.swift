/// An answer of an HTTP server that ended with its connection.
struct HTTPAnswer: Equatable {
    /// The status.
    let status: Int
    /// What came behind the head, without the marks of chunks.
    let body: [UInt8]

    /// Reads an answer; `nil` if it is none, or was cut off on its way.
    init?(_ bytes: [UInt8]) {
        guard let end = bytes.firstIndex(of: [13, 10, 13, 10]) else { return nil }
        let head = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        guard let first = head.first, first.hasPrefix("HTTP/1."),
            let status = first.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        self.status = status
        let body = bytes[(end + 4)...]
        func value(_ name: String) -> Substring? {
            head.dropFirst().first { $0.lowercased().hasPrefix(name + ":") }?
                .dropFirst(name.count + 1).trimmingPrefix { $0 == " " }
        }
        if let encoding = value("transfer-encoding") {
            guard encoding.lowercased() == "chunked", let whole = Self.joined(chunks: body) else { return nil }
            self.body = whole
        } else if let text = value("content-length") {
            guard let length = Int(text), length >= 0, body.count >= length else { return nil }
            self.body = Array(body.prefix(length))
        } else {
            self.body = Array(body)
        }
    }

    /// The bytes of chunks (RFC 9112, section 7.1); `nil` if the last one is missing.
    private static func joined(chunks: ArraySlice<UInt8>) -> [UInt8]? {
        var rest = chunks
        var joined: [UInt8] = []
        while let end = rest.firstIndex(of: 13) {
            let size = String(decoding: rest[..<end].prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
            guard let count = Int(size, radix: 16), count >= 0, rest.endIndex - end >= 2 else { return nil }
            rest = rest[(end + 2)...]
            if count == 0 { return joined }
            guard rest.count - 2 >= count else { return nil }
            joined += rest.prefix(count)
            rest = rest.dropFirst(count + 2)
        }
        return nil
    }
}

extension [UInt8] {
    /// Where some bytes first occur.
    fileprivate func firstIndex(of other: [UInt8]) -> Int? {
        guard count >= other.count else { return nil }
        return (0...(count - other.count)).first {
            self[$0] == other[0] && Array(self[$0..<($0 + other.count)]) == other
        }
    }
}
