import CStrata
import Synchronization

/// The fields of a hash that is too large for one block: a table of string blocks with the field names as keys.
///
/// It lives in memory of its own, behind the pointer in its head block, and is changed under the lock of the key's shard.
/// Single fields may be read under a pin alone; a view of several fields at one point in time needs the lock.
///
/// Invariants:
/// - I1. `table` holds at least one field while the head block is published.
/// - I2. `byteCount` is the memory of all blocks in the table plus the structures, as reported to the shard.
/// - I3. `oversizedCount` is the number of fields whose name or value is longer than `valueLengthLimit`.
///
/// The first property is for the holder of the lock alone, for the reason given at `StoreShard`.
struct FieldTable: ~Copyable {
    var deadlines = DeadlineIndex()
    let table = PointerTable()
    /// The number of fields; written under the lock, read by anyone; relaxed: a figure.
    let fieldCount = Atomic<Int>(0)
    /// The memory of everything; written under the lock, read by anyone; relaxed: a figure.
    let byteCount = Atomic<Int>(0)
    let hashKey: HashKey
    /// What table and index were last counted as in `byteCount`.
    var countedStructureBytes = 0
    var valueLengthLimit: Int
    var oversizedCount = 0
    /// The next one in the shard's graveyard, and how far it has got there.
    var nextInGraveyard: UnsafeMutablePointer<FieldTable>?
    var dismantledGroups = 0

    init(hashKey: HashKey, valueLengthLimit: Int) {
        self.hashKey = hashKey
        self.valueLengthLimit = valueLengthLimit
    }

    /// The memory of the parts that aren't field blocks.
    var structureBytes: Int {
        table.byteCount + deadlines.byteCount + MemoryLayout<FieldTable>.size + 8
    }

    /// Whether a field counts against the return to the compact encoding.
    @inline(__always)
    func isOversized(_ block: EntryBlock, valueLength: Int) -> Bool {
        block.keyLength > valueLengthLimit || valueLength > valueLengthLimit
    }

    /// A time not after the earliest deadline of any field.
    var earliestDeadline: Int64 { deadlines.earliest }

    /// Whether some field may have expired by now, so that counting and converting have to look at each.
    func mayHaveExpiredFields(now: Int64) -> Bool { Deadline.hasPassed(deadlines.earliest, at: now) }
}

extension UnsafeMutablePointer<FieldTable> {
    /// A table in memory of its own.
    static func make(hashKey: HashKey, valueLengthLimit: Int) -> Self {
        let memory = strata_allocate(MemoryLayout<FieldTable>.stride).unsafelyUnwrapped
        let pointer = memory.bindMemory(to: FieldTable.self, capacity: 1)
        pointer.initialize(to: FieldTable(hashKey: hashKey, valueLengthLimit: valueLengthLimit))
        return pointer
    }

    /// The field with this name, expired or not.
    ///
    /// The caller is pinned or holds the lock.
    @inline(__always)
    func read(_ name: Bytes) -> EntryBlock? {
        pointee.table.read(pointee.hashKey.hash(name)) { slot -> EntryBlock? in
            guard let base = slot.pointerIfPresent else { return nil }
            let block = EntryBlock(base)
            return block.key.hasSameBytes(as: name) ? block : nil
        }
    }

    /// Where a field is.
    ///
    /// The caller holds the lock.
    @inline(__always)
    func find(_ name: Bytes, hash: UInt64) -> PointerTable.Position? {
        pointee.table.find(hash) { EntryBlock($0.pointer).key.hasSameBytes(as: name) }
    }

    /// Calls a closure with each field.
    ///
    /// The caller holds the lock.
    func visitFields(_ body: (EntryBlock) -> Void) {
        let visit = { body(EntryBlock($0.pointer)) } as (UnsafeMutablePointer<PointerSlot>) -> Void
        pointee.table.forEach(visit)
    }

    /// The number of fields that haven't expired.
    ///
    /// The caller holds the lock.
    func liveFieldCount(now: Int64) -> Int {
        let count = pointee.fieldCount.load(ordering: .relaxed)
        guard pointee.mayHaveExpiredFields(now: now) else { return count }
        var expired = 0
        visitFields { if Deadline.hasPassed($0.deadline, at: now) { expired += 1 } }
        return count - expired
    }

    /// Takes the oversized fields' count anew if the limit has changed since.
    func adopt(valueLengthLimit: Int) {
        guard pointee.valueLengthLimit != valueLengthLimit else { return }
        pointee.valueLengthLimit = valueLengthLimit
        var oversized = 0
        visitFields { if pointee.isOversized($0, valueLength: $0.payload.count) { oversized += 1 } }
        pointee.oversizedCount = oversized
    }

    /// Frees up to `limit` fields, or the table itself when none is left.
    ///
    /// No reader can be inside.
    ///
    /// - Returns: How many bytes were freed, and whether the table is gone.
    func dismantle(limit: Int) -> (freedBytes: Int, isGone: Bool) {
        var freed = 0
        var left = limit
        while left > 0 {
            guard let blocks = pointee.table.liveSlots(ofGroupNumber: pointee.dismantledGroups) else {
                pointee.deadlines.deallocate()
                freed = pointee.byteCount.load(ordering: .relaxed)
                deinitialize(count: 1)
                strata_deallocate(UnsafeMutableRawPointer(self))
                return (freed, true)
            }
            pointee.dismantledGroups += 1
            left -= 1
            blocks { slot in
                let block = EntryBlock(slot.pointer)
                freed += block.byteCount
                left -= 1
                block.deallocate()
            }
        }
        pointee.byteCount.addAlone(-freed)
        return (freed, false)
    }
}

extension GroupTable where Slot == PointerSlot {
    /// The memory of the table.
    var byteCount: Int { core.pointee.byteCount }

    /// The slots of one group, counted through the old region and then the newest one; `nil` behind the last.
    ///
    /// For taking a table apart in slices that nobody else uses any more.
    func liveSlots(
        ofGroupNumber number: Int
    ) -> (((UnsafeMutablePointer<PointerSlot>) -> Void) -> Void)? {
        let region = newest
        let old = region.previous
        let oldCount = old?.groupCount ?? 0
        if let old, number < oldCount {
            return { body in old.forEachLive(inGroups: number..<(number + 1), body) }
        }
        guard number - oldCount < region.groupCount else { return nil }
        return { body in region.forEachLive(inGroups: (number - oldCount)..<(number - oldCount + 1), body) }
    }
}

/// Tables of removed hashes on their way out, some fields at a time, so that removing a hash with a million fields
/// stops nobody.
///
/// Guarded by the shard's lock.
struct FieldTableGraveyard: ~Copyable {
    private var first: UnsafeMutablePointer<FieldTable>?

    /// Fields freed per write of the shard: more than a write adds.
    static let fieldsPerWrite = 16

    init() {}

    var isEmpty: Bool { first == nil }

    /// Takes a table that no reader can reach any more.
    mutating func bury(_ table: UnsafeMutablePointer<FieldTable>) {
        table.pointee.nextInGraveyard = first
        first = table
    }

    /// Frees up to about `limit` fields and returns how many bytes that were.
    mutating func dismantle(limit: Int) -> Int {
        guard let table = first else { return 0 }
        let next = table.pointee.nextInGraveyard
        let (freedBytes, isGone) = table.dismantle(limit: limit)
        if isGone { first = next }
        return freedBytes
    }
}
