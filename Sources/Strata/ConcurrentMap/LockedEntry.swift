/// The entry of one key, present or not, while the key's shard is locked.
@frozen
@usableFromInline
struct LockedEntry<Key: Hashable & Sendable, Value: Sendable>: ~Copyable {
    @usableFromInline let key: Key
    @usableFromInline let hash: UInt64
    @usableFromInline var writer: ShardWriter<Key, Value>
    /// Valid until the entry is stored or removed, which is done once at most.
    @usableFromInline let place: (position: MapTable.Position, found: UnsafeMutableRawPointer)?

    @inlinable @inline(__always)
    init(locking shard: ShardAddress, _ key: Key, _ hash: UInt64, _ hashKey: HashKey) {
        self.key = key
        self.hash = hash
        writer = ShardWriter(locking: shard, hashKey)
        writer.advance()
        place = writer.find(key, hash)
    }

    /// Releases the lock.
    @inlinable @inline(__always)
    mutating func finish() { writer.finish() }

    /// The value before any change.
    @inlinable @inline(__always)
    var value: Value? {
        guard let place else { return nil }
        return MapSlots<Key, Value>.value(of: place.found)
    }

    /// Runs code of the user, which must not use the map.
    @inlinable @inline(__always)
    borrowing func runClosure<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try writer.shard.pointee.lock.runClosure(body)
    }

    /// Makes the shard keep versions from here on.
    @inlinable @inline(__always)
    mutating func keepVersions() {
        if MapSlots<Key, Value>.areInline, !writer.shard.pointee.keepsVersions { writer.startKeepingVersions() }
    }

    /// The version after a change.
    @inlinable @inline(__always)
    var latestVersion: EntryVersion { EntryVersion(number: writer.shard.pointee.version) }

    /// The version before any change.
    ///
    /// The shard keeps versions.
    @inlinable @inline(__always)
    var version: EntryVersion {
        guard let place else { return .absent }
        return EntryVersion(number: writer.version(at: place.position, place.found))
    }

    @inlinable @inline(__always)
    mutating func store(_ value: Value) {
        if let place {
            writer.replace(place.position, with: value)
        } else {
            writer.insert(key, hash, value)
        }
    }

    @inlinable @inline(__always)
    mutating func remove() {
        if let place { writer.remove(place.position) }
    }
}
