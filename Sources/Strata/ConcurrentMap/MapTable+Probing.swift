extension MapTable {
    /// Where an entry is in a table.
    @frozen
    @usableFromInline
    struct Position: BitwiseCopyable {
        @usableFromInline let table: MapTable
        @usableFromInline let group: UInt64
        @usableFromInline let index: Int

        @inlinable @inline(__always)
        init(table: MapTable, group: UInt64, index: Int) {
            self.table = table
            self.group = group
            self.index = index
        }
    }

    /// Looks for a key, without a lock.
    ///
    /// The caller is pinned.
    ///
    /// - Returns: What `MapSlots.match` found.
    @inlinable @inline(__always)
    func find<Key, Value>(
        _ key: Key, _ hash: UInt64, in slots: MapSlots<Key, Value>.Type
    ) -> UnsafeMutableRawPointer? {
        let fingerprint = ControlByte.fingerprint(of: hash)
        var group = homeGroup(of: hash)
        slots.prefetch(slots.slot(Self.preferredIndex(of: hash), ofGroup: group, in: self))
        while true {
            let controls = controlGroup(group)
            var candidates = controls.slots(equalTo: fingerprint)
            while !candidates.isEmpty {
                let slot = slots.slot(candidates.removeFirst(), ofGroup: group, in: self)
                if let found = slots.match(slot, key, hash) { return found }
            }
            // MapShard.I3, I4: an empty byte ends every probe, and there is one.
            if !controls.emptySlots.isEmpty { return nil }
            group = self.group(after: group)
        }
    }

    /// Looks for a key, under the lock.
    @inlinable @inline(__always)
    func position<Key, Value>(
        of key: Key, _ hash: UInt64, in slots: MapSlots<Key, Value>.Type
    ) -> (position: Position, found: UnsafeMutableRawPointer)? {
        let fingerprint = ControlByte.fingerprint(of: hash)
        var group = homeGroup(of: hash)
        while true {
            let controls = controlGroup(group)
            var candidates = controls.slots(equalTo: fingerprint)
            while !candidates.isEmpty {
                let index = candidates.removeFirst()
                if let found = slots.match(slots.slot(index, ofGroup: group, in: self), key, hash) {
                    return (Position(table: self, group: group, index: index), found)
                }
            }
            if !controls.emptySlots.isEmpty { return nil }
            group = self.group(after: group)
        }
    }

    /// A free slot for a new entry, under the lock.
    ///
    /// - Parameters:
    ///   - hash: The hash of the new entry.
    ///   - reusingTombstones: Whether the slot of a removed entry will do: `MapSlots` invariants I1 and I3.
    /// - Returns: The slot, and whether it was never used.
    @inlinable @inline(__always)
    func freePosition(
        for hash: UInt64, reusingTombstones: Bool
    ) -> (position: Position, isEmpty: Bool) {
        let preferred = Self.preferredIndex(of: hash)
        var group = homeGroup(of: hash)
        while true {
            let controls = controlGroup(group)
            if reusingTombstones {
                let tombstones = controls.slots(equalTo: ControlByte.tombstone)
                if !tombstones.isEmpty {
                    return (Position(table: self, group: group, index: tombstones.first(from: preferred)), false)
                }
            }
            let empty = controls.emptySlots
            if !empty.isEmpty {
                return (Position(table: self, group: group, index: empty.first(from: preferred)), true)
            }
            group = self.group(after: group)
        }
    }
}
