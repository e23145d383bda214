import Synchronization

extension StoreWriter {
    /// Sets fields of a hash, which is created if need be; the caller has made sure that the key holds no string.
    ///
    /// - Returns: How many of the fields are new.
    func setFields(
        _ key: HashStore.Key, _ inputs: UnsafeBufferPointer<FieldInput>, _ change: HashStore.DeadlineChange
    ) -> Int {
        guard !inputs.isEmpty else { return 0 }
        if case .set(let deadline) = change, Deadline.hasPassed(deadline, at: now) {
            _ = removeFields(key, count: inputs.count, expiredOnly: false) { inputs[$0].name }
            return 0
        }
        let found = find(key)
        if let found, found.block.flags.contains(.table) {
            let created = setTableFields(found.block, inputs, change, hash: key.hash)
            found.block.touchWhenWritten(now: now, tick: store.requests.now)
            store.requests.note(key.hash)
            compactIfSmall(found, hash: key.hash)
            store.notify(key.bytes, .written)
            return created
        }
        let old = found?.block
        let limits = store.limits
        if fits(inputs, valueLength: limits.effectiveValueLength, count: limits.effectiveFieldCount),
            case .block(let block, let createdCount) = rebuild(
                old, key, inputs, change, countLimit: limits.effectiveFieldCount)
        {
            if let found {
                replace(found, with: block, hash: key.hash)
            } else {
                insert(block, hash: key.hash)
            }
            store.notify(key.bytes, .written)
            return createdCount
        }
        // Too large for a block: a table with what was there, and then the rest.
        let head = tableHead(from: old, key)
        let position: Found?
        if let found {
            replace(found, with: head, hash: key.hash)
            position = findAny(key)
        } else {
            insert(head, hash: key.hash)
            position = findAny(key)
        }
        let created = setTableFields(head, inputs, change, hash: key.hash)
        if let position { compactIfSmall(position, hash: key.hash) }
        store.notify(key.bytes, .written)
        return created
    }

    private func fits(_ inputs: UnsafeBufferPointer<FieldInput>, valueLength: Int, count: Int) -> Bool {
        guard inputs.count <= count else { return false }
        for input in inputs where input.value.count > valueLength || input.name.count > valueLength { return false }
        return true
    }

    /// Removes fields, expired or not, and the hash with its last one.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - count: How many names.
    ///   - expiredOnly: Whether fields that haven't expired stay.
    ///   - nameAt: The names.
    /// - Returns: How many live ones and how many expired ones were removed.
    func removeFields(
        _ key: HashStore.Key, count: Int, expiredOnly: Bool, _ nameAt: (Int) -> Bytes
    ) -> (live: Int, expired: Int) {
        guard count > 0, let found = find(key) else { return (0, 0) }
        let block = found.block
        var live = 0
        var expired = 0
        if block.flags.contains(.table) {
            for index in 0..<count {
                switch removeTableField(block, nameAt(index), expiredOnly: expiredOnly, hash: key.hash) {
                case .live: live += 1
                case .expired: expired += 1
                case nil: break
                }
            }
            guard live + expired > 0 else { return (0, 0) }
            notifyExpired(key.bytes, expired)
            settleTable(found, key, wasWritten: live > 0)
            return (live, expired)
        }
        let fields = CompactFields(block.payload)
        if count == 1, !block.flags.contains(.fieldDeadlines) {
            guard !expiredOnly, fields.field(nameAt(0)) != nil else { return (0, 0) }
            live = 1
        } else {
            var iterator = fields.makeIterator()
            while let field = iterator.next() {
                guard isNamed(field.name, count, nameAt) else { continue }
                if Deadline.hasPassed(field.deadline, at: now) { expired += 1 } else if !expiredOnly { live += 1 }
            }
            guard live + expired > 0 else { return (0, 0) }
        }
        let rebuilt = rebuild(block) { field in
            isNamed(field.name, count, nameAt) && (!expiredOnly || Deadline.hasPassed(field.deadline, at: now))
                ? .drop : .keep
        }
        finishShrinking(found, key, rebuilt, expiredCount: expired, wasWritten: live > 0)
        return (live, expired)
    }

    /// Tells the observer of each field that was found to have expired.
    private func notifyExpired(_ key: Bytes, _ count: Int) {
        for _ in 0..<count { store.notify(key, .fieldExpired) }
    }

    private func isNamed(_ name: Bytes, _ count: Int, _ nameAt: (Int) -> Bytes) -> Bool {
        for index in 0..<count where nameAt(index).hasSameBytes(as: name) { return true }
        return false
    }

    /// Gives a field another deadline; one that has passed removes the field.
    ///
    /// - Returns: Whether there is such a field.
    func setFieldDeadline(_ key: HashStore.Key, _ name: Bytes, _ deadline: Int64) -> Bool {
        guard let found = find(key) else { return false }
        let block = found.block
        if Deadline.hasPassed(deadline, at: now) {
            return removeFields(key, count: 1, expiredOnly: false) { _ in name }.live > 0
        }
        if block.flags.contains(.table) {
            guard setTableFieldDeadline(block, name, deadline, hash: key.hash) else { return false }
            store.notify(key.bytes, .written)
            return true
        }
        guard let field = CompactFields(block.payload).field(name), !Deadline.hasPassed(field.deadline, at: now) else {
            return false
        }
        guard field.deadline != deadline else {
            store.notify(key.bytes, .written)
            return true
        }
        let rebuilt = rebuild(block) { field in
            field.name.hasSameBytes(as: name) ? .setDeadline(deadline) : .keep
        }
        finishShrinking(found, key, rebuilt, expiredCount: 0, wasWritten: true)
        return true
    }

    /// Removes the fields of a hash that have expired, up to about `limit`, and the hash if none is left.
    ///
    /// - Returns: How many were removed.
    func removeExpiredFields(_ found: Found, hash: UInt64, limit: Int) -> Int {
        let block = found.block
        let key = HashStore.Key(bytes: block.key, hash: hash)
        if block.flags.contains(.table) {
            let removed = removeExpiredTableFields(block, hash: hash, limit: limit)
            if removed > 0 {
                notifyExpired(key.bytes, removed)
                settleTable(found, key, wasWritten: false)
            }
            return removed
        }
        let rebuilt = rebuild(block) { Deadline.hasPassed($0.deadline, at: now) ? .drop : .keep }
        let removed = block.compactFieldCount - (rebuilt?.compactFieldCount ?? 0)
        guard removed > 0 else {
            rebuilt?.deallocate()
            return 0
        }
        finishShrinking(found, key, rebuilt, expiredCount: removed, wasWritten: false)
        return removed
    }

    /// Publishes a rebuilt block, or removes the key if nothing is left of it.
    ///
    /// Observers are told when readers can see the change, not before: a client that reads again at once must not get
    /// what was there before.
    ///
    /// - Parameters:
    ///   - found: The present block.
    ///   - key: The key.
    ///   - rebuilt: What comes in its place; `nil` if no field is left.
    ///   - expiredCount: How many expired fields were left out.
    ///   - wasWritten: Whether anything else was changed.
    private func finishShrinking(
        _ found: Found, _ key: HashStore.Key, _ rebuilt: EntryBlock?, expiredCount: Int, wasWritten: Bool
    ) {
        let old = found.block
        guard let rebuilt else {
            unlink(found, hash: key.hash)
            notifyExpired(old.key, expiredCount)
            store.notify(old.key, .removed)
            retire(old)
            countStructures()
            return
        }
        // The key may lie in the old block, which is retired here.
        replace(found, with: rebuilt, hash: key.hash)
        notifyExpired(rebuilt.key, expiredCount)
        if wasWritten { store.notify(rebuilt.key, .written) }
    }

    /// After fields were taken out of a table: removes an empty hash, makes a small one compact.
    private func settleTable(_ found: Found, _ key: HashStore.Key, wasWritten: Bool) {
        if found.block.fieldTable.pointee.fieldCount.load(ordering: .relaxed) == 0 {
            remove(found, hash: key.hash, .removed)
            return
        }
        if wasWritten { store.notify(key.bytes, .written) }
        compactIfSmall(found, hash: key.hash)
    }
}
