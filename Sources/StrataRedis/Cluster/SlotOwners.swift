import StrataTiering
import Synchronization

/// Which shard has which slot, for readers that mustn't wait: a copy of the layout in 32 KB of atomic words.
///
/// Relaxed throughout: each word stands for itself, and a reader that sees an older one asks a server that redirects it.
///
/// `@unchecked Sendable`: the memory lives as long as the object, and each word is atomic.
final class SlotOwners: @unchecked Sendable {
    private let words: UnsafeMutablePointer<Atomic<Int32>>

    init() {
        words = .allocate(capacity: HashSlot.count)
        for slot in 0..<HashSlot.count { (words + slot).initialize(to: Atomic(-1)) }
    }

    deinit {
        words.deinitialize(count: HashSlot.count)
        words.deallocate()
    }

    /// The number of the shard; `nil` if nobody is known to have the slot.
    ///
    /// O(1), without a lock.
    subscript(slot: Int) -> Int? {
        precondition(slot >= 0 && slot < HashSlot.count)
        // SAFETY: within the bounds, and initialized.
        let index = words[slot].load(ordering: .relaxed)
        return index < 0 ? nil : Int(index)
    }

    /// Takes over a layout.
    ///
    /// Not to be called by several at once, or the older layout may stay.
    func update(to topology: ClusterTopology) {
        for slot in 0..<HashSlot.count {
            let index = topology.shard(ofSlot: slot).map { Int32(clamping: $0.id.index) } ?? -1
            // SAFETY: within the bounds, and initialized.
            words[slot].store(index, ordering: .relaxed)
        }
    }
}
