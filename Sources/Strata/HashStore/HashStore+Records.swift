extension HashStore {
    /// Sets the fields that a value encodes to; other fields stay.
    ///
    /// - Parameters:
    ///   - key: The key; created if need be.
    ///   - value: What to encode, by the rules of ``HashRecordEncoder``.
    ///   - encoder: The encoder.
    /// - Throws: ``HashRecordError`` if the value can't be encoded, ``HashStoreError`` if it can't be stored.
    public func set(
        _ key: some ByteKey, encoding value: some Encodable, with encoder: HashRecordEncoder = HashRecordEncoder()
    ) throws {
        try set(key, encoder.encode(value))
    }

    /// Decodes the whole hash at one moment.
    ///
    /// - Parameters:
    ///   - type: What to decode, by the rules of ``HashRecordDecoder``.
    ///   - key: The key.
    ///   - decoder: The decoder.
    /// - Returns: The value; `nil` if the key is missing or holds a string.
    /// - Throws: The decoder's error, which names the field.
    public func decode<Value: Decodable>(
        _ type: Value.Type, _ key: some ByteKey, with decoder: HashRecordDecoder = HashRecordDecoder()
    ) throws(HashRecordError) -> Value? {
        guard let record = record(key) else { return nil }
        return try decoder.decode(type, from: record)
    }
}
