import CStrata
import Synchronization

/// A handle on one allocated block that holds a whole entry: header, key and payload.
///
/// ```
///  0             8      9       10       12            16
/// ┌─────────────┬──────┬───────┬────────┬─────────────┬───────────────┬───────────────┬─────────────────┬─────┬─────────┐
/// │ access word │flags │ owner │ key    │ length word │ deadline, 8   │ field table,  │ long key length │ key │ payload │
/// │             │      │ byte  │ length │             │ (if flag)     │ 8 (if flag)   │ 8 (if flag)     │     │         │
/// └─────────────┴──────┴───────┴────────┴─────────────┴───────────────┴───────────────┴─────────────────┴─────┴─────────┘
///   8             1      1       2        4
/// ```
///
/// The length word of a string is the length of its payload; that of a compact hash has the number of fields in its upper ten bits.
/// A key of 65 535 bytes or more has its length in a word of its own.
///
/// A block is a string (payload: its bytes, with spare room behind them for appends), a compact hash (payload: fields
/// back to back, see `CompactFields`) or the head of a table hash (no payload; the pointer leads to a `FieldTable`). The
/// fields of a table hash are string blocks too, with the field's name as the key.
///
/// The hash of the key isn't stored: it is computed again where it is needed, from a key that is being read anyway.
///
/// Invariants:
/// - I1. Once published in a table, a block changes only in: the access word (relaxed store by anybody under a pin or
///   lock), the deadline (relaxed store under the shard's lock), the owner byte (read and written under the shard's lock
///   only), and a string's bytes behind its length, followed by a releasing store of the length (under the lock).
/// - I2. A block is freed only after it was unlinked and retired, except by the thread that allocated it and never
///   published it.
/// - I3. The payload length of a string never shrinks while the block is published.
struct EntryBlock {
    /// The start of the block.
    let base: UnsafeMutableRawPointer

    /// A handle on an existing block.
    @inline(__always)
    init(_ base: UnsafeMutableRawPointer) { self.base = base }

    /// What a block is and which optional parts it has; fixed for its lifetime.
    struct Flags: OptionSet {
        let rawValue: UInt8
        /// A hash; else a string.
        static let hash = Flags(rawValue: 0x01)
        /// A string made by appending or overwriting, which is reported as raw whatever its content.
        static let modifiedString = Flags(rawValue: 0x02)
        /// A compact hash with at least one field deadline.
        static let fieldDeadlines = Flags(rawValue: 0x04)
        /// There is a deadline word.
        static let deadlineWord = Flags(rawValue: 0x08)
        /// A table hash; it has a deadline word too.
        static let table = Flags(rawValue: 0x10)
        /// A key whose length the header has no room for; there is a deadline word too.
        static let longKey = Flags(rawValue: 0x20)
    }

    /// The fixed part.
    private static let headerSize = 16
    /// Where the deadline is, if there is one.
    private static let deadlineOffset = 16
    /// What stands for the length of a key that the header has no room for.
    private static let longKey = UInt16.max
    /// The lower bits of a compact hash's length word: the length of its payload.
    ///
    /// Both parts have room for more than `EncodingLimits` allows,
    /// with a deadline for each field.
    private static let compactLengthBits: UInt32 = 22
    private static let compactLengthMask: UInt32 = 1 << compactLengthBits - 1
    /// A block this large gets a deadline word even if it has no deadline, so that giving it one later copies nothing.
    private static let sizeWorthDeadlineWord = 256

    @inline(__always)
    var flags: Flags { Flags(rawValue: base.load(fromByteOffset: 8, as: UInt8.self)) }

    /// A byte for the owner of the shard: the generation of the deadline heap that covers this block.
    var ownerByte: UInt8 {
        @inline(__always) get { base.load(fromByteOffset: 9, as: UInt8.self) }
        nonmutating set { base.storeBytes(of: newValue, toByteOffset: 9, as: UInt8.self) }
    }

    /// The number of fields of a compact hash.
    @inline(__always)
    var compactFieldCount: Int {
        Int((base + 12).load(as: UInt32.self) >> Self.compactLengthBits)
    }

    @inline(__always)
    var keyLength: Int {
        let length = base.load(fromByteOffset: 10, as: UInt16.self)
        return length != Self.longKey ? Int(length) : Int((base + (keyOffset - 8)).load(as: UInt32.self))
    }

    @inline(__always)
    private var keyOffset: Int { Self.keyOffset(flags) }

    /// The header, 8 bytes more with a deadline, with a table, and with a long key.
    @inline(__always)
    private static func keyOffset(_ flags: Flags) -> Int {
        let raw = Int(flags.rawValue)
        return headerSize &+ (raw & 0x08) &+ ((raw & 0x10) >> 1) &+ ((raw & 0x20) >> 2)
    }

    /// The key, or the name of a field of a table hash.
    @inline(__always)
    var key: Bytes { Bytes(start: base + keyOffset, count: keyLength) }

    @inline(__always)
    var payloadStart: UnsafeMutableRawPointer { base + keyOffset + keyLength }

    /// The published bytes behind the key.
    @inline(__always)
    var payload: Bytes {
        // acquiring: pairs with the releasing store in publish(payloadLength:), so that the bytes are there.
        let word = lengthWord.pointee.load(ordering: .acquiring)
        return Bytes(start: payloadStart, count: Int(flags.contains(.hash) ? word & Self.compactLengthMask : word))
    }

    /// Makes bytes of a string visible that were written behind the published ones.
    func publish(payloadLength: Int) {
        // releasing: pairs with the load in `payload`.
        lengthWord.pointee.store(UInt32(payloadLength), ordering: .releasing)
    }

    /// How many payload bytes fit into the block as it was allocated.
    var payloadCapacity: Int { strata_allocation_size(base) - Self.allocatorOverhead - (payloadStart - base) }

    /// The deadline of the key, `Deadline.none` without.
    @inline(__always)
    var deadline: Int64 {
        // relaxed: one word that nothing else depends on.
        flags.contains(.deadlineWord) ? deadlineWord.pointee.load(ordering: .relaxed) : Deadline.none
    }

    /// Changes the deadline in place.
    ///
    /// - Returns: Whether the block has room for one; a block without needs none to have none.
    func setDeadline(_ deadline: Int64) -> Bool {
        guard flags.contains(.deadlineWord) else { return deadline == Deadline.none }
        // relaxed: readers may see the old or the new one.
        deadlineWord.pointee.store(deadline, ordering: .relaxed)
        return true
    }

    /// How recently and how often the entry was used.
    var access: AccessWord {
        // relaxed: a hint.
        get { AccessWord(bits: accessWord.pointee.load(ordering: .relaxed)) }
        nonmutating set { accessWord.pointee.store(newValue.bits, ordering: .relaxed) }
    }

    /// Records an access; stores only if that changes anything, so that a hot entry's line isn't dirtied all the time.
    ///
    /// - Parameters:
    ///   - now: The current tick of time.
    ///   - tick: That of the budget's stores.
    @inline(__always)
    func touch(now: Int64, tick: UInt32) {
        let before = access
        let after = before.accessed(at: now, random: UInt32(truncatingIfNeeded: strata_random_word()))
            .with(before.stamp.requested(at: tick))
        if after.bits != before.bits { access = after }
    }

    /// Records that the entry was written.
    func touchWhenWritten(now: Int64, tick: UInt32) {
        access = access.refreshed(at: now).with(access.stamp.requested(at: tick))
    }

    /// The place of the pointer to the fields of a table hash.
    var tableWord: UnsafeMutablePointer<UnsafeMutableRawPointer> {
        (base + Self.deadlineOffset + 8)
            .assumingMemoryBound(to: UnsafeMutableRawPointer.self)
    }

    /// The memory the block takes from the allocator.
    var byteCount: Int { strata_allocation_size(base) }

    /// What `strata_allocation_size` counts beyond the usable bytes.
    private static let allocatorOverhead = 8

    // SAFETY of the three accessors: an Atomic has the size and layout of its value; the words are aligned because the
    // block is aligned to 16 bytes; they stay valid for as long as the block does (I2).

    @inline(__always)
    private var accessWord: UnsafeMutablePointer<Atomic<UInt64>> {
        base.assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    @inline(__always)
    private var lengthWord: UnsafeMutablePointer<Atomic<UInt32>> {
        (base + 12).assumingMemoryBound(to: Atomic<UInt32>.self)
    }

    @inline(__always)
    private var deadlineWord: UnsafeMutablePointer<Atomic<Int64>> {
        (base + Self.deadlineOffset).assumingMemoryBound(to: Atomic<Int64>.self)
    }
}

extension EntryBlock {
    /// Allocates a block with its header and key filled in and a payload yet to be written to `payloadStart`.
    ///
    /// - Parameters:
    ///   - flags: What it is. `deadlineWord` is added where needed.
    ///   - key: The key.
    ///   - access: The access word.
    ///   - deadline: The deadline, `Deadline.none` without.
    ///   - payloadLength: The length to publish.
    ///   - payloadCapacity: Room for the payload, at least its length.
    ///   - fieldCount: The number of fields of a compact hash.
    /// - Returns: The block, which nobody else knows.
    static func allocate(
        _ flags: Flags, key: Bytes, access: AccessWord, deadline: Int64, payloadLength: Int, payloadCapacity: Int,
        fieldCount: Int = 0
    ) -> EntryBlock {
        var flags = flags
        if deadline != Deadline.none || flags.contains(.table)
            || headerSize + key.count + payloadCapacity >= sizeWorthDeadlineWord
        {
            flags.insert(.deadlineWord)
        }
        // A key this long makes a block that is worth a deadline word.
        if key.count >= Int(longKey) { flags.insert(.longKey) }
        let keyOffset = keyOffset(flags)
        let block = EntryBlock(strata_allocate(keyOffset + key.count + payloadCapacity).unsafelyUnwrapped)
        block.base.storeBytes(of: access.bits, as: UInt64.self)
        block.base.storeBytes(of: flags.rawValue, toByteOffset: 8, as: UInt8.self)
        block.base.storeBytes(of: 0, toByteOffset: 9, as: UInt8.self)
        block.base.storeBytes(of: UInt16(clamping: key.count), toByteOffset: 10, as: UInt16.self)
        let lengthWord = UInt32(truncatingIfNeeded: payloadLength | fieldCount << Int(compactLengthBits))
        block.base.storeBytes(of: lengthWord, toByteOffset: 12, as: UInt32.self)
        if flags.contains(.deadlineWord) {
            block.base.storeBytes(of: deadline, toByteOffset: deadlineOffset, as: Int64.self)
        }
        if flags.contains(.longKey) {
            block.base.storeBytes(
                of: UInt32(truncatingIfNeeded: key.count), toByteOffset: keyOffset - 8, as: UInt32.self)
        }
        _ = (block.base + keyOffset).writing(key)
        return block
    }

    /// Allocates a string block.
    static func string(
        key: Bytes, _ value: Bytes, access: AccessWord, deadline: Int64
    ) -> EntryBlock {
        let block = allocate(
            [], key: key, access: access, deadline: deadline, payloadLength: value.count, payloadCapacity: value.count)
        _ = block.payloadStart.writing(value)
        return block
    }

    /// Frees the block.
    ///
    /// The caller holds the only reference (I2) and has dealt with a nested table.
    func deallocate() { strata_deallocate(base) }
}
