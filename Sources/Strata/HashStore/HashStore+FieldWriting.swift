extension HashStore {
    /// Sets one field; the hash is created if need be, and a deadline of the field is dropped.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - field: The field's name.
    ///   - value: The field's value.
    ///   - lifetime: How long the field lives; `nil` for as long as its hash. Zero or less removes it.
    /// - Returns: Whether the field is new.
    /// - Throws: `wrongType` if the key holds a string, `tooLong`, `outOfMemory`.
    /// - Complexity: A small hash is rebuilt: one allocation, O(bytes of the hash). A large one: O(1).
    @discardableResult
    @inlinable
    public func setField(
        _ key: some ByteKey, _ field: some ByteKey, to value: some ByteKey, expiringAfter lifetime: Duration? = nil
    ) throws(HashStoreError) -> Bool {
        try withRawBytes(key) { key throws(HashStoreError) in
            try withRawBytes(field) { name throws(HashStoreError) in
                try withRawBytes(value) { value throws(HashStoreError) in
                    try setField(key: key, name, value, lifetime)
                }
            }
        }
    }

    @usableFromInline
    func setField(
        key: UnsafeRawBufferPointer, _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer,
        _ lifetime: Duration?
    ) throws(HashStoreError) -> Bool {
        try checkLength(name, value)
        return try writing(key) { key, access, now throws(HashStoreError) in
            try requireHash(access.entry(key))
            return access.setField(key, name, value, deadline: deadlineChange(lifetime, now))
        }
    }

    /// Sets several fields at once; other fields stay.
    ///
    /// ```swift
    /// try store.set("user:1", ["name": "Ada", "born": "1815"])
    /// ```
    ///
    /// Readers see all of the new values or none, unless the hash is large (more fields than
    /// ``EncodingLimits/maximumCompactFieldCount``).
    ///
    /// - Parameters:
    ///   - key: The key; created if need be.
    ///   - record: Names and values.
    ///   - lifetime: How long these fields live; `nil` for as long as their hash.
    /// - Returns: How many of the fields are new.
    /// - Throws: `wrongType` if the key holds a string, `tooLong`, `outOfMemory`.
    @discardableResult
    public func set(
        _ key: some ByteKey, _ record: HashRecord, expiringAfter lifetime: Duration? = nil
    ) throws(HashStoreError) -> Int {
        guard record.byteCount <= Self.maximumValueLength else { throw .tooLong }
        return try withRawBytes(key) { key throws(HashStoreError) in try set(key: key, record, lifetime) }
    }

    private func set(
        key: Bytes, _ record: HashRecord, _ lifetime: Duration?
    ) throws(HashStoreError) -> Int {
        try writing(key) { key, access, now throws(HashStoreError) in
            try requireHash(access.entry(key))
            return record.withFields { fieldAt in
                access.setFields(key, count: record.count, fieldAt, deadline: deadlineChange(lifetime, now))
            }
        }
    }

    /// Puts a hash in place of whatever a key holds, in one step for readers; its deadline is dropped.
    ///
    /// - Throws: `tooLong`, `outOfMemory`.
    public func replace(_ key: some ByteKey, with record: HashRecord) throws(HashStoreError) {
        guard record.byteCount <= Self.maximumValueLength else { throw .tooLong }
        try withRawBytes(key) { key throws(HashStoreError) in
            try writing(key) { key, access, now in access.setRecord(key, record, deadline: .clear) }
        }
    }

    /// Removes fields; the hash goes with its last one.
    ///
    /// - Returns: How many there were.
    /// - Throws: `wrongType` if the key holds a string.
    @discardableResult
    public func removeFields(_ key: some ByteKey, _ fields: [some ByteKey]) throws(HashStoreError) -> Int {
        var removed = 0
        for field in fields where try removeField(key, field) { removed += 1 }
        return removed
    }

    /// Removes a field; the hash goes with its last one.
    ///
    /// - Returns: Whether there was such a field.
    /// - Throws: `wrongType` if the key holds a string.
    @discardableResult
    @inlinable
    public func removeField(_ key: some ByteKey, _ field: some ByteKey) throws(HashStoreError) -> Bool {
        try withRawBytes(key) { key throws(HashStoreError) in
            try withRawBytes(field) { name throws(HashStoreError) in try removeField(key: key, name) }
        }
    }

    @usableFromInline
    func removeField(
        key: UnsafeRawBufferPointer, _ name: UnsafeRawBufferPointer
    ) throws(HashStoreError) -> Bool {
        try changing(key, now: now()) { key, access, now throws(HashStoreError) in
            try requireHash(access.entry(key))
            return access.removeFields(key, count: 1) { _ in name } > 0
        }
    }

    /// Adds to a field that holds an integer; a missing one counts as 0.
    ///
    /// The deadline of the field stays.
    ///
    /// - Returns: The new value.
    /// - Throws: `notAnInteger` if the field holds anything else, `overflow` if the sum doesn't fit, `wrongType` if the
    ///   key holds a string, `outOfMemory`.
    @discardableResult
    @inlinable
    public func increment(
        _ key: some ByteKey, _ field: some ByteKey, by amount: Int64 = 1
    ) throws(HashStoreError) -> Int64 {
        try withRawBytes(key) { key throws(HashStoreError) in
            try withRawBytes(field) { field throws(HashStoreError) in try increment(key: key, field, amount) }
        }
    }

    @usableFromInline
    func increment(
        key: UnsafeRawBufferPointer, _ field: UnsafeRawBufferPointer, _ amount: Int64
    ) throws(HashStoreError) -> Int64 {
        try updateNumber(key, field) { bytes throws(HashStoreError) in
            var old: Int64 = 0
            if let bytes {
                guard let parsed = IntegerText.parse(bytes) else { throw .notAnInteger }
                old = parsed
            }
            let (sum, overflowed) = old.addingReportingOverflow(amount)
            guard !overflowed else { throw .overflow }
            return (sum, String(sum))
        }
    }

    /// Adds to a field that holds a number; a missing one counts as 0.
    ///
    /// The deadline of the field stays.
    ///
    /// The sum is stored in the shortest form that reads back as the same number, whole numbers without a fraction.
    ///
    /// - Returns: The new value.
    /// - Throws: `notANumber` if the field holds anything else, `overflow` if the sum is not finite, `wrongType` if the
    ///   key holds a string, `outOfMemory`.
    @discardableResult
    @inlinable
    public func increment(
        _ key: some ByteKey, _ field: some ByteKey, by amount: Double
    ) throws(HashStoreError) -> Double {
        try withRawBytes(key) { key throws(HashStoreError) in
            try withRawBytes(field) { field throws(HashStoreError) in try increment(key: key, field, amount) }
        }
    }

    @usableFromInline
    func increment(
        key: UnsafeRawBufferPointer, _ field: UnsafeRawBufferPointer, _ amount: Double
    ) throws(HashStoreError) -> Double {
        try updateNumber(key, field) { bytes throws(HashStoreError) in
            var old = 0.0
            if let bytes {
                guard let parsed = Double(String(decoding: bytes, as: UTF8.self)), parsed.isFinite else {
                    throw .notANumber
                }
                old = parsed
            }
            let sum = old + amount
            guard sum.isFinite else { throw .overflow }
            let text = sum.description
            return (sum, text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
        }
    }

    private func updateNumber<Number>(
        _ key: Bytes, _ name: Bytes, _ next: (Bytes?) throws(HashStoreError) -> (Number, String)
    ) throws(HashStoreError) -> Number {
        try checkLength(name, name)
        return try writing(key) { key, access, now throws(HashStoreError) in
            let entry = access.entry(key)
            try requireHash(entry)
            let (number, text) = try next(entry?.field(name, now: now)?.value)
            _ = withRawBytes(text) { access.setField(key, name, $0, deadline: .keep) }
            return number
        }
    }
}

// What the library's calls have in common.
extension HashStore {
    /// Runs a change that may need memory with the key's shard locked.
    func writing<Result>(
        _ key: Bytes, _ body: (Key, Access, Int64) throws(HashStoreError) -> Result
    ) throws(HashStoreError) -> Result {
        let now = now()
        guard evictIfNeeded(now: now) else { throw .outOfMemory }
        return try changing(key, now: now, body)
    }

    /// Runs a change with the key's shard locked.
    func changing<Result>(
        _ bytes: Bytes, now: Int64, _ body: (Key, Access, Int64) throws(HashStoreError) -> Result
    ) throws(HashStoreError) -> Result {
        guard bytes.count <= Self.maximumValueLength else { throw .tooLong }
        let start = probe.beginIfDue()
        let key = self.key(bytes)
        defer { if start != 0 { probe.end(start, .set, wasFound: false, hash: key.hash) { Self.text(ofKey: bytes) } } }
        return try withExclusiveAccess(to: key, now: now) { access throws(HashStoreError) in
            try body(key, access, now)
        }
    }

    func checkLength(_ name: Bytes, _ value: Bytes) throws(HashStoreError) {
        guard max(name.count, value.count) <= Self.maximumValueLength else { throw .tooLong }
    }

    func requireHash(_ entry: Entry?) throws(HashStoreError) {
        if let entry, entry.kind != .hash { throw .wrongType }
    }

    func deadlineChange(_ lifetime: Duration?, _ now: Int64) -> DeadlineChange {
        lifetime.map { .set(Self.deadline(after: $0, now: now)) } ?? .clear
    }

    /// The tick that lies this long after now, in whole milliseconds rounded up, so that nothing goes early.
    static func deadline(after lifetime: Duration, now: Int64) -> Int64 {
        let (seconds, attoseconds) = lifetime.components
        let perMillisecond: Int64 = 1_000_000_000_000_000
        let rest = attoseconds / perMillisecond + (attoseconds % perMillisecond > 0 ? 1 : 0)
        let (whole, overflowed) = seconds.multipliedReportingOverflow(by: 1_000)
        let (sum, overflowedAgain) = whole.addingReportingOverflow(rest)
        let (deadline, overflowedLast) = now.addingReportingOverflow(sum)
        if overflowed || overflowedAgain || overflowedLast { return seconds < 0 ? .min : Deadline.none }
        return deadline
    }
}
