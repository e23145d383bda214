/// Decimal integers as the protocol's commands accept and print them.
///
/// Arguments and stored values are numbers only in their canonical form: an optional minus sign, no plus sign, no
/// spaces, no leading zeros, and within 64 bits. Anything else is "not an integer", so that a value that was parsed and
/// printed again has the same bytes.
enum DecimalInteger {
    /// The bytes the longest 64-bit integer takes, its sign included.
    static let maximumLength = 20

    /// Reads a signed 64-bit integer in canonical form.
    ///
    /// - Parameter bytes: The whole text; nothing may precede or follow the number.
    /// - Returns: The number, or `nil` when the text is not the canonical form of one or does not fit.
    /// - Complexity: Linear in the length, at most 20 steps.
    static func parse(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        let count = bytes.count
        guard count > 0, count <= maximumLength else { return nil }
        if count == 1 {
            let digit = bytes[0] &- UInt8(ascii: "0")
            return digit <= 9 ? Int64(digit) : nil
        }
        let isNegative = bytes[0] == UInt8(ascii: "-")
        var index = isNegative ? 1 : 0
        let first = bytes[index] &- UInt8(ascii: "0")
        guard first >= 1, first <= 9 else { return nil }
        var magnitude = UInt64(first)
        index += 1
        while index < count {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            guard !overflow, !carry else { return nil }
            magnitude = sum
            index += 1
        }
        if isNegative {
            guard magnitude <= UInt64(Int64.max) + 1 else { return nil }
            return Int64(truncatingIfNeeded: 0 &- magnitude)
        }
        return Int64(exactly: magnitude)
    }

    /// Reads a scan cursor: an unsigned 64-bit integer, more leniently than ``parse(_:)``.
    ///
    /// Cursors are accepted the way C's `strtoull` reads them (leading white space, a plus sign, leading zeros),
    /// because that is what clients were able to send all along.
    ///
    /// - Returns: The cursor, or `nil` when the text is no number, is negative or does not fit.
    static func parseCursor(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        if let value = parse(bytes) { return UInt64(exactly: value) }
        var index = 0
        while index < bytes.count, bytes[index] == 0x20 || (0x09...0x0D).contains(bytes[index]) { index += 1 }
        var isNegative = false
        if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
            isNegative = bytes[index] == UInt8(ascii: "-")
            index += 1
        }
        guard index < bytes.count else { return nil }
        var magnitude: UInt64 = 0
        while index < bytes.count {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            guard !overflow, !carry else { return nil }
            magnitude = sum
            index += 1
        }
        return isNegative ? 0 &- magnitude : magnitude
    }

    /// Calls a closure with the decimal text of an integer, without allocating.
    ///
    /// - Parameters:
    ///   - value: The number.
    ///   - body: Receives the text; it is valid during the call only.
    /// - Returns: What the closure returns.
    /// - Throws: What the closure throws.
    @inline(__always)
    static func withText<Result, Failure: Error>(
        of value: Int64, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // Three words hold the longest text; they live on the stack.
        var storage: (UInt64, UInt64, UInt64) = (0, 0, 0)
        var start = 24
        withUnsafeMutableBytes(of: &storage) { buffer in
            var magnitude = value.magnitude
            repeat {
                let (quotient, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
                start -= 1
                buffer[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
                magnitude = quotient
            } while magnitude != 0
            if value < 0 {
                start -= 1
                buffer[start] = UInt8(ascii: "-")
            }
        }
        let first = start
        return try withUnsafeBytes(of: &storage) { buffer throws(Failure) in
            try body(UnsafeRawBufferPointer(rebasing: buffer[first...]))
        }
    }
}
