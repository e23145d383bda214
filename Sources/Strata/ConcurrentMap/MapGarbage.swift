/// Entries whose grace period is over, collected under a shard's lock to be destroyed after it is released.
///
/// They are chained through their hash words, so that collecting them needs no memory.
@frozen
@usableFromInline
struct MapGarbage<Key: Hashable & Sendable, Value: Sendable>: ~Copyable {
    @usableFromInline var first: UnsafeMutablePointer<MapEntry<Key, Value>>?

    @inlinable @inline(__always)
    init() { first = nil }

    /// Puts an entry that nobody else can reach at the front of a chain.
    @inlinable @inline(__always)
    static func chain(_ entry: UnsafeMutableRawPointer, before first: inout UnsafeMutablePointer<MapEntry<Key, Value>>?)
    {
        // SAFETY: `entry` came from MapSlots.insert or replace, and its grace period is over.
        let entry = entry.assumingMemoryBound(to: MapEntry<Key, Value>.self)
        entry.pointee.hash = UInt64(UInt(bitPattern: first))
        first = entry
    }

    /// Destroys what was collected.
    ///
    /// Runs user code: never under a lock.
    @inlinable @inline(__always)
    mutating func dispose() {
        if first != nil { disposeAll() }
    }

    @inlinable @inline(never)
    mutating func disposeAll() {
        while let entry = first {
            first = UnsafeMutablePointer(bitPattern: UInt(truncatingIfNeeded: entry.pointee.hash))
            MapSlots<Key, Value>.destroy(UnsafeMutableRawPointer(entry))
        }
    }
}
