import Synchronization

// Changes of the nested table of a large hash. The head block stays; what changes for the shard is the time of the
// earliest deadline, and memory.
extension StoreWriter {
    /// A head block for a table with the fields of a compact hash, expired ones that have not been collected included.
    func tableHead(from old: EntryBlock?, _ key: HashStore.Key) -> EntryBlock {
        let table = UnsafeMutablePointer<FieldTable>.make(
            hashKey: store.hashKey, valueLengthLimit: store.limits.effectiveValueLength)
        // Counted as it is from here on; the structures of an empty table at once.
        countStructures(of: table)
        if let old {
            var iterator = CompactFields(old.payload).makeIterator()
            while let field = iterator.next() {
                insertField(
                    EntryBlock.string(
                        key: field.name, field.value, access: AccessWord(bits: 0), deadline: field.deadline),
                    into: table, hash: store.hashKey.hash(field.name))
            }
        }
        return tableHead(
            table, key: key.bytes, access: old?.accessWhenWritten(now: now) ?? AccessWord(createdAt: now),
            deadline: old?.deadline ?? Deadline.none)
    }

    /// A head block for an existing table.
    func tableHead(
        _ table: UnsafeMutablePointer<FieldTable>, key: Bytes, access: AccessWord, deadline: Int64
    ) -> EntryBlock {
        let head = EntryBlock.allocate(
            [.hash, .table], key: key, access: access, deadline: deadline, payloadLength: 0, payloadCapacity: 0)
        head.tableWord.initialize(to: UnsafeMutableRawPointer(table))
        return head
    }

    /// Sets fields and returns how many of them are new.
    func setTableFields(
        _ head: EntryBlock, _ inputs: UnsafeBufferPointer<FieldInput>, _ change: HashStore.DeadlineChange, hash: UInt64
    ) -> Int {
        let table = head.fieldTable
        table.adopt(valueLengthLimit: store.limits.effectiveValueLength)
        var created = 0
        changingDeadlines(of: head, hash: hash) {
            for input in inputs {
                let fieldHash = store.hashKey.hash(input.name)
                guard let position = table.find(input.name, hash: fieldHash) else {
                    created += 1
                    insertField(
                        EntryBlock.string(
                            key: input.name, input.value, access: AccessWord(bits: 0),
                            deadline: change.applied(to: Deadline.none)),
                        into: table, hash: fieldHash)
                    continue
                }
                let old = EntryBlock(position.slot.pointer)
                var oldDeadline = old.deadline
                if Deadline.hasPassed(oldDeadline, at: now) {
                    created += 1
                    oldDeadline = Deadline.none
                }
                let block = EntryBlock.string(
                    key: input.name, input.value, access: AccessWord(bits: 0), deadline: change.applied(to: oldDeadline)
                )
                replaceField(position, with: block, in: table, hash: fieldHash)
            }
        }
        return created
    }

    /// Fills the table of an unpublished head block with copies of another table's live fields.
    func fill(_ head: EntryBlock, from source: UnsafeMutablePointer<FieldTable>) {
        let table = head.fieldTable
        source.visitFields { field in
            guard !Deadline.hasPassed(field.deadline, at: now) else { return }
            insertField(
                EntryBlock.string(
                    key: field.key, field.payload, access: AccessWord(bits: 0), deadline: field.deadline),
                into: table, hash: store.hashKey.hash(field.key))
        }
    }

    /// What a field was that has been removed.
    enum RemovedField {
        case live
        case expired
    }

    /// Removes a field, or only one that has expired, and returns what it was; `nil` if nothing was removed.
    func removeTableField(_ head: EntryBlock, _ name: Bytes, expiredOnly: Bool, hash: UInt64) -> RemovedField? {
        let table = head.fieldTable
        let fieldHash = store.hashKey.hash(name)
        guard let position = table.find(name, hash: fieldHash) else { return nil }
        let isExpired = Deadline.hasPassed(EntryBlock(position.slot.pointer).deadline, at: now)
        guard isExpired || !expiredOnly else { return nil }
        changingDeadlines(of: head, hash: hash) { removeField(position, from: table, hash: fieldHash) }
        return isExpired ? .expired : .live
    }

    /// Changes a field's deadline to a later time than now, or to none.
    ///
    /// Returns whether there is such a field.
    func setTableFieldDeadline(_ head: EntryBlock, _ name: Bytes, _ deadline: Int64, hash: UInt64) -> Bool {
        let table = head.fieldTable
        let fieldHash = store.hashKey.hash(name)
        guard let position = table.find(name, hash: fieldHash) else { return false }
        let block = EntryBlock(position.slot.pointer)
        let oldDeadline = block.deadline
        guard !Deadline.hasPassed(oldDeadline, at: now) else { return false }
        guard oldDeadline != deadline else { return true }
        changingDeadlines(of: head, hash: hash) {
            if block.setDeadline(deadline) {
                coverField(hash: fieldHash, oldOwner: block.ownerByte, oldEarliest: oldDeadline, block: block, table)
                countStructures(of: table)
            } else {
                let copy = EntryBlock.string(key: name, block.payload, access: AccessWord(bits: 0), deadline: deadline)
                replaceField(position, with: copy, in: table, hash: fieldHash)
            }
        }
        return true
    }

    /// Removes up to `limit` fields that have expired and returns how many.
    func removeExpiredTableFields(_ head: EntryBlock, hash: UInt64, limit: Int) -> Int {
        let table = head.fieldTable
        var removed = 0
        var left = limit
        changingDeadlines(of: head, hash: hash) {
            while left > 0, let (item, owner) = table.pointee.deadlines.popDue(now: now) {
                left -= 1
                guard let position = coveredField(item.hash, in: table) else { continue }
                let block = EntryBlock(position.slot.pointer)
                guard block.ownerByte == owner else { continue }
                if Deadline.hasPassed(block.deadline, at: now) {
                    removeField(position, from: table, hash: item.hash)
                    removed += 1
                } else {
                    table.pointee.deadlines.putBack(block, hash: item.hash, earliest: block.deadline)
                }
            }
            countStructures(of: table)
        }
        return removed
    }

    /// Turns a table that has become small into a block: at most half the fields that made it a table, so that a hash
    /// at the limit doesn't change its form with every write, and none too long.
    ///
    /// The head's position must be valid; it is not afterwards.
    func compactIfSmall(_ found: Found, hash: UInt64) {
        let head = found.block
        let table = head.fieldTable
        let count = table.pointee.fieldCount.load(ordering: .relaxed)
        guard count <= store.limits.effectiveFieldCount / 2,
            table.pointee.byteCount.load(ordering: .relaxed) <= EncodingLimits.largestPayloadLength
        else { return }
        table.adopt(valueLengthLimit: store.limits.effectiveValueLength)
        guard table.pointee.oversizedCount == 0, !table.pointee.mayHaveExpiredFields(now: now) else { return }
        var length = 0
        var hasDeadlines = false
        table.visitFields { field in
            let hasDeadline = field.deadline != Deadline.none
            hasDeadlines = hasDeadlines || hasDeadline
            length += CompactFields.encodedLength(
                nameLength: field.keyLength, valueLength: field.payload.count, hasDeadline: hasDeadline)
        }
        let block = EntryBlock.allocate(
            hasDeadlines ? [.hash, .fieldDeadlines] : .hash, key: head.key, access: head.access,
            deadline: head.deadline, payloadLength: length, payloadCapacity: length, fieldCount: count)
        var place = block.payloadStart
        table.visitFields { field in
            place = CompactFields.write(name: field.key, value: field.payload, deadline: field.deadline, to: place)
        }
        assert(place == block.payloadStart + length)
        replace(found, with: block, hash: hash)
    }

    // MARK: One field

    private func insertField(_ block: EntryBlock, into table: UnsafeMutablePointer<FieldTable>, hash: UInt64) {
        let hashKey = store.hashKey
        table.pointee.table.insert(
            hash, hashOf: { hashKey.hash(EntryBlock($0.pointer).key) }, write: { $0.replace(with: block.base) })
        table.pointee.fieldCount.addAlone(1)
        if table.pointee.isOversized(block, valueLength: block.payload.count) { table.pointee.oversizedCount += 1 }
        if block.deadline != Deadline.none {
            coverField(
                hash: hash, oldOwner: DeadlineIndex.uncovered, oldEarliest: Deadline.none, block: block, table)
        }
        count(allocated: block.byteCount)
        table.pointee.byteCount.addAlone(block.byteCount)
        countStructures(of: table)
    }

    private func replaceField(
        _ position: PointerTable.Position, with block: EntryBlock, in table: UnsafeMutablePointer<FieldTable>,
        hash: UInt64
    ) {
        let old = EntryBlock(position.slot.pointer)
        position.slot.replace(with: block.base)
        let oldOversized = table.pointee.isOversized(old, valueLength: old.payload.count)
        let newOversized = table.pointee.isOversized(block, valueLength: block.payload.count)
        table.pointee.oversizedCount += (newOversized ? 1 : 0) - (oldOversized ? 1 : 0)
        if old.ownerByte != DeadlineIndex.uncovered || block.deadline != Deadline.none {
            coverField(hash: hash, oldOwner: old.ownerByte, oldEarliest: old.deadline, block: block, table)
        }
        count(allocated: block.byteCount)
        table.pointee.byteCount.addAlone(block.byteCount - old.byteCount)
        retire(old)
        if table.pointee.table.needsStep(additional: 0) {
            let hashKey = store.hashKey
            table.pointee.table.step(additional: 0, hashOf: { hashKey.hash(EntryBlock($0.pointer).key) })
        }
        countStructures(of: table)
    }

    private func removeField(
        _ position: PointerTable.Position, from table: UnsafeMutablePointer<FieldTable>, hash: UInt64
    ) {
        let old = EntryBlock(position.slot.pointer)
        let hashKey = store.hashKey
        table.pointee.table.remove(position, hashOf: { hashKey.hash(EntryBlock($0.pointer).key) })
        table.pointee.fieldCount.addAlone(-1)
        if table.pointee.isOversized(old, valueLength: old.payload.count) { table.pointee.oversizedCount -= 1 }
        if old.ownerByte != DeadlineIndex.uncovered {
            coverField(hash: hash, oldOwner: old.ownerByte, oldEarliest: Deadline.none, block: nil, table)
        }
        table.pointee.byteCount.addAlone(-old.byteCount)
        retire(old)
        countStructures(of: table)
    }

    // MARK: Deadlines and memory

    /// Runs a change of a table's fields and settles what it means for the deadline of the whole hash.
    private func changingDeadlines(of head: EntryBlock, hash: UInt64, _ body: () -> Void) {
        let oldEarliest = head.earliestDeadline
        let hadDeadlines = head.hasFieldDeadlines
        body()
        countFieldExpiring(before: hadDeadlines, after: head.hasFieldDeadlines)
        let owner = head.ownerByte
        if owner != DeadlineIndex.uncovered || head.earliestDeadline != Deadline.none {
            cover(hash: hash, oldOwner: owner, oldEarliest: oldEarliest, block: head)
            countStructures()
        }
    }

    private func coverField(
        hash: UInt64, oldOwner: UInt8, oldEarliest: Int64, block: EntryBlock?, _ table: UnsafeMutablePointer<FieldTable>
    ) {
        table.pointee.deadlines.cover(
            hash: hash, oldOwner: oldOwner, oldEarliest: oldEarliest, block: block,
            earliest: block?.deadline ?? Deadline.none,
            find: { coveredField($0, in: table).map { EntryBlock($0.slot.pointer) } }, earliestOf: { $0.deadline })
    }

    private func coveredField(
        _ hash: UInt64, in table: UnsafeMutablePointer<FieldTable>
    ) -> PointerTable.Position? {
        table.pointee.table.find(hash) { slot in
            let block = EntryBlock(slot.pointer)
            return block.ownerByte != DeadlineIndex.uncovered && self.hash(of: block) == hash
        }
    }

    /// Counts what a nested table and its index have grown or shrunk by.
    func countStructures(of table: UnsafeMutablePointer<FieldTable>) {
        let bytes = table.pointee.structureBytes
        let delta = bytes - table.pointee.countedStructureBytes
        guard delta != 0 else { return }
        table.pointee.countedStructureBytes = bytes
        table.pointee.byteCount.addAlone(delta)
        count(allocated: delta)
    }
}
