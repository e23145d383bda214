/// What the slots of a map's tables hold, chosen by the map's types: one implementation over two layouts.
///
/// *Inline*, for keys of up to 16 bytes and values of up to 8 that are plain bits: key and value are in the slot.
///
///     │ key, rounded up to 8 or 16 bytes │ value word 8 │
///
/// *Entries*, for everything else: the slot is a pointer to an immutable `MapEntry`.
///
///     │ entry pointer 8 │
///
/// Which one it is folds to a constant where the types are known, and every branch on it disappears.
///
/// Invariants:
/// - I1 (inline). The key of a slot is written before its control byte becomes a fingerprint and never again while the
///   table lives: the slot of a removed entry isn't used again. So a reader that saw the fingerprint may read the key
///   without further checks, and the value word it reads belongs to that key.
/// - I2 (inline). The control byte decides whether the entry is there; the value is one atomic word.
/// - I3 (entries). The pointer decides whether the entry is there. While it is not null, the control byte is the
///   fingerprint of the entry: the byte is written before the pointer when an entry comes, after it when it goes. So the
///   slot of a removed entry may be used again at once: a reader that comes late with the old fingerprint finds no
///   pointer or another key, never an entry before all readers can find it.
/// - I4. All stores are made under the shard's lock.
@usableFromInline
enum MapSlots<Key: Hashable & Sendable, Value: Sendable> {
    @usableFromInline typealias Entry = MapEntry<Key, Value>

    /// Whether keys and values are in the slots.
    @inlinable @inline(__always)
    static var areInline: Bool {
        _isPOD(Key.self) && MemoryLayout<Key>.size <= 16 && MemoryLayout<Key>.alignment <= 8
            && _isPOD(Value.self) && MemoryLayout<Value>.size <= 8 && MemoryLayout<Value>.alignment <= 8
    }

    /// The bytes of a slot.
    @inlinable @inline(__always)
    static var stride: Int { areInline ? valueOffset &+ 8 : 8 }

    /// Where the value word of an inline slot is.
    @inlinable @inline(__always)
    static var valueOffset: Int { MemoryLayout<Key>.size <= 8 ? 8 : 16 }

    /// The address of a slot.
    @inlinable @inline(__always)
    static func slot(_ index: Int, ofGroup group: UInt64, in table: MapTable) -> UnsafeMutableRawPointer {
        table.header.pointee.slots + (Int(truncatingIfNeeded: group &* 16) &+ index) &* stride
    }

    // MARK: Reading, with or without the lock

    /// What a slot holds for a key: the slot itself or the entry it points to; `nil` if it holds another key.
    ///
    /// The control byte must have been seen as the fingerprint of `hash`, with acquire order.
    @inlinable @inline(__always)
    static func match(_ slot: UnsafeMutableRawPointer, _ key: Key, _ hash: UInt64) -> UnsafeMutableRawPointer? {
        if areInline {
            // SAFETY: I1; the store of the key happened before the acquiring load of the control byte.
            return slot.assumingMemoryBound(to: Key.self).pointee == key ? slot : nil
        }
        guard let entry = entry(at: slot) else { return nil }
        // SAFETY: the caller is pinned or holds the lock, so that the entry is not freed.
        return entry.pointee.hash == hash && entry.pointee.key == key ? UnsafeMutableRawPointer(entry) : nil
    }

    /// The value of what `match` found.
    @inlinable @inline(__always)
    static func value(of found: UnsafeMutableRawPointer) -> Value {
        if areInline {
            // acquiring: pairs with the releasing store in replace(_:with:); a reader that sees a value sees what its
            // writer did before.
            return value(fromWord: AtomicWord(found + valueOffset).loadAcquiring())
        }
        // SAFETY: as in `match`; entries are immutable.
        return found.assumingMemoryBound(to: Entry.self).pointee.value
    }

    @inlinable @inline(__always)
    static func key(of found: UnsafeMutableRawPointer) -> Key {
        if areInline { return found.assumingMemoryBound(to: Key.self).pointee }
        return found.assumingMemoryBound(to: Entry.self).pointee.key
    }

    /// What a slot with a fingerprint holds, whatever its key.
    @inlinable @inline(__always)
    static func occupant(of slot: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        areInline ? slot : entry(at: slot).map { UnsafeMutableRawPointer($0) }
    }

    /// The hash of what `match` or `occupant` found.
    @inlinable @inline(__always)
    static func hash(of found: UnsafeMutableRawPointer, _ hashKey: HashKey) -> UInt64 {
        if areInline { return MapHashing.hash(key(of: found), hashKey) }
        return found.assumingMemoryBound(to: Entry.self).pointee.hash
    }

    @inlinable @inline(__always)
    static func entry(at slot: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Entry>? {
        // acquiring: pairs with the releasing stores of the pointer; what it points to was written before.
        UnsafeMutablePointer(bitPattern: UInt(truncatingIfNeeded: AtomicWord(slot).loadAcquiring()))
    }

    // MARK: Writing, under the lock

    /// Puts an entry into a free slot and makes it visible.
    @inlinable @inline(__always)
    static func insert(
        _ key: Key, _ hash: UInt64, _ value: Value, version: UInt64,
        at index: Int, ofGroup group: UInt64, in table: MapTable
    ) {
        let slot = slot(index, ofGroup: group, in: table)
        let controls = table.controls(ofGroup: group)
        let fingerprint = ControlByte.fingerprint(of: hash)
        if areInline {
            slot.assumingMemoryBound(to: Key.self).initialize(to: key)
            // relaxed: published by the control byte.
            AtomicWord(slot + valueOffset).storeRelaxed(word(from: value))
            ControlGroup.set(fingerprint, at: index, of: controls)
        } else {
            let entry = UnsafeMutablePointer<Entry>.allocate(capacity: 1)
            entry.initialize(to: Entry(hash: hash, version: version, key: key, value: value))
            ControlGroup.set(fingerprint, at: index, of: controls)
            // releasing: pairs with entry(at:).
            AtomicWord(slot).storeReleasing(UInt64(UInt(bitPattern: entry)))
        }
    }

    /// Gives the key in a slot another value.
    ///
    /// - Returns: The entry that was replaced, for the caller to retire; `nil` when nothing is to be retired.
    @inlinable @inline(__always)
    static func replace(
        _ slot: UnsafeMutableRawPointer, with value: Value, version: UInt64
    ) -> UnsafeMutableRawPointer? {
        if areInline {
            // releasing: pairs with value(of:).
            AtomicWord(slot + valueOffset).storeReleasing(word(from: value))
            return nil
        }
        let old = entry(at: slot).unsafelyUnwrapped
        let entry = UnsafeMutablePointer<Entry>.allocate(capacity: 1)
        entry.initialize(to: Entry(hash: old.pointee.hash, version: version, key: old.pointee.key, value: value))
        // releasing: pairs with entry(at:).
        AtomicWord(slot).storeReleasing(UInt64(UInt(bitPattern: entry)))
        return UnsafeMutableRawPointer(old)
    }

    /// Takes the entry out of a slot and stores `control` as the slot's control byte.
    ///
    /// - Returns: As for `replace`.
    @inlinable @inline(__always)
    static func remove(
        at index: Int, ofGroup group: UInt64, in table: MapTable, control: UInt8
    ) -> UnsafeMutableRawPointer? {
        var removed: UnsafeMutableRawPointer?
        if !areInline {
            let slot = slot(index, ofGroup: group, in: table)
            removed = entry(at: slot).map { UnsafeMutableRawPointer($0) }
            // releasing: pairs with entry(at:); in a table being emptied, a reader that misses the entry here has to see
            // it in the next one.
            AtomicWord(slot).storeReleasing(0)
        }
        ControlGroup.set(control, at: index, of: table.controls(ofGroup: group))
        return removed
    }

    /// Makes what a slot of the old table holds visible in a free slot of the next one too.
    @inlinable @inline(__always)
    static func copy(
        _ source: UnsafeMutableRawPointer, _ hash: UInt64,
        to index: Int, ofGroup group: UInt64, in table: MapTable
    ) {
        let slot = slot(index, ofGroup: group, in: table)
        let controls = table.controls(ofGroup: group)
        let fingerprint = ControlByte.fingerprint(of: hash)
        if areInline {
            slot.assumingMemoryBound(to: Key.self).initialize(to: source.assumingMemoryBound(to: Key.self).pointee)
            // relaxed, both: the value changes only under the lock, and the control byte publishes the copy.
            AtomicWord(slot + valueOffset).storeRelaxed(AtomicWord(source + valueOffset).loadRelaxed())
            ControlGroup.set(fingerprint, at: index, of: controls)
        } else {
            ControlGroup.set(fingerprint, at: index, of: controls)
            // relaxed: under the lock. releasing: pairs with entry(at:).
            AtomicWord(slot).storeReleasing(AtomicWord(source).loadRelaxed())
        }
    }

    /// Empties all slots of a group of the old table after they were copied.
    @inlinable @inline(__always)
    static func removeAll(inGroup group: UInt64, of table: MapTable, _ occupied: SlotMask) {
        if !areInline {
            var occupied = occupied
            while !occupied.isEmpty {
                // releasing: as in `remove`.
                AtomicWord(slot(occupied.removeFirst(), ofGroup: group, in: table)).storeReleasing(0)
            }
        }
        ControlGroup.retireAll(of: table.controls(ofGroup: group))
    }

    /// Frees an entry that no reader can hold any more; runs the destructors of its key and value.
    @inlinable
    static func destroy(_ entry: UnsafeMutableRawPointer) {
        let entry = entry.assumingMemoryBound(to: Entry.self)
        entry.deinitialize(count: 1)
        entry.deallocate()
    }

    /// Destroys all entries of a table and of the one before it, and frees both.
    ///
    /// Only when no reader can use them.
    @inlinable
    static func destroyAll(in table: MapTable) {
        if let previous = table.previous { destroyAll(in: previous) }
        if !areInline {
            for group in 0..<table.groupCount {
                var occupied = table.controlGroup(group).fullSlots
                while !occupied.isEmpty {
                    if let entry = entry(at: slot(occupied.removeFirst(), ofGroup: group, in: table)) {
                        destroy(UnsafeMutableRawPointer(entry))
                    }
                }
            }
        }
        table.deallocate()
    }

    // MARK: Value words

    @inlinable @inline(__always)
    static func word(from value: Value) -> UInt64 {
        var word: UInt64 = 0
        withUnsafeMutableBytes(of: &word) { word in
            withUnsafeBytes(of: value) { word.copyMemory(from: $0) }
        }
        return word
    }

    @inlinable @inline(__always)
    static func value(fromWord word: UInt64) -> Value {
        // SAFETY: Value is plain bits of at most 8 bytes and alignment 8 (`areInline`), stored by word(from:).
        withUnsafeBytes(of: word) { $0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Value.self).pointee }
    }
}
