/// The container of a value with keys: a field or a node for each.
struct RecordKeyedEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoding: RecordEncoding
    let node: Int

    var codingPath: [any CodingKey] { encoding.codingPath(of: node) }

    func encodeNil(forKey key: Key) throws {
        let child = try child(key, Any?.none as Any)
        do { try encoding.writeNull(at: child) } catch {
            throw error.encodingError(Any?.none as Any, codingPath: codingPath)
        }
    }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        if let bytes = RecordEncoding.bytes(of: value) {
            try write(bytes, key)
        } else {
            try encoding.encode(value, at: child(key, value))
        }
    }

    func encode(_ value: Bool, forKey key: Key) throws { try write(value, key) }
    func encode(_ value: String, forKey key: Key) throws { try write(value, key) }
    func encode(_ value: Double, forKey key: Key) throws { try write(value, key) }
    func encode(_ value: Float, forKey key: Key) throws { try write(value, key) }
    func encode(_ value: Int, forKey key: Key) throws { try write(value, key) }
    func encode(_ value: Int8, forKey key: Key) throws { try write(value, key) }
    func encode(_ value: Int16, forKey key: Key) throws { try write(value, key) }
    func encode(_ value: Int32, forKey key: Key) throws { try write(value, key) }
    func encode(_ value: Int64, forKey key: Key) throws { try write(value, key) }
    func encode(_ value: Int128, forKey key: Key) throws { try write(value, key) }
    func encode(_ value: UInt, forKey key: Key) throws { try write(value, key) }
    func encode(_ value: UInt8, forKey key: Key) throws { try write(value, key) }
    func encode(_ value: UInt16, forKey key: Key) throws { try write(value, key) }
    func encode(_ value: UInt32, forKey key: Key) throws { try write(value, key) }
    func encode(_ value: UInt64, forKey key: Key) throws { try write(value, key) }
    func encode(_ value: UInt128, forKey key: Key) throws { try write(value, key) }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        nested(key).container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { nested(key).unkeyedContainer() }

    func superEncoder() -> any Encoder { nested(FieldPathKey.superclass) }

    func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

    private func nested(_ key: some CodingKey) -> RecordValueEncoder {
        let child = encoding.nodeKeepingFailure { encoding throws(HashRecordError) in
            try encoding.node(under: node, key: key)
        }
        return RecordValueEncoder(encoding: encoding, node: child)
    }

    private func child(_ key: Key, _ value: some Any) throws -> Int {
        do { return try encoding.node(under: node, key: key) } catch {
            throw error.encodingError(value, codingPath: codingPath)
        }
    }

    private func write(_ value: some FieldValue, _ key: Key) throws {
        do { try encoding.write(value, under: node, key: key) } catch {
            throw error.encodingError(value, codingPath: codingPath)
        }
    }
}
