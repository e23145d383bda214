/// Lookups by database, as one event loop has counted them.
///
/// **Concurrency:** changed by the event loop, read by anybody.
final class KeyspaceStatistics: @unchecked Sendable {
    // Reason for `@unchecked`: the pointer never changes, and what it points to are counters made for one writer and many readers.

    /// Lookups in one database.
    struct Lookups: ~Copyable {
        /// Those that found their key.
        let hits = RelaxedInteger()
        /// Those that didn't.
        let misses = RelaxedInteger()
    }

    private let lookups: UnsafeMutablePointer<Lookups>

    /// All zero.
    init() {
        lookups = .allocate(capacity: Databases.count)
        for index in 0..<Databases.count { (lookups + index).initialize(to: Lookups()) }
    }

    deinit {
        lookups.deinitialize(count: Databases.count)
        lookups.deallocate()
    }

    /// The lookups in a database, whose number must be less than ``Databases/count``.
    @inline(__always)
    subscript(database: Int) -> UnsafeMutablePointer<Lookups> { lookups + database }

    /// Lookups in all databases that found their key.
    var hitCount: Int { (0..<Databases.count).reduce(0) { $0 + lookups[$1].hits.current } }
    /// Lookups in all databases that didn't.
    var missCount: Int { (0..<Databases.count).reduce(0) { $0 + lookups[$1].misses.current } }

    /// Sets everything to zero.
    func reset() {
        for index in 0..<Databases.count {
            lookups[index].hits.set(0)
            lookups[index].misses.set(0)
        }
    }
}
