/// What a type's `encode(to:)` is given: one place in the value.
///
/// It is also the single-value container of that place.
struct RecordValueEncoder: Encoder, SingleValueEncodingContainer {
    let encoding: RecordEncoding
    let node: Int

    var codingPath: [any CodingKey] { encoding.codingPath(of: node) }
    var userInfo: [CodingUserInfoKey: Any] { encoding.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        encoding.open(.keyed, at: node)
        return KeyedEncodingContainer(RecordKeyedEncodingContainer(encoding: encoding, node: node))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        encoding.open(.unkeyed, at: node)
        return RecordUnkeyedEncodingContainer(encoding: encoding, node: node)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    // MARK: A single value

    func encodeNil() throws {
        do { try encoding.writeNull(at: node) } catch {
            throw error.encodingError(Any?.none as Any, codingPath: codingPath)
        }
    }

    func encode<T: Encodable>(_ value: T) throws { try encoding.encode(value, at: node) }

    func encode(_ value: Bool) throws { try write(value) }
    func encode(_ value: String) throws { try write(value) }
    func encode(_ value: Double) throws { try write(value) }
    func encode(_ value: Float) throws { try write(value) }
    func encode(_ value: Int) throws { try write(value) }
    func encode(_ value: Int8) throws { try write(value) }
    func encode(_ value: Int16) throws { try write(value) }
    func encode(_ value: Int32) throws { try write(value) }
    func encode(_ value: Int64) throws { try write(value) }
    func encode(_ value: Int128) throws { try write(value) }
    func encode(_ value: UInt) throws { try write(value) }
    func encode(_ value: UInt8) throws { try write(value) }
    func encode(_ value: UInt16) throws { try write(value) }
    func encode(_ value: UInt32) throws { try write(value) }
    func encode(_ value: UInt64) throws { try write(value) }
    func encode(_ value: UInt128) throws { try write(value) }

    private func write(_ value: some FieldValue) throws {
        do { try encoding.write(value, at: node) } catch { throw error.encodingError(value, codingPath: codingPath) }
    }
}
