// Typed values as hashes of a store.
extension HashStore {
    /// Stores a value as a hash, one field per property; what the key held before is replaced.
    ///
    /// ```swift
    /// try store.setRecord("user:1", user, expiringAfter: .seconds(7 * 86_400))
    /// let user = try store.record("user:1", as: User.self)
    /// ```
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - value: What to store: see ``HashRecordEncoder`` for what becomes of it.
    ///   - lifetime: When the whole hash is to expire; `nil` leaves the key's deadline as it is.
    ///   - encoder: Lays the value out in fields.
    /// - Throws: ``HashRecordError`` if the value can't be encoded, with the code `noRoom` if the memory budget is used up.
    ///   The store is unchanged then.
    /// - Complexity: O(fields).
    ///
    /// **Concurrency:** from any thread; locks one shard. Readers see all of the old fields or all of the new ones.
    public func setRecord(
        _ key: String, _ value: some Encodable, expiringAfter lifetime: Duration? = nil,
        encoder: HashRecordEncoder = HashRecordEncoder()
    ) throws(HashRecordError) {
        let record = try encoder.encode(value)
        let now = now()
        guard evictIfNeeded(now: now) else {
            throw HashRecordError(.noRoom, path: "", explanation: "the memory budget of the store is used up")
        }
        var key = key
        key.withUTF8 { bytes in
            let key = self.key(Bytes(bytes))
            let change: DeadlineChange =
                lifetime.map { .set(now.addingSaturated(milliseconds: $0)) } ?? .keep
            withExclusiveAccess(to: key, now: now) { $0.setRecord(key, record, deadline: change) }
        }
    }

    /// Makes a value of a hash.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - type: The type of the value.
    ///   - decoder: Makes the value from the fields.
    /// - Returns: The value, or `nil` if there is no such key.
    /// - Throws: ``HashRecordError`` if the key holds a string, or its fields don't fit the type.
    ///
    /// **Concurrency:** from any thread. The fields are those of one moment. Takes no lock for a compact hash and one
    /// for a large one; the type's own code runs under neither.
    public func record<T: Decodable>(
        _ key: String, as type: T.Type, decoder: HashRecordDecoder = HashRecordDecoder()
    ) throws(HashRecordError) -> T? {
        guard let record = try record(key) else { return nil }
        return try decoder.decode(type, from: record)
    }

    /// The fields of a hash as they are at one moment.
    ///
    /// - Returns: All live fields, or `nil` if there is no such key.
    /// - Throws: ``HashRecordError`` if the key holds a string.
    public func record(_ key: String) throws(HashRecordError) -> HashRecord? {
        let now = coarseNow()
        var key = key
        let result = key.withUTF8 { bytes -> Result<HashRecord?, HashRecordError> in
            let key = self.key(Bytes(bytes))
            let read = read(key, now: now) { entry -> Result<HashRecord?, HashRecordError>? in
                entry?.isTable == true ? nil : Self.record(of: entry, now: now)
            }
            return read ?? withExclusiveAccess(to: key, now: now) { Self.record(of: $0.entry(key), now: now) }
        }
        return try result.get()
    }

    private static func record(of entry: Entry?, now: Int64) -> Result<HashRecord?, HashRecordError> {
        guard let entry else { return .success(nil) }
        guard entry.kind == .hash else {
            return .failure(HashRecordError(.typeMismatch, path: "", expected: "a hash", found: "a string"))
        }
        var record = HashRecord()
        record.reserveCapacity(fieldCount: entry.fieldCount, byteCount: 32 * entry.fieldCount)
        entry.forEachField(now: now) { name, value, _ in record.append(name: name, value: value) }
        // A hash whose fields have all expired is gone, whether somebody has collected it or not.
        return .success(record.isEmpty ? nil : record)
    }
}

extension HashStore.Access {
    /// Puts a record in the place of whatever a key holds, in one step for readers.
    ///
    /// A record without fields removes the key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - record: The fields. They get no deadlines.
    ///   - change: What becomes of the deadline of the key.
    package func setRecord(_ key: HashStore.Key, _ record: HashRecord, deadline change: HashStore.DeadlineChange) {
        guard !record.isEmpty else {
            remove(key)
            return
        }
        record.withFields { fieldAt in
            withUnsafeTemporaryAllocation(of: FieldInput.self, capacity: record.count) { inputs in
                for position in 0..<record.count {
                    let (name, value) = fieldAt(position)
                    inputs.initializeElement(at: position, to: FieldInput(name: name, value: value))
                }
                let writer = store.writer(ofShard: store.shardIndex(of: key.hash), now: now)
                writer.replaceHash(key, UnsafeBufferPointer(inputs), change)
            }
        }
    }
}

extension StoreWriter {
    /// Puts a hash of the given fields in the place of whatever a key holds.
    func replaceHash(
        _ key: HashStore.Key, _ inputs: UnsafeBufferPointer<FieldInput>, _ change: HashStore.DeadlineChange
    ) {
        let deadline = change.applied(to: find(key)?.block.deadline ?? Deadline.none)
        guard !Deadline.hasPassed(deadline, at: now) else {
            if let found = find(key) { remove(found, hash: key.hash, .removed) }
            return
        }
        place(newHash(key, inputs, deadline), at: key)
        store.notify(key.bytes, .written)
    }

    /// An unpublished block with the given fields, compact if the limits allow it.
    private func newHash(
        _ key: HashStore.Key, _ inputs: UnsafeBufferPointer<FieldInput>, _ deadline: Int64
    ) -> EntryBlock {
        let limits = store.limits
        let valueLength = limits.effectiveValueLength
        if inputs.allSatisfy({ $0.name.count <= valueLength && $0.value.count <= valueLength }),
            inputs.count <= limits.effectiveFieldCount,
            case .block(let block, _) = rebuild(nil, key, inputs, .clear, countLimit: limits.effectiveFieldCount)
        {
            if block.setDeadline(deadline) { return block }
            // Built without room for a deadline.
            defer { block.deallocate() }
            return block.copied(key: key.bytes, deadline: deadline)
        }
        let head = tableHead(from: nil, key)
        _ = setTableFields(head, inputs, .clear, hash: key.hash)
        _ = head.setDeadline(deadline)
        return head
    }
}

extension Int64 {
    /// This tick and a duration later; at the end of time for a duration that is too long.
    fileprivate func addingSaturated(milliseconds duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (milliseconds, carried) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        guard !carried else { return seconds < 0 ? .min : .max }
        let (tick, isPastTheEnd) = addingReportingOverflow(milliseconds)
        return isPastTheEnd ? (milliseconds < 0 ? .min : .max) : tick
    }
}
