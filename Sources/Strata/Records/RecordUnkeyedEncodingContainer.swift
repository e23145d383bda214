/// The container of a list: a field or a node for each element, named by its index.
struct RecordUnkeyedEncodingContainer: UnkeyedEncodingContainer {
    let encoding: RecordEncoding
    let node: Int

    var codingPath: [any CodingKey] { encoding.codingPath(of: node) }
    var count: Int { encoding.childCount(of: node) }

    func encodeNil() throws {
        let child = try child(Any?.none as Any)
        do { try encoding.writeNull(at: child) } catch {
            throw error.encodingError(Any?.none as Any, codingPath: codingPath)
        }
    }

    func encode<T: Encodable>(_ value: T) throws {
        if let bytes = RecordEncoding.bytes(of: value) {
            try write(bytes)
        } else {
            try encoding.encode(value, at: child(value))
        }
    }

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

    func nestedContainer<NestedKey: CodingKey>(keyedBy keyType: NestedKey.Type) -> KeyedEncodingContainer<NestedKey> {
        nested().container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }

    func superEncoder() -> any Encoder { nested() }

    private func nested() -> RecordValueEncoder {
        let child = encoding.nodeKeepingFailure { encoding throws(HashRecordError) in
            try encoding.nextNode(under: node)
        }
        return RecordValueEncoder(encoding: encoding, node: child)
    }

    private func child(_ value: some Any) throws -> Int {
        do { return try encoding.nextNode(under: node) } catch {
            throw error.encodingError(value, codingPath: codingPath)
        }
    }

    private func write(_ value: some FieldValue) throws {
        do { try encoding.writeNext(value, under: node) } catch {
            throw error.encodingError(value, codingPath: codingPath)
        }
    }
}
