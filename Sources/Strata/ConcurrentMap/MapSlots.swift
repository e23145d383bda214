public import CStrata

/// What the slots of a map's tables hold, chosen by the map's types: one implementation over three layouts.
///
/// *Inline*, for keys of up to 16 bytes and values of up to 8 that are plain bits: key and value are in the slot.
///
///     │ key, rounded up to 8 or 16 bytes │ value word 8 │
///
/// *Wide*, an inline layout for values of 9 to 48 bytes that are plain bits. A value of that size can't be replaced by one
/// atomic store, so the one in the slot never changes: a later value is an entry that the slot points to, until the slot
/// moves to another table and takes it in again.
///
///     │ key, rounded up to 8 or 16 bytes │ pointer to the replacement 8, or 0 │ first value, rounded up to 8 bytes │
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
/// - I2 (inline). The control byte decides whether the entry is there; the value is one atomic word, or (wide) bytes that
///   don't change while that word is 0, and the entry it points to otherwise. That entry is retired when the word gets
///   another value or the control byte ceases to be a fingerprint, whichever comes first, and so exactly once.
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
            && _isPOD(Value.self) && MemoryLayout<Value>.size <= 48 && MemoryLayout<Value>.alignment <= 8
    }

    /// Whether they are inline with values of more than a word.
    @inlinable @inline(__always)
    static var areWide: Bool { areInline && MemoryLayout<Value>.size > 8 }

    /// Whether slots may point to entries.
    @inlinable @inline(__always)
    static var mayHaveEntries: Bool { !areInline || areWide }

    /// The bytes of a slot.
    ///
    /// What needs most of a cache line gets a whole one.
    @inlinable @inline(__always)
    static var stride: Int {
        guard areInline else { return 8 }
        guard areWide else { return valueOffset &+ 8 }
        let needed = valueOffset &+ 8 &+ ((MemoryLayout<Value>.size &+ 7) & ~7)
        return needed == 56 ? 64 : needed
    }

    /// Where the value word of an inline slot is; in a wide one it is the pointer's place, and the value is behind it.
    @inlinable @inline(__always)
    static var valueOffset: Int { MemoryLayout<Key>.size <= 8 ? 8 : 16 }

    /// What the allocator takes for an entry.
    @inlinable
    static var entryByteCount: Int { MapMemory.blockByteCount(MemoryLayout<Entry>.size) }

    /// Asks for the memory of a slot.
    @inlinable @inline(__always)
    static func prefetch(_ slot: UnsafeMutableRawPointer) {
        strata_prefetch(slot)
        if stride > 32, stride != 64 { strata_prefetch(slot + (stride &- 8)) }
    }

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
        if areWide {
            if let replacement = replacement(at: found) { return replacement.pointee.value }
            // SAFETY: I2; the store of the value happened before the acquiring load of the control byte.
            return (found + (valueOffset &+ 8)).assumingMemoryBound(to: Value.self).pointee
        }
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

    /// The entry that has taken the place of a wide slot's value.
    @inlinable @inline(__always)
    static func replacement(at slot: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Entry>? {
        entry(at: slot + valueOffset)
    }

    /// The entry that a slot points to, in any layout.
    @inlinable @inline(__always)
    static func heapEntry(of slot: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        guard mayHaveEntries else { return nil }
        return (areWide ? replacement(at: slot) : entry(at: slot)).map { UnsafeMutableRawPointer($0) }
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
            initialize(slot, to: value)
            ControlGroup.set(fingerprint, at: index, of: controls)
        } else {
            let entry = UnsafeMutablePointer<Entry>.allocate(capacity: 1)
            entry.initialize(to: Entry(hash: hash, version: version, key: key, value: value))
            ControlGroup.set(fingerprint, at: index, of: controls)
            // releasing: pairs with entry(at:).
            AtomicWord(slot).storeReleasing(UInt64(UInt(bitPattern: entry)))
        }
    }

    /// Puts a value into an inline slot that the control byte doesn't show yet.
    @inlinable @inline(__always)
    static func initialize(_ slot: UnsafeMutableRawPointer, to value: Value) {
        // relaxed, both: published by the control byte.
        if areWide {
            AtomicWord(slot + valueOffset).storeRelaxed(0)
            (slot + (valueOffset &+ 8)).assumingMemoryBound(to: Value.self).initialize(to: value)
        } else {
            AtomicWord(slot + valueOffset).storeRelaxed(word(from: value))
        }
    }

    /// Gives the key in a slot another value.
    ///
    /// - Returns: The entry that was replaced, for the caller to retire; `nil` when nothing is to be retired.
    @inlinable @inline(__always)
    static func replace(
        _ slot: UnsafeMutableRawPointer, with value: Value, version: UInt64
    ) -> UnsafeMutableRawPointer? {
        if areWide {
            let old = heapEntry(of: slot)
            let entry = UnsafeMutablePointer<Entry>.allocate(capacity: 1)
            entry.initialize(to: Entry(hash: 0, version: version, key: key(of: slot), value: value))
            // releasing: pairs with replacement(at:).
            AtomicWord(slot + valueOffset).storeReleasing(UInt64(UInt(bitPattern: entry)))
            return old
        }
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
        let slot = slot(index, ofGroup: group, in: table)
        let removed = heapEntry(of: slot)
        if !areInline {
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
            initialize(slot, to: value(of: source))
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
        if mayHaveEntries {
            for group in 0..<table.groupCount {
                var occupied = table.controlGroup(group).fullSlots
                while !occupied.isEmpty {
                    if let entry = heapEntry(of: slot(occupied.removeFirst(), ofGroup: group, in: table)) {
                        destroy(entry)
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
