/// Turns a `Codable` value into the fields of a hash.
///
/// A property becomes a field of its name, a property of a property `address.city`, an element of a list `tags.0`:
/// each can then be read, changed and counted on its own, and a change of one does not rewrite the others.
///
/// ```swift
/// struct User: Codable {
///     var name: String
///     var address: Address
///     var tags: [String]
/// }
/// let record = try HashRecordEncoder().encode(user)
/// // name: Ada · address.city: London · tags.0: admin · tags.1: staff
/// ```
///
/// What becomes of each kind of value:
///
/// - **Numbers and truth values** are text, see ``HashRecordDecoder`` for the exact form. Field values carry no type:
///   the integer 1 and the text "1" are the same field. A type that tries one type after the other when it decodes
///   itself gets the first that fits.
/// - **Text** is its UTF-8 bytes.
/// - **`[UInt8]`** is one field of those bytes, unchanged. Other collections of bytes are lists like any other.
/// - **`nil`**: an optional property that is `nil` has no field. Where `nil` must be seen to be there (in a list, as a
///   value of a dictionary, or encoded explicitly) the field `path.` with a bare separator at its end says `null`.
/// - **Empty containers** have the field `path.` too, saying `{}` or `[]`, so that they come back empty and not missing.
/// - **Dictionaries** with `String` or `Int` keys have a field per key. Keys that contain the separator or a backslash,
///   or are empty, are escaped: `\.`, `\\`, `\e`.
/// - **A value without keys**, a plain `Int` say, is the field of the empty name; a list has `0`, `1`, ….
/// - **A superclass** lies under `super`, an enumeration's associated values under the name of the case.
///
/// **Concurrency:** a value type without shared state; use it from anywhere.
public struct HashRecordEncoder: Sendable {
    /// The layout and its limits.
    public var format: HashRecordFormat

    /// What the types' own `encode(to:)` find in the encoder's `userInfo`.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    /// Makes an encoder for a format.
    public init(format: HashRecordFormat = HashRecordFormat()) {
        self.format = format
    }

    /// Turns a value into fields.
    ///
    /// - Parameter value: anything encodable.
    /// - Returns: the fields in the order in which the type encoded them, with different names.
    /// - Throws: ``HashRecordError`` with the path of what could not be encoded: two values for one name (`conflict`),
    ///   a limit of the format (`tooDeep`, `tooManyFields`), or whatever the type's own code threw.
    /// - Complexity: O(n log n) for n fields, in bytes linear; three allocations and one for each container.
    public func encode(_ value: some Encodable) throws(HashRecordError) -> HashRecord {
        let encoding = RecordEncoding(format: format, userInfo: userInfo)
        do {
            try encoding.encode(value, at: RecordEncoding.root)
            return try encoding.finish()
        } catch {
            throw encoding.error(for: error)
        }
    }
}
