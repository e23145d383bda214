public import CStrata
public import Synchronization

/// A slot that holds one pointer to an immutable entry.
///
/// Replacing an entry is one store; the old one is retired by whoever replaced it.
@frozen
@usableFromInline
struct PointerSlot: TableSlot {
    @usableFromInline let word: UInt

    @inlinable static var reusesTombstones: Bool { true }

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
    /// The entry, atomically.
    @inlinable @inline(__always)
    var pointer: UnsafeMutableRawPointer {
        // acquiring: pairs with replace(with:); the entry's contents were written before.
        UnsafeMutableRawPointer(bitPattern: atomic.pointee.load(ordering: .acquiring)).unsafelyUnwrapped
    }

    /// Puts another entry into the slot. Readers see the old or the new one.
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
