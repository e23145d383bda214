public import CStrata
public import Synchronization

/// A slot that holds one pointer to an immutable entry.
///
/// Replacing an entry is one store; the old one is retired by whoever replaced it.
@frozen
@usableFromInline
struct PointerSlot: TableSlot {
    @usableFromInline let word: UInt

    @inlinable static var wordDecides: Bool { true }

    /// Takes the entry out of the slot.
    @inlinable @inline(__always)
    static func clear(_ slot: UnsafeMutablePointer<Self>) {
        // releasing: whoever sees no pointer sees what came before, such as the entry's copy in the next region.
        slot.atomic.pointee.store(0, ordering: .releasing)
    }

    /// Asks for the entry's first line.
    @inlinable @inline(__always)
    static func prefetch(_ slot: UnsafeMutablePointer<Self>) {
        strata_prefetch(slot.pointer)
    }
}

/// A table of pointers.
@usableFromInline
typealias PointerTable = GroupTable<PointerSlot>

extension UnsafeMutablePointer<PointerSlot> {
    /// The entry, or `nil` if it was removed or moved since the caller matched its fingerprint: for readers without the
    /// lock, who must load it once and stay with what they found.
    @inlinable @inline(__always)
    var pointerIfPresent: UnsafeMutableRawPointer? {
        // acquiring: pairs with replace(with:); the entry's contents were written before.
        UnsafeMutableRawPointer(bitPattern: atomic.pointee.load(ordering: .acquiring))
    }

    /// The entry of a live slot, under the lock.
    @inlinable @inline(__always)
    var pointer: UnsafeMutableRawPointer {
        // acquiring: pairs with replace(with:); the entry's contents were written before.
        UnsafeMutableRawPointer(bitPattern: atomic.pointee.load(ordering: .acquiring)).unsafelyUnwrapped
    }

    /// Puts another entry into the slot.
    ///
    /// Readers see the old or the new one.
    @inlinable @inline(__always)
    func replace(with pointer: UnsafeMutableRawPointer) {
        // releasing: pairs with `pointer`.
        atomic.pointee.store(UInt(bitPattern: pointer), ordering: .releasing)
    }

    @inlinable @inline(__always)
    var atomic: UnsafeMutablePointer<Atomic<UInt>> {
        // SAFETY: the slot is one word, and all access to it goes through this accessor.
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: Atomic<UInt>.self)
    }
}
