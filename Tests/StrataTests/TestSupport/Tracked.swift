import Synchronization

/// Counts the objects that a test has alive: the proof that nothing is leaked and nothing is freed twice.
final class LiveCount: Sendable {
    private let live = Atomic<Int>(0)
    private let made = Atomic<Int>(0)

    /// Objects made and not yet destroyed.
    var value: Int { live.load(ordering: .sequentiallyConsistent) }
    /// Objects made.
    var total: Int { made.load(ordering: .sequentiallyConsistent) }

    fileprivate func add() {
        live.add(1, ordering: .relaxed)
        made.add(1, ordering: .relaxed)
    }

    fileprivate func remove() { live.subtract(1, ordering: .relaxed) }
}

/// An object that a `LiveCount` counts, and that knows whether it is alive.
final class Tracked: Sendable {
    private static let alive: UInt64 = 0x5ca1_ab1e_0ddb_a115

    let number: UInt64
    private let count: LiveCount
    private let mark = Atomic<UInt64>(Tracked.alive)

    init(_ number: UInt64, _ count: LiveCount) {
        self.number = number
        self.count = count
        count.add()
    }

    deinit {
        precondition(mark.exchange(0, ordering: .relaxed) == Self.alive, "destroyed twice")
        count.remove()
    }

    /// Whether the object has not been destroyed, as far as its memory still tells.
    var isAlive: Bool { mark.load(ordering: .relaxed) == Self.alive }
}
