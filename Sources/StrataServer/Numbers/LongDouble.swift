#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The widest floating-point number of the platform, as the float increments calculate and print it.
///
/// On x86-64 it is the 80-bit extended format; elsewhere `Double` stands in, and results can differ from those of an
/// x86-64 server in the last of the seventeen decimals.
struct LongDouble {
    #if arch(x86_64) || arch(i386)
        /// The type that holds the number.
        typealias Storage = Float80
    #else
        /// The type that holds the number.
        typealias Storage = Double
    #endif

    /// The number.
    let value: Storage

    /// The longest text that is read as a number, in bytes; longer ones are refused unread.
    static let maximumTextLength = 5 * 1024 - 1

    /// Wraps a number.
    init(_ value: Storage) {
        self.value = value
    }

    /// Reads a number from text the way C's `strtold` does, without white space around it.
    ///
    /// Decimal and hexadecimal notation and both infinities are accepted. `nan`, an overflow of the finite range and an
    /// underflow to zero are not.
    ///
    /// - Parameter bytes: The whole text; nothing may precede or follow the number.
    init?(parsing bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty, bytes.count <= Self.maximumTextLength else { return nil }
        let first = bytes[0]
        guard first != 0x20, !(0x09...0x0D).contains(first) else { return nil }
        let parsed = withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { text -> Storage? in
            for index in 0..<bytes.count { text[index] = CChar(bitPattern: bytes[index]) }
            text[bytes.count] = 0
            // SAFETY: `text` is not empty and ends in a zero byte.
            let start = text.baseAddress!
            var end: UnsafeMutablePointer<CChar>?
            errno = 0
            #if arch(x86_64) || arch(i386)
                let value = strtold(start, &end)
            #else
                let value = strtod(start, &end)
            #endif
            guard end == start + bytes.count, !value.isNaN, errno != EINVAL else { return nil }
            if errno == ERANGE, value.isInfinite || value.isZero { return nil }
            return value
        }
        guard let parsed else { return nil }
        value = parsed
    }

    /// Calls a closure with the number in plain decimal notation, at most seventeen decimals and no trailing zeros.
    ///
    /// - Parameter body: Receives the text; it is valid during the call only.
    /// - Returns: What the closure returns.
    /// - Throws: What the closure throws.
    func withText<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        if value.isInfinite {
            var text = value < 0 ? "-inf" : "inf"
            return try text.withUTF8 { try body(UnsafeRawBufferPointer($0)) }
        }
        return try withUnsafeTemporaryAllocation(of: CChar.self, capacity: Self.maximumTextLength + 1) { text in
            // SAFETY: the capacity is not zero, so there is a base address; `vsnprintf` writes at most the capacity.
            let start = text.baseAddress!
            #if arch(x86_64) || arch(i386)
                let format = "%.17Lf"
            #else
                let format = "%.17f"
            #endif
            var length = Int(withVaList([value]) { vsnprintf(start, text.count, format, $0) })
            while start[length - 1] == CChar(UInt8(ascii: "0")) { length -= 1 }
            if start[length - 1] == CChar(UInt8(ascii: ".")) { length -= 1 }
            if length == 2, start[0] == CChar(UInt8(ascii: "-")), start[1] == CChar(UInt8(ascii: "0")) {
                start[0] = CChar(UInt8(ascii: "0"))
                length = 1
            }
            return try body(UnsafeRawBufferPointer(start: start, count: length))
        }
    }
}
