import CStrata
import Synchronization

extension StoreWriter {
    /// Counts memory that was allocated (or, negative, freed) for the shard.
    @inline(__always)
    func count(allocated bytes: Int) {
        shard.pointee.heldBytes.addAlone(bytes)
        shard.pointee.unreportedBytes &+= bytes
        if shard.pointee.unreportedBytes.magnitude >= StoreShard.reportingStep { report() }
    }

    /// Tells the budget what has changed since the last time.
    @inline(never)
    func report() {
        store.report(used: shard.pointee.unreportedBytes, retired: shard.pointee.unreportedRetiredBytes)
        shard.pointee.unreportedBytes = 0
        shard.pointee.unreportedRetiredBytes = 0
    }

    /// Counts what the table, the index and the retire list have grown or shrunk by.
    @inline(__always)
    func countStructures() {
        let bytes =
            shard.pointee.table.byteCount &+ shard.pointee.deadlines.byteCount &+ shard.pointee.retired.ringByteCount
        let counted = shard.pointee.countedStructureBytes
        guard bytes != counted else { return }
        shard.pointee.countedStructureBytes = bytes
        count(allocated: bytes - counted)
    }

    /// Hands over a block that was unlinked, to be freed when no reader can hold it.
    ///
    /// A hash's field table goes with it, unless the block has given it up.
    @inline(__always)
    func retire(_ block: EntryBlock) {
        var bytes = block.byteCount
        if block.flags.contains(.table), block.ownerByte != EntryBlock.tableGivenUp {
            bytes &+= block.fieldTable.pointee.byteCount.load(ordering: .relaxed)
        }
        shard.pointee.unreportedRetiredBytes &+= bytes
        let ringBytes = shard.pointee.retired.ringByteCount
        // SAFETY of the overlap: the closure touches the shard's counters and graveyard, never the retire list.
        shard.pointee.retired.retire(block.base, byteCount: bytes) { pointer, bytes in free(EntryBlock(pointer), bytes)
        }
        if shard.pointee.retired.ringByteCount != ringBytes { countStructures() }
        if !shard.pointee.dismantling.isEmpty { dismantle(limit: FieldTableGraveyard.fieldsPerWrite) }
    }

    /// Frees a block that no reader can hold any more.
    ///
    /// - Parameters:
    ///   - block: The block.
    ///   - retiredBytes: What it was retired with: its own memory and that of a table it owns.
    private func free(_ block: EntryBlock, _ retiredBytes: Int) {
        var bytes = retiredBytes
        if block.flags.contains(.table), block.ownerByte != EntryBlock.tableGivenUp {
            let table = block.fieldTable
            bytes = block.byteCount
            if table.pointee.fieldCount.load(ordering: .relaxed) <= FieldTableGraveyard.fieldsPerWrite {
                while !table.dismantle(limit: .max).isGone {}
                bytes = retiredBytes
            } else {
                shard.pointee.dismantling.bury(table)
            }
        }
        block.deallocate()
        shard.pointee.unreportedRetiredBytes &-= bytes
        count(allocated: -bytes)
    }

    /// Frees some fields of large hashes that were removed.
    func dismantle(limit: Int) {
        let freed = shard.pointee.dismantling.dismantle(limit: limit)
        shard.pointee.unreportedRetiredBytes &-= freed
        count(allocated: -freed)
    }

    /// Frees what nobody can see any more and lets size changes of the table get on: for idle moments.
    ///
    /// - Returns: Whether something is left to do.
    @discardableResult
    func maintain(limit: Int) -> Bool {
        shard.pointee.retired.collect(limit: limit) { pointer, bytes in free(EntryBlock(pointer), bytes) }
        if !shard.pointee.dismantling.isEmpty { dismantle(limit: limit) }
        let hashKey = store.hashKey
        var steps = limit / 32
        var isMoving = true
        while isMoving, steps > 0 {
            isMoving = shard.pointee.table.step(additional: 0, hashOf: { hashKey.hash(EntryBlock($0.pointer).key) })
            steps -= 1
        }
        countStructures()
        if shard.pointee.unreportedBytes != 0 || shard.pointee.unreportedRetiredBytes != 0 { report() }
        return isMoving || shard.pointee.retired.count > 0 || !shard.pointee.dismantling.isEmpty
    }

    /// Removes every key.
    func removeAll() {
        shard.pointee.deadlines.deallocate()
        shard.pointee.deadlines = DeadlineIndex()
        shard.pointee.keyCount.store(0, ordering: .relaxed)
        shard.pointee.expiringKeyCount.store(0, ordering: .relaxed)
        shard.pointee.fieldExpiringKeyCount.store(0, ordering: .relaxed)
        shard.pointee.table.removeAll { retire(EntryBlock($0.pointer)) }
        dropGhosts()
        countStructures()
        report()
    }

    /// Frees everything.
    ///
    /// Nobody else can reach the shard any more.
    func tearDown() {
        let release = { (slot: UnsafeMutablePointer<PointerSlot>) in
            let block = EntryBlock(slot.pointer)
            if block.flags.contains(.table) { while !block.fieldTable.dismantle(limit: .max).isGone {} }
            block.deallocate()
        }
        shard.pointee.table.forEach(release)
        shard.pointee.retired.drain { pointer, bytes in free(EntryBlock(pointer), bytes) }
        while !shard.pointee.dismantling.isEmpty { dismantle(limit: .max) }
        shard.pointee.deadlines.deallocate()
        store.report(
            used: shard.pointee.unreportedBytes - shard.pointee.heldBytes.load(ordering: .relaxed),
            retired: shard.pointee.unreportedRetiredBytes)
        shard.deinitialize(count: 1)
    }
}

extension EntryBlock {
    /// The owner byte of a retired head block whose field table lives on in another block.
    static let tableGivenUp: UInt8 = 0xff
}
