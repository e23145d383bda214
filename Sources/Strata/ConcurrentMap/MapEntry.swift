/// One key and its value on the heap, for keys and values that don't fit into a table's slots.
///
/// An entry never changes after it was published: another value for the key is another entry. So a reader that has the
/// pointer has a key and a value that belong together, for as long as it is pinned.
@frozen
@usableFromInline
struct MapEntry<Key, Value> {
    /// The hash of the key, so that moving an entry never calls the key's own code.
    ///
    /// After the grace period the word chains the entry into a `MapGarbage`.
    @usableFromInline var hash: UInt64
    /// The version of the entry: see `EntryVersion`.
    @usableFromInline let version: UInt64
    @usableFromInline let key: Key
    @usableFromInline let value: Value

    @inlinable @inline(__always)
    init(hash: UInt64, version: UInt64, key: Key, value: Value) {
        self.hash = hash
        self.version = version
        self.key = key
        self.value = value
    }
}
