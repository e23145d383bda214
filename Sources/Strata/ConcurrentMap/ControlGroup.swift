public import CStrata

/// The control bytes of one group of 16 slots, loaded once.
///
/// `ControlByte` says what a byte means. A reader loads all 16 at once, and sees each as it was at some moment of the load. A
/// writer, which holds the shard's lock, loads a half, changes a byte in it and stores it back.
@frozen
@usableFromInline
struct ControlGroup {
    @usableFromInline let bytes: strata_group

    /// The slots of a group, and the size of its control bytes.
    @inlinable @inline(__always)
    static var slotCount: Int { 16 }

    /// Loads the control bytes at the start of a group.
    @inlinable @inline(__always)
    init(of group: UnsafeMutableRawPointer) {
        // acquiring: pairs with the releasing stores in set(_:at:of:) and retireAll(of:). A reader that sees a
        // fingerprint sees the key and value behind it; one that sees a tombstone in a table being emptied sees the
        // entry in the next table.
        bytes = strata_group_load(group)
    }

    /// The slots whose control byte is `byte`.
    @inlinable @inline(__always)
    func slots(equalTo byte: UInt8) -> SlotMask {
        SlotMask(strata_group_match(bytes, byte))
    }

    /// The slots that were never used.
    @inlinable @inline(__always)
    var emptySlots: SlotMask { slots(equalTo: ControlByte.empty) }

    /// The slots that hold an entry.
    @inlinable @inline(__always)
    var fullSlots: SlotMask {
        SlotMask(~(emptySlots.bits | slots(equalTo: ControlByte.tombstone).bits) & 0xffff)
    }

    /// Changes the control byte of one slot.
    ///
    /// Only under the shard's lock.
    @inlinable @inline(__always)
    static func set(_ byte: UInt8, at index: Int, of group: UnsafeMutableRawPointer) {
        let half = AtomicWord(group + (index & 8))
        let shift = UInt64(truncatingIfNeeded: (index & 7) &<< 3)
        // relaxed: only the holder of the lock stores.
        let others = half.loadRelaxed() & ~(0xff &<< shift)
        // releasing: pairs with init(of:).
        half.storeReleasing(others | UInt64(byte) &<< shift)
    }

    /// Turns every control byte that isn't empty into a tombstone.
    ///
    /// Only under the shard's lock, after the entries were published in the next table.
    @inlinable @inline(__always)
    static func retireAll(of group: UnsafeMutableRawPointer) {
        retireHalf(AtomicWord(group))
        retireHalf(AtomicWord(group + 8))
    }

    @inlinable @inline(__always)
    static func retireHalf(_ half: AtomicWord) {
        // relaxed: only the holder of the lock stores.
        let bytes = half.loadRelaxed()
        // Bit 7 of each byte says whether the byte is other than zero; shifted down it is a tombstone.
        let used = (((bytes & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x7f7f_7f7f_7f7f_7f7f) | bytes) & 0x8080_8080_8080_8080
        // releasing: pairs with init(of:).
        half.storeReleasing(used &>> 7)
    }
}
