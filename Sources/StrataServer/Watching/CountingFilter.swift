import Strata
import Synchronization

/// Tells quickly that some bytes are surely not in a set: a table of counters indexed by a hash.
///
/// May say of bytes outside the set that they could be in it, never the reverse. Whoever adds, removes and asks about the same bytes holds
/// the lock that guards what the set is about.
final class CountingFilter: @unchecked Sendable {
    // Reason for `@unchecked`: the pointer never changes; it points to atomics.

    private static let size = 1 << 14
    private let counters: UnsafeMutablePointer<Atomic<Int32>>

    init() {
        counters = .allocate(capacity: Self.size)
        for index in 0..<Self.size { (counters + index).initialize(to: Atomic(0)) }
    }

    deinit {
        counters.deinitialize(count: Self.size)
        counters.deallocate()
    }

    /// Enters bytes; each entry needs its own removal.
    func add(_ bytes: Bytes) {
        counters[Self.index(bytes)].wrappingAdd(1, ordering: .relaxed)  // relaxed: ordered by the caller's lock
    }

    /// Removes bytes entered before.
    func remove(_ bytes: Bytes) {
        counters[Self.index(bytes)].wrappingSubtract(1, ordering: .relaxed)  // relaxed: as above
    }

    /// Forgets everything.
    func removeAll() {
        for index in 0..<Self.size { counters[index].store(0, ordering: .relaxed) }  // relaxed: as above
    }

    /// Whether the bytes can be in the set.
    @inline(__always)
    func mayContain(_ bytes: Bytes) -> Bool {
        counters[Self.index(bytes)].load(ordering: .relaxed) != 0  // relaxed: as above
    }

    /// FNV-1a; the worst that chosen keys can do is to make the filter useless.
    @inline(__always)
    private static func index(_ bytes: Bytes) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return Int(truncatingIfNeeded: hash >> 40) & (size - 1)
    }
}
