/// A quick look ahead over the requests of a pipeline, for the place of each one's first key.
///
/// The argument behind the command's name is a key in nearly all commands with keys. A server that knows the next keys can ask the processor
/// for their memory before it carries out the first request. The scanner validates nothing: it stops at anything unusual.
public struct RESPKeyScanner {
    private let bytes: UnsafeRawBufferPointer
    /// The start of the next request.
    public private(set) var offset: Int

    /// A scanner over received bytes.
    ///
    /// - Parameter offset: where a request starts.
    public init(_ bytes: UnsafeRawBufferPointer, from offset: Int) {
        self.bytes = bytes
        self.offset = offset
    }

    /// The argument behind the command's name of the next request; `nil` at the end, or when the request has none, is incomplete or isn't a
    /// plain multibulk request.
    ///
    /// - Complexity: O(arguments).
    public mutating func next() -> UnsafeRawBufferPointer? {
        var position = offset
        guard let count = number(behind: UInt8(ascii: "*"), at: &position), count >= 2, count <= 64 else { return nil }
        var key: UnsafeRawBufferPointer?
        for index in 0..<count {
            guard let length = number(behind: UInt8(ascii: "$"), at: &position), length <= bytes.count - position - 2 else {
                return nil
            }
            if index == 1 { key = UnsafeRawBufferPointer(rebasing: bytes[position..<position + length]) }
            position += length + 2
        }
        offset = position
        return key
    }

    /// The number of a header line of up to seven digits.
    @inline(__always)
    private func number(behind marker: UInt8, at position: inout Int) -> Int? {
        guard position < bytes.count, bytes[position] == marker else { return nil }
        var index = position + 1
        let end = min(bytes.count, index + 8)
        var value = 0
        while index < end {
            let byte = bytes[index]
            if byte == 0x0d {
                position = index + 2
                return value
            }
            let digit = Int(byte) - 0x30
            guard digit >= 0, digit <= 9 else { return nil }
            value = value &* 10 &+ digit
            index &+= 1
        }
        return nil
    }
}
