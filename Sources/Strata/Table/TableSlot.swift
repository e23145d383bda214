/// What a `GroupTable` stores per position: plain words, copied whole when a table grows or shrinks.
///
/// The stride must be a multiple of 8 bytes and the alignment at most 8: slots are moved word by word.
@usableFromInline
protocol TableSlot: BitwiseCopyable {
    /// Whether the slot's word itself says if an element is there: zero means none.
    ///
    /// Then the place of a removed element may be taken by another one at once, because a reader that matched the old
    /// element's fingerprint finds zero, or another element that all readers can find already: a new element's control
    /// byte is stored before its word, a removed one's word is cleared before its control byte. Where key and value are
    /// separate words, the control byte decides and a place stays used until the table is rebuilt.
    static var wordDecides: Bool { get }

    /// Stores zero into the word of a slot (release). Only called where `wordDecides`.
    static func clear(_ slot: UnsafeMutablePointer<Self>)

    /// Asks the processor for the memory that `hashOf` will need for this slot, while others are worked on.
    static func prefetch(_ slot: UnsafeMutablePointer<Self>)
}

extension TableSlot {
    /// Does nothing: the control byte decides.
    @inlinable @inline(__always)
    static func clear(_ slot: UnsafeMutablePointer<Self>) {}

    /// Does nothing: what a slot holds needs no other memory.
    @inlinable @inline(__always)
    static func prefetch(_ slot: UnsafeMutablePointer<Self>) {}
}

/// The values a control byte takes besides fingerprints.
@frozen
@usableFromInline
enum ControlByte {
    /// Never used in this table: a probe ends at a group that has one.
    @inlinable static var empty: UInt8 { 0 }
    /// Removed or moved away: a probe goes on past it.
    @inlinable static var tombstone: UInt8 { 1 }

    /// The fingerprint of a hash: its low byte, moved away from the two reserved values.
    @inlinable @inline(__always)
    static func fingerprint(of hash: UInt64) -> UInt8 {
        let byte = UInt8(truncatingIfNeeded: hash)
        return Swift.max(byte, 2)
    }
}
