extension HashStore {
    /// Lets a key expire after some time; a deadline it had is replaced.
    ///
    /// Zero or less removes the key.
    ///
    /// - Returns: Whether there is such a key.
    @discardableResult
    public func expire(_ key: some ByteKey, after lifetime: Duration) -> Bool {
        settingDeadline(key) { Self.deadline(after: lifetime, now: $0) }
    }

    /// Takes the deadline of a key away.
    ///
    /// - Returns: Whether there is such a key.
    @discardableResult
    public func persist(_ key: some ByteKey) -> Bool { settingDeadline(key) { _ in nil } }

    /// How long a key will live; `nil` if it has no deadline or is missing.
    public func timeToLive(_ key: some ByteKey) -> Duration? {
        withRawBytes(key) { bytes in
            let now = now()
            return read(self.key(bytes), now: now) { $0?.deadline.map { .milliseconds($0 - now) } }
        }
    }

    /// Lets a field expire after some time; a deadline it had is replaced.
    ///
    /// Zero or less removes the field.
    ///
    /// - Returns: Whether there is such a field.
    /// - Throws: `wrongType` if the key holds a string.
    @discardableResult
    public func expire(
        _ key: some ByteKey, _ field: some ByteKey, after lifetime: Duration
    ) throws(HashStoreError) -> Bool {
        try settingDeadline(key, field) { Self.deadline(after: lifetime, now: $0) }
    }

    /// Takes the deadline of a field away.
    ///
    /// - Returns: Whether there is such a field.
    /// - Throws: `wrongType` if the key holds a string.
    @discardableResult
    public func persist(_ key: some ByteKey, _ field: some ByteKey) throws(HashStoreError) -> Bool {
        try settingDeadline(key, field) { _ in nil }
    }

    /// How long a field will live by its own deadline; `nil` if it has none or is missing.
    public func timeToLive(_ key: some ByteKey, _ field: some ByteKey) -> Duration? {
        withRawBytes(key) { key in
            withRawBytes(field) { field in
                let now = now()
                return read(self.key(key), now: now) { entry in
                    guard let entry, entry.kind == .hash else { return nil }
                    return entry.field(field, now: now)?.deadline.map { .milliseconds($0 - now) }
                }
            }
        }
    }

    private func settingDeadline(_ key: some ByteKey, _ deadline: (Int64) -> Int64?) -> Bool {
        withRawBytes(key) { bytes in
            let key = self.key(bytes)
            let now = now()
            return withExclusiveAccess(to: key, now: now) { $0.setDeadline(key, deadline(now)) }
        }
    }

    private func settingDeadline(
        _ key: some ByteKey, _ field: some ByteKey, _ deadline: (Int64) -> Int64?
    ) throws(HashStoreError) -> Bool {
        try withRawBytes(key) { key throws(HashStoreError) in
            try withRawBytes(field) { name throws(HashStoreError) in
                try changing(key, now: now()) { key, access, now throws(HashStoreError) in
                    try requireHash(access.entry(key))
                    return access.setFieldDeadline(key, name, deadline(now))
                }
            }
        }
    }
}
