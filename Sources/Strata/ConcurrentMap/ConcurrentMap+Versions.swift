extension ConcurrentMap {
    /// The value of a key together with the version of its entry, for a later write on condition that nothing changed.
    ///
    /// ```swift
    /// let (value, version) = map.versionedValue(forKey: key)
    /// let next = await compute(value)
    /// if map.updateValue(next, forKey: key, ifVersion: version) == nil { … somebody else was faster … }
    /// ```
    ///
    /// - Returns: The value and its version; `nil` and `.absent` if the key has none.
    ///
    /// **Concurrency:** from any thread. Takes no lock if entries are allocated one by one; with keys and values inside
    /// the table it locks one shard, and the first call gives the shard eight more bytes per slot.
    @inlinable
    public func versionedValue(forKey key: Key) -> (value: Value?, version: EntryVersion) {
        if Slots.areInline {
            return withEntry(key, .get) { entry in
                entry.keepVersions()
                return (entry.value, entry.version)
            }
        }
        let found = withFound(key) { found in
            let entry = found.assumingMemoryBound(to: Slots.Entry.self)
            return (value: entry.pointee.value, version: EntryVersion(number: entry.pointee.version))
        }
        guard let found else { return (nil, .absent) }
        return (found.value, found.version)
    }

    /// Sets the value of a key if its entry still has a version.
    ///
    /// Exact: it fails only if the entry was changed, removed or put in since the version was read.
    ///
    /// - Parameters:
    ///   - value: The new value.
    ///   - key: The key.
    ///   - version: From `versionedValue(forKey:)` or an earlier call of this function; `.absent` to put in a value only
    ///     if the key has none.
    /// - Returns: The version of the new entry; `nil` if the entry has another version, and nothing was changed.
    @inlinable
    @discardableResult
    public func updateValue(_ value: Value, forKey key: Key, ifVersion version: EntryVersion) -> EntryVersion? {
        withEntry(key, .set) { entry in
            entry.keepVersions()
            guard entry.version == version else { return nil }
            entry.store(value)
            return entry.latestVersion
        }
    }

    /// Removes a key if its entry still has a version.
    ///
    /// - Returns: Whether it was removed. A key without an entry is not removed, whatever the version.
    @inlinable
    @discardableResult
    public func removeValue(forKey key: Key, ifVersion version: EntryVersion) -> Bool {
        withEntry(key, .remove) { entry in
            entry.keepVersions()
            guard version != .absent, entry.version == version else { return false }
            entry.remove()
            return true
        }
    }
}
