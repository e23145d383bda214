/// Versions of entries: one number per change in the shard, kept in the entry or, for inline slots, in an array beside
/// the table that exists only once somebody has asked for a version.
extension ShardWriter {
    /// The number of the change that is being made.
    @inlinable @inline(__always)
    func nextVersion() -> UInt64 {
        let version = shard.pointee.version &+ 1
        shard.pointee.version = version
        return version
    }

    @inlinable @inline(__always)
    func setSlotVersion(_ version: UInt64, at position: MapTable.Position) {
        guard Slots.areInline, let versions = position.table.header.pointee.versions else { return }
        versions[position.ordinal] = version
    }

    @inlinable @inline(__always)
    func copySlotVersion(from source: MapTable.Position, to target: MapTable.Position) {
        guard Slots.areInline, let versions = target.table.header.pointee.versions else { return }
        versions[target.ordinal] = source.table.header.pointee.versions?[source.ordinal] ?? 0
    }

    /// The version of an entry, in a shard that keeps versions.
    ///
    /// Entries that haven't changed since then have version 0, which no later change has.
    @inlinable
    func version(at position: MapTable.Position, _ found: UnsafeMutableRawPointer) -> UInt64 {
        guard Slots.areInline else {
            return found.assumingMemoryBound(to: MapEntry<Key, Value>.self).pointee.version
        }
        return position.table.header.pointee.versions.unsafelyUnwrapped[position.ordinal]
    }

    @inlinable
    func startKeepingVersions() {
        shard.pointee.keepsVersions = true
        let table = shard.lockedTable
        table.allocateVersions()
        table.previous?.allocateVersions()
    }
}

extension MapTable {
    /// Adds the array of versions, all 0.
    ///
    /// Only under the lock.
    @usableFromInline
    func allocateVersions() {
        guard !isPlaceholder else { return }
        header.pointee.versions = MapMemory.allocateZeroed(versionByteCount)
            .bindMemory(to: UInt64.self, capacity: slotCount)
    }
}

extension MapTable.Position {
    /// The number of the slot in its table.
    @inlinable @inline(__always)
    var ordinal: Int { Int(truncatingIfNeeded: group &* 16) &+ index }
}
