/// The version of one key's entry in a `ConcurrentMap`: equal exactly as long as the entry hasn't changed.
///
/// Every change of an entry gives it a version it never had before, also when it puts an equal value there, and also
/// when the entry was removed in between. A key without an entry has the version `absent`.
///
/// Versions of different keys or different maps mean nothing to each other.
@frozen
public struct EntryVersion: Hashable, Sendable {
    @usableFromInline let number: UInt64

    @inlinable
    init(number: UInt64) { self.number = number }

    /// The version of a key that has no entry.
    ///
    /// An entry that came and went since then leaves no trace in it.
    @inlinable
    public static var absent: EntryVersion { EntryVersion(number: .max) }
}
