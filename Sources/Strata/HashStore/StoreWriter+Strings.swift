extension StoreWriter {
    /// Replaces whatever a key holds by a string.
    @inline(__always)
    func setString(_ key: HashStore.Key, _ value: Bytes, _ change: HashStore.DeadlineChange) {
        guard let found = find(key) else {
            var deadline = Deadline.none
            if case .set(let new) = change { deadline = new }
            guard !Deadline.hasPassed(deadline, at: now) else { return }
            let block = EntryBlock.string(
                key: key.bytes, value, access: AccessWord(createdAt: now), deadline: deadline)
            insert(block, hash: key.hash)
            store.notify(key.bytes, .written)
            return
        }
        let deadline = change.applied(to: found.block.deadline)
        guard !Deadline.hasPassed(deadline, at: now) else { return remove(found, hash: key.hash, .removed) }
        let block = EntryBlock.string(
            key: key.bytes, value, access: found.block.accessWhenWritten(now: now), deadline: deadline)
        replace(found, with: block, hash: key.hash)
        store.notify(key.bytes, .written)
    }

    /// Appends to a string, or creates it, and returns its length.
    ///
    /// - Complexity: Amortised O(suffix): a string that is appended to gets spare room.
    func append(_ key: HashStore.Key, _ suffix: Bytes) -> Int {
        guard let found = find(key) else {
            setString(key, suffix, .clear)
            return suffix.count
        }
        let length = found.block.payload.count
        let block = roomyBlock(found, key, count: length + suffix.count)
        _ = (block.payloadStart + length).writing(suffix)
        finishModification(found, block, length: length + suffix.count, hash: key.hash)
        store.notify(key.bytes, .written)
        return length + suffix.count
    }

    /// Writes bytes over a part of a string, with zeroes between its end and `offset`, and returns its length.
    func overwrite(_ key: HashStore.Key, at offset: Int, _ bytes: Bytes) -> Int {
        let found = find(key)
        let length = found?.block.payload.count ?? 0
        guard !bytes.isEmpty else { return length }
        let newLength = max(length, offset + bytes.count)
        let block: EntryBlock
        if let found, offset >= length {
            block = roomyBlock(found, key, count: newLength)
            (block.payloadStart + length).initializeMemory(as: UInt8.self, repeating: 0, count: offset - length)
        } else {
            // Readers may be looking at the bytes that change: copy.
            block = copyForModification(found?.block, key, capacity: newLength)
            if offset > length {
                (block.payloadStart + length).initializeMemory(as: UInt8.self, repeating: 0, count: offset - length)
            }
        }
        _ = (block.payloadStart + offset).writing(bytes)
        if let found {
            finishModification(found, block, length: newLength, hash: key.hash)
        } else {
            block.publish(payloadLength: newLength)
            insert(block, hash: key.hash)
        }
        store.notify(key.bytes, .written)
        return newLength
    }

    /// The key's block if that has room for `count` bytes and may be written behind its end, else a copy that has.
    private func roomyBlock(_ found: Found, _ key: HashStore.Key, count: Int) -> EntryBlock {
        let block = found.block
        if block.flags.contains(.modifiedString), block.payloadCapacity >= count {
            block.touchWhenWritten(now: now, tick: store.requests.now)
            store.requests.note(key.hash)
            return block
        }
        return copyForModification(block, key, capacity: Self.grownCapacity(for: count))
    }

    private func copyForModification(_ old: EntryBlock?, _ key: HashStore.Key, capacity: Int) -> EntryBlock {
        let block = EntryBlock.allocate(
            .modifiedString, key: key.bytes,
            access: old?.accessWhenWritten(now: now) ?? AccessWord(createdAt: now),
            deadline: old?.deadline ?? Deadline.none, payloadLength: 0, payloadCapacity: capacity)
        if let old { _ = block.payloadStart.writing(old.payload) }
        return block
    }

    private func finishModification(_ found: Found, _ block: EntryBlock, length: Int, hash: UInt64) {
        block.publish(payloadLength: length)
        if block.base != found.block.base { replace(found, with: block, hash: hash) }
    }

    /// Room for a string that grows: twice what is needed up to 1 MiB, 1 MiB more from there on.
    static func grownCapacity(for count: Int) -> Int {
        count < (1 << 20) ? count * 2 : count + (1 << 20)
    }
}

extension HashStore.DeadlineChange {
    /// The stored deadline after the change.
    @inline(__always)
    func applied(to stored: Int64) -> Int64 {
        switch self {
        case .keep: stored
        case .clear: Deadline.none
        case .set(let deadline): deadline
        }
    }
}

extension EntryBlock {
    /// The access word for the block that takes this one's place: a write is an access, but doesn't raise the counter,
    /// which would count the read and the write of one command twice.
    @inline(__always)
    func accessWhenWritten(now: Int64) -> AccessWord { access.refreshed(at: now) }

    /// A copy of a string or compact hash under a key and with a deadline.
    func copied(key: Bytes, deadline: Int64) -> EntryBlock {
        let payload = payload
        let kept: Flags = [.hash, .modifiedString, .fieldDeadlines]
        let copy = EntryBlock.allocate(
            flags.intersection(kept), key: key, access: access, deadline: deadline, payloadLength: payload.count,
            payloadCapacity: payload.count, fieldCount: flags.contains(.hash) ? compactFieldCount : 0)
        _ = copy.payloadStart.writing(payload)
        return copy
    }
}
