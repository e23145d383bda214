/// Makes a `Codable` value from the fields of a hash.
///
/// The counterpart of ``HashRecordEncoder``, which describes the layout. Fields may stem from anywhere: a record is
/// taken as hostile, and whatever it holds the result is a value or an error, never a trap.
///
/// ```swift
/// let user = try HashRecordDecoder().decode(User.self, from: record)
/// // throws "field 'address.zip' has the wrong type, expected Int, found "12a""
/// ```
///
/// What is taken as what:
///
/// - **Integers** in decimal exactly as `HINCRBY` takes them: `0`, `-12`; not `+1`, `01`, `1.0` or a text with spaces.
///   A number too large for the type is `outOfRange`.
/// - **Floating-point numbers** in decimal with or without fraction and exponent, `nan`, `inf` and `-inf`. One too large
///   for the type is `outOfRange`; one too small is zero.
/// - **Truth values** are `true` and `false`.
/// - **Text** must be UTF-8. **`[UInt8]`** takes any field.
/// - **Fields that the type doesn't ask for** are ignored. **A missing field** is `nil` for an optional property, and
///   `missingField` for any other.
/// - **A list** has as many elements as there are indices under its path; a hole between them is `missingValue`.
/// - **Both `a` and `a.b`** is a `conflict`, for a type that asks for `a`.
///
/// **Concurrency:** a value type without shared state; use it from anywhere.
public struct HashRecordDecoder: Sendable {
    /// The layout and its limits.
    public var format: HashRecordFormat

    /// What the types' own `init(from:)` find in the decoder's `userInfo`.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    /// Makes a decoder for a format.
    public init(format: HashRecordFormat = HashRecordFormat()) {
        self.format = format
    }

    /// Makes a value from fields.
    ///
    /// - Parameters:
    ///   - type: the type of the value.
    ///   - record: the fields, in any order.
    /// - Returns: the value.
    /// - Throws: ``HashRecordError`` with the path of the field that could not be decoded. An error of its own that a
    ///   type's `init(from:)` throws is in ``HashRecordError/underlying``.
    /// - Complexity: O(n log n) for n fields: sorting the names, then bisecting for each value.
    public func decode<T: Decodable>(_ type: T.Type, from record: HashRecord) throws(HashRecordError) -> T {
        guard record.count <= format.maximumFieldCount else {
            throw HashRecordError(
                .tooManyFields, path: "", expected: "at most \(format.maximumFieldCount)", found: "\(record.count)"
            )
        }
        let paths = FieldPath(separator: format.separator.byte)
        let decoding = RecordDecoding(
            index: try RecordIndex(record, paths: paths), format: format, userInfo: userInfo
        )
        do {
            return try decoding.decode(type, at: decoding.index.root)
        } catch {
            throw decoding.error(for: error)
        }
    }
}
