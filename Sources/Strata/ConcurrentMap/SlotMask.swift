/// A set of slots of one group: bit i stands for slot i.
@frozen
@usableFromInline
struct SlotMask {
    @usableFromInline
    var bits: UInt32

    @inlinable @inline(__always)
    init(_ bits: UInt32) { self.bits = bits }

    @inlinable @inline(__always)
    var isEmpty: Bool { bits == 0 }

    @inlinable @inline(__always)
    var count: Int { bits.nonzeroBitCount }

    /// Takes the lowest slot out of the set and returns it.
    ///
    /// The set must not be empty.
    @inlinable @inline(__always)
    mutating func removeFirst() -> Int {
        let index = bits.trailingZeroBitCount
        bits &= bits &- 1
        return index
    }

    /// The first slot of the set at or after `preferred`, going round.
    ///
    /// The set must not be empty.
    @inlinable @inline(__always)
    func first(from preferred: Int) -> Int {
        let shift = UInt32(truncatingIfNeeded: preferred)
        let rotated = (bits &>> shift) | (bits &<< (16 &- shift)) & 0xffff
        return (rotated.trailingZeroBitCount &+ preferred) & 15
    }
}
