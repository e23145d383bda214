import Synchronization

extension StoreWriter {
    /// Moves an entry to another key, whose entry is overwritten.
    ///
    /// Deadlines and the access word go along.
    ///
    /// - Parameters:
    ///   - source: The key to move.
    ///   - destination: The key to overwrite.
    ///   - target: The writer of the destination's shard; its lock is held, too.
    func rename(_ source: HashStore.Key, to destination: HashStore.Key, in target: StoreWriter) {
        guard let found = find(source) else { return }
        if source.bytes.hasSameBytes(as: destination.bytes) {
            store.notify(source.bytes, .written)
            return
        }
        let old = found.block
        let moved: EntryBlock
        if old.flags.contains(.table) {
            moved = tableHead(old.fieldTable, key: destination.bytes, access: old.access, deadline: old.deadline)
        } else {
            moved = old.copied(key: destination.bytes, deadline: old.deadline)
        }
        // Before the removal, so that a reader of both keys finds the entry under at least one.
        target.place(moved, at: destination)
        guard let found = find(source) else { return }
        unlink(found, hash: source.hash)
        if old.flags.contains(.table) {
            old.ownerByte = EntryBlock.tableGivenUp
            // The table's memory is the other shard's from here on.
            let bytes = old.fieldTable.pointee.byteCount.load(ordering: .relaxed)
            count(allocated: -bytes)
            target.count(allocated: bytes)
        }
        store.notify(source.bytes, .removed)
        target.store.notify(destination.bytes, .written)
        retire(old)
        countStructures()
    }

    /// Copies an entry with its deadlines to another key, whose entry is overwritten.
    func copy(_ source: HashStore.Key, to destination: HashStore.Key, in target: StoreWriter) {
        guard let found = find(source) else { return }
        let old = found.block
        if source.bytes.hasSameBytes(as: destination.bytes), store == target.store { return }
        guard old.flags.contains(.table) else {
            target.place(old.copied(key: destination.bytes, deadline: old.deadline), at: destination)
            target.store.notify(destination.bytes, .written)
            return
        }
        guard old.fieldTable.liveFieldCount(now: now) > 0 else {
            // What would be copied is gone already. An empty hash would never go.
            if let overwritten = target.findAny(destination) {
                target.remove(overwritten, hash: destination.hash, .removed)
            }
            return
        }
        let head = target.tableHead(from: nil, destination)
        head.access = old.access
        target.fill(head, from: old.fieldTable)
        _ = head.setDeadline(old.deadline)
        target.place(head, at: destination)
        target.store.notify(destination.bytes, .written)
    }

    /// Publishes a block under its key, over whatever is there.
    func place(_ block: EntryBlock, at key: HashStore.Key) {
        if let found = findAny(key) {
            replace(found, with: block, hash: key.hash)
        } else {
            insert(block, hash: key.hash)
        }
    }
}
