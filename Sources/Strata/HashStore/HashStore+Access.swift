extension HashStore {
    /// What becomes of the deadline of something that is written.
    package enum DeadlineChange: Sendable {
        /// It stays.
        case keep
        /// There is none afterwards.
        case clear
        /// It is this tick afterwards; one that has passed removes what was to be written.
        case set(Int64)
    }

    /// Proof that the shards involved are locked: all changes go through one of these.
    ///
    /// Entries and fields taken from it are valid until the next change of their key. Bytes handed in must not lie in the
    /// entry that the call changes.
    @usableFromInline
    package struct Access {
        // The caller keeps the store alive while it holds the locks.
        let store: StoreHandle
        let now: Int64

        @inline(__always)
        init(store: StoreHandle, now: Int64) {
            self.store = store
            self.now = now
        }

        @inline(__always)
        private func writer(_ key: Key) -> StoreWriter {
            store.writer(ofShard: store.shardIndex(of: key.hash), now: now)
        }

        /// The live entry of a key.
        ///
        /// An expired one is removed.
        @inline(__always)
        package func entry(_ key: Key) -> Entry? { writer(key).find(key).map { Entry($0.block) } }

        /// Removes a key.
        ///
        /// - Returns: Whether there was a live one.
        @discardableResult
        package func remove(_ key: Key) -> Bool {
            let writer = writer(key)
            guard let found = writer.find(key) else { return false }
            writer.remove(found, hash: key.hash, .removed)
            return true
        }

        /// Replaces whatever a key holds by a string.
        package func setString(_ key: Key, _ value: Bytes, deadline: DeadlineChange) {
            writer(key).setString(key, value, deadline)
        }

        /// Appends to a string, or creates it.
        ///
        /// The caller has made sure that the key holds no hash.
        ///
        /// - Returns: The length of the string.
        /// - Complexity: Amortised O(suffix).
        @discardableResult
        package func append(_ key: Key, _ suffix: Bytes) -> Int { writer(key).append(key, suffix) }

        /// Writes bytes into a string from `offset` on, with zeroes in between if it is shorter.
        ///
        /// Creates the string, unless there is nothing to write. The caller has made sure that the key holds no hash.
        ///
        /// - Returns: The length of the string.
        @discardableResult
        package func overwrite(_ key: Key, at offset: Int, _ bytes: Bytes) -> Int {
            writer(key).overwrite(key, at: offset, bytes)
        }

        /// Gives a key another deadline, or none.
        ///
        /// A deadline that has passed removes the key.
        ///
        /// - Returns: Whether there is such a key.
        @discardableResult
        package func setDeadline(_ key: Key, _ deadline: Int64?) -> Bool {
            let writer = writer(key)
            guard let found = writer.find(key) else { return false }
            let stored = Deadline.stored(deadline)
            if Deadline.hasPassed(stored, at: now) {
                writer.remove(found, hash: key.hash, .removed)
            } else {
                writer.setDeadline(found, stored, hash: key.hash)
                store.notify(key.bytes, .written)
            }
            return true
        }

        /// Sets fields of a hash, which is created if need be; all of them appear at once, if the hash is compact.
        ///
        /// The caller has made sure that the key holds no string.
        ///
        /// - Parameters:
        ///   - key: The key.
        ///   - count: How many fields.
        ///   - fieldAt: The name and value of each; of equal names the last counts.
        ///   - deadline: What becomes of their deadlines: `.clear` is the rule of `HSET`.
        /// - Returns: How many of them are new.
        @discardableResult
        package func setFields(
            _ key: Key, count: Int, _ fieldAt: (Int) -> (name: Bytes, value: Bytes), deadline: DeadlineChange
        ) -> Int {
            withUnsafeTemporaryAllocation(of: FieldInput.self, capacity: count) { inputs in
                for index in 0..<count {
                    let (name, value) = fieldAt(index)
                    inputs.initializeElement(at: index, to: FieldInput(name: name, value: value))
                }
                return writer(key).setFields(key, UnsafeBufferPointer(inputs), deadline)
            }
        }

        /// Sets one field; see `setFields`.
        ///
        /// - Returns: Whether it is new.
        @discardableResult
        package func setField(_ key: Key, _ name: Bytes, _ value: Bytes, deadline: DeadlineChange) -> Bool {
            let input = FieldInput(name: name, value: value)
            return withUnsafePointer(to: input) {
                writer(key).setFields(key, UnsafeBufferPointer(start: $0, count: 1), deadline) == 1
            }
        }

        /// Removes fields of a hash; the hash goes with its last field.
        ///
        /// The caller has made sure that the key holds no string.
        ///
        /// - Returns: How many live ones there were.
        @discardableResult
        package func removeFields(_ key: Key, count: Int, _ nameAt: (Int) -> Bytes) -> Int {
            writer(key).removeFields(key, count: count, expiredOnly: false, nameAt).live
        }

        /// Removes fields as `removeFields` does, and counts those that had expired but were not collected, too.
        package func removeStoredFields(_ key: Key, count: Int, _ nameAt: (Int) -> Bytes) -> Int {
            let removed = writer(key).removeFields(key, count: count, expiredOnly: false, nameAt)
            return removed.live + removed.expired
        }

        /// Removes those of some fields that have expired; the hash goes with its last field.
        package func collectExpiredFields(_ key: Key, count: Int, _ nameAt: (Int) -> Bytes) {
            _ = writer(key).removeFields(key, count: count, expiredOnly: true, nameAt)
        }

        /// Removes all fields of a hash that have expired; the hash goes with its last field.
        package func collectExpiredFields(_ key: Key) {
            let writer = writer(key)
            guard let found = writer.find(key), found.block.mayHaveExpiredFields(now: now) else { return }
            _ = writer.removeExpiredFields(found, hash: key.hash, limit: .max)
        }

        /// Gives a field another deadline, or none.
        ///
        /// A deadline that has passed removes the field.
        ///
        /// - Returns: Whether there is such a field.
        @discardableResult
        package func setFieldDeadline(_ key: Key, _ name: Bytes, _ deadline: Int64?) -> Bool {
            writer(key).setFieldDeadline(key, name, Deadline.stored(deadline))
        }

        /// Moves an entry with its deadlines to another key and overwrites what is there.
        ///
        /// Without a source nothing happens.
        package func rename(_ source: Key, to destination: Key) {
            writer(source).rename(source, to: destination, in: writer(destination))
        }

        /// Copies an entry with its deadlines to another key, perhaps of another store, and overwrites what is there.
        ///
        /// - Parameters:
        ///   - source: The key to copy.
        ///   - destination: A key made by the store of `other`.
        ///   - other: Access to the destination's store.
        package func copy(_ source: Key, to destination: Key, in other: Access) {
            writer(source).copy(source, to: destination, in: other.writer(destination))
        }

        /// Removes all keys.
        ///
        /// Needs all locks. Observers aren't told.
        package func removeAll() {
            for index in 0..<store.shardCount { store.writer(ofShard: index, now: now).removeAll() }
        }
    }
}
