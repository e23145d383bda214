/// The text of single values in fields.
///
/// Integers are decimal, in exactly the form that `HINCRBY` takes: no sign but a minus, no leading zero, no space.
/// Floating-point numbers are the shortest text that gives the same number again, or `nan`, `inf`, `-inf`. Truth
/// values are `true` and `false`. Any server or client can read them, and counters can be changed in place.
enum FieldText {
    /// Why a field is not the value that was asked for.
    enum Failure: Error {
        /// It has another form.
        case malformed
        /// It is a number, but the type cannot hold it.
        case outOfRange
        /// It is not UTF-8.
        case notText
    }

    /// The longest text that is looked at as a floating-point number.
    ///
    /// An exact decimal of a `Double` has at most 1 077
    /// characters; more is not a number that anybody wrote.
    static let maximumFloatLength = 1_100

    // MARK: Writing

    /// Appends the decimal text of an integer.
    static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        if value.bitWidth <= 64 {
            if value < 0 {
                bytes.append(UInt8(ascii: "-"))
                append(UInt64(truncatingIfNeeded: 0 &- Int64(truncatingIfNeeded: value)), to: &bytes)
            } else {
                append(UInt64(truncatingIfNeeded: value), to: &bytes)
            }
        } else {
            bytes.append(contentsOf: String(value).utf8)
        }
    }

    /// Appends the decimal text of an unsigned number.
    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        let start = bytes.count
        var value = value
        repeat {
            let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 10)
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: remainder))
            value = quotient
        } while value > 0
        bytes[start...].reverse()
    }

    /// Appends the shortest text of a floating-point number that reads back as the same number.
    static func append(_ value: some BinaryFloatingPoint & LosslessStringConvertible, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: (value.isNaN ? "nan" : value.description).utf8)
    }

    /// Appends `true` or `false`.
    static func append(_ value: Bool, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    // MARK: Reading

    /// The integer that the text is.
    static func integer<T: FixedWidthInteger>(
        _ type: T.Type, from text: UnsafeBufferPointer<UInt8>
    ) -> Result<T, Failure> {
        var position = 0
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { position = 1 }
        guard position < text.count else { return .failure(.malformed) }
        if text[position] == UInt8(ascii: "0") {
            return text.count == 1 ? .success(0) : .failure(.malformed)
        }
        var value: T = 0
        var isOutOfRange = false
        while position < text.count {
            let digit = text[position] &- UInt8(ascii: "0")
            guard digit <= 9 else { return .failure(.malformed) }
            if !isOutOfRange {
                let (product, first) = value.multipliedReportingOverflow(by: 10)
                let (sum, second) =
                    isNegative
                    ? product.subtractingReportingOverflow(T(truncatingIfNeeded: digit))
                    : product.addingReportingOverflow(T(truncatingIfNeeded: digit))
                isOutOfRange = first || second
                value = sum
            }
            position += 1
        }
        return isOutOfRange ? .failure(.outOfRange) : .success(value)
    }

    /// The floating-point number that the text is.
    static func float<T: BinaryFloatingPoint & LosslessStringConvertible>(
        _ type: T.Type, from text: UnsafeBufferPointer<UInt8>
    ) -> Result<T, Failure> {
        switch text.count {
        case 3 where text.elementsEqual("nan".utf8): return .success(.nan)
        case 3 where text.elementsEqual("inf".utf8): return .success(.infinity)
        case 4 where text.elementsEqual("-inf".utf8): return .success(-.infinity)
        case 1...maximumFloatLength: break
        default: return .failure(.malformed)
        }
        guard text.allSatisfy(isDecimalCharacter), let value = T(String(decoding: text, as: UTF8.self)) else {
            return .failure(.malformed)
        }
        return value.isFinite ? .success(value) : .failure(.outOfRange)
    }

    /// The truth value that the text is.
    static func boolean(from text: UnsafeBufferPointer<UInt8>) -> Bool? {
        if text.elementsEqual("true".utf8) { return true }
        if text.elementsEqual("false".utf8) { return false }
        return nil
    }

    /// Whether a byte can be part of a decimal number; what the standard library takes besides (hexadecimal digits,
    /// names of special values) is kept out by this.
    private static func isDecimalCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}
