/// What a field whose name ends in a bare separator says about the path in front of it.
///
/// Markers only speak where there are no other fields at their path: a server's client that adds `tags.0` to an empty
/// list need not know that it should remove `tags.`.
enum FieldMarker: String {
    /// A `nil` that is present.
    case null
    /// A keyed container without keys.
    case emptyKeyed = "{}"
    /// A list without elements.
    case emptyList = "[]"
}

extension FieldMarker: FieldValue {
    static var expectation: String { "null, {} or []" }
    func append(to bytes: inout [UInt8]) { bytes.append(contentsOf: rawValue.utf8) }
    static func value(of field: UnsafeBufferPointer<UInt8>) -> Result<FieldMarker, FieldText.Failure> {
        for marker in [FieldMarker.emptyKeyed, .emptyList, .null] where field.elementsEqual(marker.rawValue.utf8) {
            return .success(marker)
        }
        return .failure(.malformed)
    }
}
