/// A type whose values are one field: the ones for which `Codable`'s containers have their own functions.
protocol FieldValue {
    /// What an error message calls a field that would do.
    static var expectation: String { get }

    /// Appends the value's field bytes.
    func append(to bytes: inout [UInt8])

    /// The value that a field's bytes stand for.
    static func value(of field: UnsafeBufferPointer<UInt8>) -> Result<Self, FieldText.Failure>
}

extension FieldValue where Self: FixedWidthInteger {
    static var expectation: String { "\(Self.self)" }
    func append(to bytes: inout [UInt8]) { FieldText.append(self, to: &bytes) }
    static func value(of field: UnsafeBufferPointer<UInt8>) -> Result<Self, FieldText.Failure> {
        FieldText.integer(Self.self, from: field)
    }
}

extension FieldValue where Self: BinaryFloatingPoint & LosslessStringConvertible {
    static var expectation: String { "\(Self.self)" }
    func append(to bytes: inout [UInt8]) { FieldText.append(self, to: &bytes) }
    static func value(of field: UnsafeBufferPointer<UInt8>) -> Result<Self, FieldText.Failure> {
        FieldText.float(Self.self, from: field)
    }
}

extension Int: FieldValue {}
extension Int8: FieldValue {}
extension Int16: FieldValue {}
extension Int32: FieldValue {}
extension Int64: FieldValue {}
extension Int128: FieldValue {}
extension UInt: FieldValue {}
extension UInt8: FieldValue {}
extension UInt16: FieldValue {}
extension UInt32: FieldValue {}
extension UInt64: FieldValue {}
extension UInt128: FieldValue {}
extension Float: FieldValue {}
extension Double: FieldValue {}

extension Bool: FieldValue {
    static var expectation: String { "true or false" }
    func append(to bytes: inout [UInt8]) { FieldText.append(self, to: &bytes) }
    static func value(of field: UnsafeBufferPointer<UInt8>) -> Result<Bool, FieldText.Failure> {
        FieldText.boolean(from: field).map { .success($0) } ?? .failure(.malformed)
    }
}

extension String: FieldValue {
    static var expectation: String { "UTF-8 text" }
    func append(to bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }
    static func value(of field: UnsafeBufferPointer<UInt8>) -> Result<String, FieldText.Failure> {
        String(validating: field, as: UTF8.self).map { .success($0) } ?? .failure(.notText)
    }
}

/// Bytes as they are. `Array` of `UInt8` only: any other element encodes itself as a list.
extension [UInt8]: FieldValue {
    static var expectation: String { "bytes" }
    func append(to bytes: inout [UInt8]) { bytes.append(contentsOf: self) }
    static func value(of field: UnsafeBufferPointer<UInt8>) -> Result<[UInt8], FieldText.Failure> {
        .success([UInt8](field))
    }
}
