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
            _ = removeFields(key, count: inputs.count) { inputs[$0].name }
            return 0
        }
        let found = find(key)
        if let found, found.block.flags.contains(.table) {
            let created = setTableFields(found.block, inputs, change, hash: key.hash)
            found.block.access = found.block.accessWhenWritten(now: now)
            compactIfSmall(found, hash: key.hash)
            store.notify(key.bytes, .written)
            return created
        }
        let old = found?.block
        let limits = store.limits
        if fits(inputs, valueLength: limits.effectiveValueLength, count: limits.effectiveFieldCount),
            case .block(let block, let createdCount, let expiredCount) = rebuild(
                old, key, inputs, change, countLimit: limits.effectiveFieldCount)
        {
            if let found {
                replace(found, with: block, hash: key.hash)
            } else {
                insert(block, hash: key.hash)
            }
            if expiredCount > 0 { store.notify(key.bytes, .fieldExpired) }
            store.notify(key.bytes, .written)
            return createdCount
        }
        // Too large for a block: a table with what was there, and then the rest.
        let head = tableHead(from: old, key)
        let hadExpired = (old?.compactFieldCount ?? 0) > head.fieldTable.pointee.fieldCount.load(ordering: .relaxed)
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
        if hadExpired { store.notify(key.bytes, .fieldExpired) }
        store.notify(key.bytes, .written)
        return created
    }

    private func fits(_ inputs: UnsafeBufferPointer<FieldInput>, valueLength: Int, count: Int) -> Bool {
        guard inputs.count <= count else { return false }
        for input in inputs where input.value.count > valueLength || input.name.count > valueLength { return false }
        return true
    }

    /// Removes fields and returns how many there were. A hash without fields is removed.
    func removeFields(_ key: HashStore.Key, count: Int, _ nameAt: (Int) -> Bytes) -> Int {
        guard count > 0, let found = find(key) else { return 0 }
        let block = found.block
        if block.flags.contains(.table) {
            var removed = 0
            for index in 0..<count where removeTableField(block, nameAt(index), hash: key.hash) { removed += 1 }
            guard removed > 0 else { return 0 }
            settleTable(found, key, wasWritten: true)
            return removed
        }
        var removed = 0
        var expired = 0
        let fields = CompactFields(block.payload)
        if count == 1, !block.flags.contains(.fieldDeadlines) {
            guard fields.field(nameAt(0)) != nil else { return 0 }
            removed = 1
        } else {
            var iterator = fields.makeIterator()
            while let field = iterator.next() {
                if Deadline.hasPassed(field.deadline, at: now) {
                    expired += 1
                } else if isNamed(field.name, count, nameAt) {
                    removed += 1
                }
            }
            guard removed > 0 else { return 0 }
        }
        let rebuilt = rebuild(block) { field in
            Deadline.hasPassed(field.deadline, at: now) || isNamed(field.name, count, nameAt) ? .drop : .keep
        }
        finishShrinking(found, key, rebuilt, hadExpired: expired > 0, wasWritten: true)
        return removed
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
            return removeFields(key, count: 1) { _ in name } > 0
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
        finishShrinking(found, key, rebuilt, hadExpired: false, wasWritten: true)
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
                store.notify(key.bytes, .fieldExpired)
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
        finishShrinking(found, key, rebuilt, hadExpired: true, wasWritten: false)
        return removed
    }

    /// Publishes a rebuilt block, or removes the key if nothing is left of it.
    ///
    /// Observers are told when readers can see the change, not before: a client that reads again at once must not get
    /// what was there before.
    ///
    /// - Parameters:
    ///   - hadExpired: Whether expired fields were left out.
    ///   - wasWritten: Whether anything else was changed.
    private func finishShrinking(
        _ found: Found, _ key: HashStore.Key, _ rebuilt: EntryBlock?, hadExpired: Bool, wasWritten: Bool
    ) {
        let old = found.block
        guard let rebuilt else {
            unlink(found, hash: key.hash)
            if hadExpired { store.notify(old.key, .fieldExpired) }
            store.notify(old.key, .removed)
            retire(old)
            countStructures()
            return
        }
        // The key may lie in the old block, which is retired here.
        replace(found, with: rebuilt, hash: key.hash)
        if hadExpired { store.notify(rebuilt.key, .fieldExpired) }
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
