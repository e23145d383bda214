extension HashStore {
    /// The value of a field, copied; `nil` if the key or the field is missing or the key holds a string.
    ///
    /// **Concurrency:** takes no lock.
    ///
    /// - Complexity: one hash, one comparison of names per field of a small hash; allocates the result.
    @inlinable
    public subscript(key: some ByteKey, field: some ByteKey) -> [UInt8]? {
        withField(key, field) { span in
            guard let span else { return nil }
            return span.withUnsafeBytes { [UInt8]($0) }
        }
    }

    /// The value of a field as text; malformed UTF-8 is repaired.
    ///
    /// - Returns: `nil` if the key or the field is missing or the key holds a string.
    @inlinable
    public func text(_ key: some ByteKey & ~Escapable, _ field: some ByteKey & ~Escapable) -> String? {
        withField(key, field) { span in
            guard let span else { return nil }
            return span.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Lends the bytes of a field to a closure, without copying them.
    ///
    /// What the closure sees doesn't change while it runs, whatever others write. It should be brief: memory that others
    /// give up meanwhile is kept until it returns.
    ///
    /// ```swift
    /// let length = store.withField("user:1", "name") { bytes in bytes?.byteCount ?? 0 }
    /// ```
    ///
    /// **Concurrency:** takes no lock. The closure must not wait for another thread that uses the store.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - field: The field's name.
    ///   - body: Called with the value's bytes, or `nil` if there is none.
    /// - Returns: What the closure returns.
    /// - Throws: What the closure throws.
    @inlinable
    public func withField<Result, Failure: Error>(
        _ key: some ByteKey & ~Escapable, _ field: some ByteKey & ~Escapable,
        _ body: (RawSpan?) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let pin = Epoch.pin()
        defer { pin.end() }
        let value = key.withBytes { key in
            field.withBytes { field in
                key.withUnsafeBytes { key in field.withUnsafeBytes { pinnedField(key, $0) } }
            }
        }
        // SAFETY: the bytes lie in a block that is not freed before the section ends.
        guard let value else { return try body(nil) }
        return try body(value.bytes)
    }

    /// The bytes of a live field, valid while the caller is pinned.
    @usableFromInline
    func pinnedField(_ name: UnsafeRawBufferPointer, _ field: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        if probe.isDue { return observedField(name, field) }
        return unobservedField(self.key(name), field)
    }

    @inline(__always)
    private func unobservedField(_ key: Key, _ field: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let now = coarseNow()
        guard let entry = pinnedEntry(key, now: now), entry.kind == .hash else { return nil }
        recordRead(entry, of: key, now: now)
        return entry.field(field, now: now)?.value
    }

    @inline(never)
    private func observedField(_ name: UnsafeRawBufferPointer, _ field: UnsafeRawBufferPointer)
        -> UnsafeRawBufferPointer?
    {
        let start = probe.begin()
        let key = self.key(name)
        let value = unobservedField(key, field)
        probe.end(start, .get, wasFound: value != nil, hash: key.hash) { Self.text(ofKey: name) }
        return value
    }

    /// The values of several fields of one key, in the order of their names, `nil` for those that are missing.
    ///
    /// All of them are from the same moment.
    @inlinable
    public func values(_ key: some ByteKey, _ fields: [some ByteKey]) -> [[UInt8]?] {
        withRawBytes(key) { key in
            withWholeHash(key) { entry, now in
                fields.map { field in withRawBytes(field) { Self.value(of: entry, $0, now: now) } }
            }
        }
    }

    @usableFromInline
    static func value(of entry: Entry?, _ field: UnsafeRawBufferPointer, now: Int64) -> [UInt8]? {
        entry?.field(field, now: now).map { [UInt8]($0.value) }
    }

    /// The whole hash at one moment as text; malformed UTF-8 is repaired.
    ///
    /// - Returns: `nil` if the key is missing or holds a string.
    @inlinable
    public func dictionary(_ key: some ByteKey) -> [String: String]? { withRawBytes(key) { dictionary(ofKey: $0) } }

    @usableFromInline
    func dictionary(ofKey key: UnsafeRawBufferPointer) -> [String: String]? {
        withWholeHash(key) { entry, now in
            guard let entry else { return nil }
            var dictionary: [String: String] = [:]
            dictionary.reserveCapacity(entry.fieldCount)
            entry.forEachField(now: now) { name, value, _ in
                dictionary[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
            }
            return dictionary
        }
    }

    /// The number of fields of a hash; 0 if the key is missing or holds a string.
    @inlinable
    public func fieldCount(_ key: some ByteKey) -> Int { withRawBytes(key) { fieldCount(ofKey: $0) } }

    @usableFromInline
    func fieldCount(ofKey key: UnsafeRawBufferPointer) -> Int {
        withWholeHash(key) { entry, now in entry?.liveFieldCount(now: now) ?? 0 }
    }

    /// Whether a key holds a hash with this field.
    @inlinable
    public func contains(_ key: some ByteKey, _ field: some ByteKey) -> Bool {
        withField(key, field) { $0 != nil }
    }

    /// Gives a closure a hash at one moment: under the pin alone if it is one block, else with its shard locked.
    @usableFromInline
    func withWholeHash<Result>(_ bytes: UnsafeRawBufferPointer, _ body: (Entry?, Int64) -> Result) -> Result {
        let start = probe.beginIfDue()
        let key = self.key(bytes)
        let now = coarseNow()
        var wasFound = false
        defer {
            if start != 0 { probe.end(start, .get, wasFound: wasFound, hash: key.hash) { Self.text(ofKey: bytes) } }
        }
        let result: Result? = read(key, now: now) { entry in
            guard let entry, entry.kind == .hash else { return body(nil, now) }
            recordRead(entry, of: key, now: now)
            wasFound = true
            return entry.isTable ? nil : body(entry, now)
        }
        if let result { return result }
        return withExclusiveAccess(to: key, now: now) { access in
            let entry = access.entry(key)
            return body(entry?.kind == .hash ? entry : nil, now)
        }
    }
}

/// Calls a closure with the bytes as a buffer.
@inlinable @inline(__always)
func withRawBytes<Result, Failure: Error>(
    _ key: some ByteKey, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
) throws(Failure) -> Result {
    try key.withBytes { span throws(Failure) in try span.withUnsafeBytes(body) }
}
