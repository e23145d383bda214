extension RESPWriter {
    /// Writes a reply of a server again, in this writer's version of the protocol.
    ///
    /// - Complexity: O(size of the value).
    public func value(_ value: RESPValue) {
        switch value {
        case .simpleString(let bytes):
            simpleString(String(decoding: bytes, as: UTF8.self))
        case .error(let bytes):
            error(String(decoding: bytes, as: UTF8.self))
        case .integer(let number):
            integer(number)
        case .bulkString(let bytes):
            bulk(bytes)
        case .verbatimString(_, let bytes):
            verbatim(String(decoding: bytes, as: UTF8.self))
        case .bigNumber(let bytes):
            bigNumber(String(decoding: bytes, as: UTF8.self))
        case .null:
            null()
        case .double(let number):
            double(number)
        case .boolean(let flag):
            boolean(flag)
        case .array(let values):
            arrayHeader(values.count)
            for element in values { self.value(element) }
        case .set(let values):
            setHeader(values.count)
            for element in values { self.value(element) }
        case .push(let values):
            pushHeader(values.count)
            for element in values { self.value(element) }
        case .map(let pairs):
            mapHeader(pairs.count)
            for pair in pairs {
                self.value(pair.key)
                self.value(pair.value)
            }
        }
    }
}
