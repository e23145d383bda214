public import Synchronization

/// The rights and duties of a thread that holds a shard's lock.
///
/// It is made by `init(locking:)`, works on one key, and ends with `finish()`, which releases the lock and destroys what
/// fell due. Every write does a bounded piece of the work that is under way: it moves at most two groups (32 slots)
/// and gives one piece of memory back.
@frozen
@usableFromInline
struct ShardWriter<Key: Hashable & Sendable, Value: Sendable>: ~Copyable {
    @usableFromInline typealias Slots = MapSlots<Key, Value>

    @usableFromInline let shard: ShardAddress
    @usableFromInline let hashKey: HashKey
    @usableFromInline var garbage = MapGarbage<Key, Value>()
    /// The slots that were moved under this hold of the lock.
    @usableFromInline var movedCount = 0

    @inlinable @inline(__always)
    init(locking shard: ShardAddress, _ hashKey: HashKey) {
        self.shard = shard
        self.hashKey = hashKey
        shard.pointee.lock.lock()
    }

    /// Releases the lock; then destroys entries whose grace period is over.
    @inlinable @inline(__always)
    mutating func finish() {
        if movedCount > 0 { recordMoves() }
        shard.pointee.lock.unlock()
        garbage.dispose()
    }

    @inlinable
    func recordMoves() {
        shard.pointee.movedCount &+= movedCount
        shard.pointee.maximumMoved = max(shard.pointee.maximumMoved, movedCount)
    }

    /// Does this write's share of the work under way.
    ///
    /// Positions found before are invalid afterwards.
    @inlinable @inline(__always)
    mutating func advance() {
        // relaxed: only the holder of the lock stores.
        if shard.lockedTable.header.pointee.previous.load(ordering: .relaxed) != nil { moveStep() }
        if !shard.pointee.graveyard.isEmpty { shard.pointee.graveyard.visit() }
    }

    /// Looks for a key in both tables.
    @inlinable @inline(__always)
    func find(
        _ key: Key, _ hash: UInt64
    ) -> (position: MapTable.Position, found: UnsafeMutableRawPointer)? {
        let table = shard.lockedTable
        if let previous = table.previous, let found = previous.position(of: key, hash, in: Slots.self) {
            return found
        }
        return table.position(of: key, hash, in: Slots.self)
    }

    /// Adds an entry for a key that is in neither table.
    @inlinable @inline(__always)
    mutating func insert(_ key: Key, _ hash: UInt64, _ value: Value) {
        var free = shard.lockedTable.freePosition(for: hash, reusingTombstones: !Slots.areInline)
        if free.isEmpty, shard.pointee.emptyLeft == 0 {
            makeRoom()
            free = shard.lockedTable.freePosition(for: hash, reusingTombstones: !Slots.areInline)
        }
        if free.isEmpty { shard.pointee.emptyLeft &-= 1 }
        let version = nextVersion()
        Slots.insert(
            key, hash, value, version: version, at: free.position.index, ofGroup: free.position.group,
            in: free.position.table)
        setSlotVersion(version, at: free.position)
        addToCount(1)
    }

    /// Gives an entry another value.
    ///
    /// In a table being emptied too: readers look there first, and the move copies what is there then.
    @inlinable @inline(__always)
    mutating func replace(_ position: MapTable.Position, with value: Value) {
        let version = nextVersion()
        let slot = Slots.slot(position.index, ofGroup: position.group, in: position.table)
        if let old = Slots.replace(slot, with: value, version: version) { retire(old) }
        setSlotVersion(version, at: position)
    }

    /// Removes an entry.
    @inlinable @inline(__always)
    mutating func remove(_ position: MapTable.Position) {
        let table = shard.lockedTable
        var control = ControlByte.tombstone
        if !Slots.areInline, position.table == table, !table.controlGroup(position.group).emptySlots.isEmpty {
            // MapShard.I3 holds: the group has an empty byte, so it never was full.
            control = ControlByte.empty
            shard.pointee.emptyLeft &+= 1
        }
        let removed = Slots.remove(
            at: position.index, ofGroup: position.group, in: position.table, control: control)
        if let removed { retire(removed) }
        addToCount(-1)
        // A shard shrinks when one slot in eight is used.
        let live = UInt64(truncatingIfNeeded: shard.pointee.liveCount.load(ordering: .relaxed))
        if live < table.groupCount &* 2, table.groupCount > shard.pointee.minimumGroupCount { shrink() }
    }

    /// Leaves an entry that no new reader finds to the epoch, and collects older ones.
    @inlinable @inline(__always)
    mutating func retire(_ entry: UnsafeMutableRawPointer) {
        // No byte count: the number of entries freed at once must stay small whatever they hold.
        var due = garbage.first
        shard.pointee.retired.retire(entry, byteCount: 0) { entry, _ in MapGarbage.chain(entry, before: &due) }
        garbage.first = due
    }

    @inlinable @inline(__always)
    func addToCount(_ difference: Int) {
        // relaxed, both: only the holder of the lock stores; others read it as an estimate.
        let count = shard.pointee.liveCount.load(ordering: .relaxed)
        shard.pointee.liveCount.store(count &+ difference, ordering: .relaxed)
    }
}
