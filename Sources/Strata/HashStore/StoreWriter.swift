import CStrata
import Synchronization

/// The hand that changes one shard: the store, the shard whose lock the caller holds, and the time.
///
/// A write does four things in this order: it allocates the new block, publishes it by one store (a slot's pointer or a
/// control byte), settles deadlines and counters, and retires the old block. Readers see the old or the new block.
struct StoreWriter {
    let store: StoreHandle
    let shard: UnsafeMutablePointer<StoreShard>
    /// The tick at which all deadlines are judged.
    let now: Int64

    @inline(__always)
    init(store: StoreHandle, shard: UnsafeMutablePointer<StoreShard>, now: Int64) {
        self.store = store
        self.shard = shard
        self.now = now
    }

    /// A block and the slot it is in; valid until the next insertion or removal.
    struct Found {
        let position: PointerTable.Position
        let block: EntryBlock
    }

    // MARK: Finding

    /// The block of a key, expired or not.
    @inline(__always)
    func findAny(_ key: HashStore.Key) -> Found? {
        guard
            let position = shard.pointee.table.find(
                key.hash, { EntryBlock($0.pointer).key.hasSameBytes(as: key.bytes) })
        else { return nil }
        return Found(position: position, block: EntryBlock(position.slot.pointer))
    }

    /// The block of a key that hasn't expired.
    ///
    /// An expired one is removed.
    @inline(__always)
    func find(_ key: HashStore.Key) -> Found? {
        guard let found = findAny(key) else { return nil }
        guard Deadline.hasPassed(found.block.deadline, at: now) else { return found }
        remove(found, hash: key.hash, .expired)
        return nil
    }

    /// The hash of the key of a block.
    @inline(__always)
    func hash(of block: EntryBlock) -> UInt64 { store.hashKey.hash(block.key) }

    // MARK: Publishing

    /// Puts a new key into the table.
    @inline(__always)
    func insert(_ block: EntryBlock, hash: UInt64) {
        let hashKey = store.hashKey
        shard.pointee.table.insert(
            hash, hashOf: { hashKey.hash(EntryBlock($0.pointer).key) }, write: { $0.replace(with: block.base) })
        count(allocated: block.byteCount)
        shard.pointee.keyCount.addAlone(1)
        shard.pointee.insertionsSinceTick &+= 1
        if shard.pointee.insertionsSinceTick >= ReuseStamp.insertionsPerTick {
            shard.pointee.insertionsSinceTick = 0
            store.requests.advance()
        }
        stamp(block, hash: hash)
        store.requests.note(hash)
        if block.deadline != Deadline.none { shard.pointee.expiringKeyCount.addAlone(1) }
        if block.flags.mayHaveDeadline {
            cover(hash: hash, oldOwner: DeadlineIndex.uncovered, oldEarliest: Deadline.none, block: block)
            countFieldExpiring(before: false, after: block.hasFieldDeadlines)
        }
        countStructures()
    }

    /// Puts another block in the place of a key's present one, which is retired.
    @inline(__always)
    func replace(_ found: Found, with block: EntryBlock, hash: UInt64) {
        let old = found.block
        // The block it is made from has the same access record.
        block.access = block.access.with(old.access.stamp.requested(at: store.requests.now))
        found.position.slot.replace(with: block.base)
        store.requests.note(hash)
        count(allocated: block.byteCount)
        if (old.flags.union(block.flags)).mayHaveDeadline {
            replaceDeadlines(of: old, with: block, hash: hash)
        }
        retire(old)
        continueMove()
    }

    /// Takes a key out of the table and retires its block.
    func remove(_ found: Found, hash: UInt64, _ change: KeyChange) {
        let block = found.block
        unlink(found, hash: hash)
        store.notify(block.key, change)
        retire(block)
        countStructures()
    }

    /// Takes a key out of the table; its block is the caller's.
    func unlink(_ found: Found, hash: UInt64) {
        let block = found.block
        let hashKey = store.hashKey
        shard.pointee.table.remove(found.position, hashOf: { hashKey.hash(EntryBlock($0.pointer).key) })
        shard.pointee.keyCount.addAlone(-1)
        if block.flags.mayHaveDeadline {
            if block.deadline != Deadline.none { shard.pointee.expiringKeyCount.addAlone(-1) }
            countFieldExpiring(before: block.hasFieldDeadlines, after: false)
            if block.ownerByte != DeadlineIndex.uncovered {
                cover(
                    hash: hash, oldOwner: block.ownerByte, oldEarliest: Deadline.none, block: nil)
            }
        }
    }

    /// Lets a table that is changing its size get on, where a write neither inserts nor removes.
    ///
    /// Positions found before are invalid afterwards.
    @inline(__always)
    func continueMove() {
        guard shard.pointee.table.needsStep(additional: 0) else { return }
        stepTable()
    }

    @inline(never)
    private func stepTable() {
        let hashKey = store.hashKey
        shard.pointee.table.step(additional: 0, hashOf: { hashKey.hash(EntryBlock($0.pointer).key) })
        countStructures()
    }
}

extension EntryBlock.Flags {
    /// Whether a block with these flags can have a deadline, of its key or of a field.
    @inline(__always)
    var mayHaveDeadline: Bool { rawValue & 0x1c != 0 }
}
