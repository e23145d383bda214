/// What a type's `init(from:)` is given: one place in the record.
///
/// It is also the single-value container of that place.
struct RecordValueDecoder: Decoder, SingleValueDecodingContainer {
    let decoding: RecordDecoding
    let node: RecordIndex.Node

    var codingPath: [any CodingKey] { decoding.codingPath(of: node) }
    var userInfo: [CodingUserInfoKey: Any] { decoding.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try decoding.requireKeyed(node)
        return KeyedDecodingContainer(RecordKeyedDecodingContainer(decoding: decoding, node: node))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        RecordUnkeyedDecodingContainer(decoding: decoding, node: node, elements: try decoding.elements(of: node))
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    // MARK: A single value

    func decodeNil() -> Bool { decoding.isNull(node) }

    func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoding.decode(type, at: node) }

    func decode(_ type: Bool.Type) throws -> Bool { try decoding.value(type, at: node) }
    func decode(_ type: String.Type) throws -> String { try decoding.value(type, at: node) }
    func decode(_ type: Double.Type) throws -> Double { try decoding.value(type, at: node) }
    func decode(_ type: Float.Type) throws -> Float { try decoding.value(type, at: node) }
    func decode(_ type: Int.Type) throws -> Int { try decoding.value(type, at: node) }
    func decode(_ type: Int8.Type) throws -> Int8 { try decoding.value(type, at: node) }
    func decode(_ type: Int16.Type) throws -> Int16 { try decoding.value(type, at: node) }
    func decode(_ type: Int32.Type) throws -> Int32 { try decoding.value(type, at: node) }
    func decode(_ type: Int64.Type) throws -> Int64 { try decoding.value(type, at: node) }
    func decode(_ type: Int128.Type) throws -> Int128 { try decoding.value(type, at: node) }
    func decode(_ type: UInt.Type) throws -> UInt { try decoding.value(type, at: node) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try decoding.value(type, at: node) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try decoding.value(type, at: node) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try decoding.value(type, at: node) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try decoding.value(type, at: node) }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try decoding.value(type, at: node) }
}
