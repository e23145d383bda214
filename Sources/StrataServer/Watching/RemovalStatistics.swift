import Strata
import Synchronization

/// Keys that went by themselves, by database and reason.
///
/// **Concurrency:** from any thread.
final class RemovalStatistics: @unchecked Sendable {
    // Reason for `@unchecked`: the pointer never changes, and what it points to are atomics.

    private let counts: UnsafeMutablePointer<Atomic<Int>>
    private static let reasonCount = 3

    init() {
        counts = .allocate(capacity: Databases.count * Self.reasonCount)
        for index in 0..<(Databases.count * Self.reasonCount) { (counts + index).initialize(to: Atomic(0)) }
    }

    deinit { counts.deallocate() }

    private static func reason(_ change: KeyChange) -> Int {
        switch change {
        case .expired: 0
        case .fieldExpired: 1
        case .written, .removed, .evicted: 2
        }
    }

    /// Counts a key.
    func count(_ change: KeyChange, database: Int) {
        // relaxed: figures to show.
        counts[database * Self.reasonCount + Self.reason(change)].wrappingAdd(1, ordering: .relaxed)
    }

    /// How many there were.
    subscript(database: Int, change: KeyChange) -> Int {
        counts[database * Self.reasonCount + Self.reason(change)].load(ordering: .relaxed)
    }

    /// Sets everything to zero.
    func reset() {
        for index in 0..<(Databases.count * Self.reasonCount) { counts[index].store(0, ordering: .relaxed) }
    }
}
