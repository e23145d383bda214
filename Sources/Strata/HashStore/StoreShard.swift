import CStrata
import Synchronization

/// One shard of a store: a table of entry blocks and what belongs to it, at a fixed address.
///
/// Invariants:
/// - I1. Everything but `lock` and the atomic figures is touched only while `lock` is held, except that readers probe
///   `table` under a pin.
/// - I2. `heldBytes` counts every block, table, heap and list of the shard from its allocation to its deallocation.
struct StoreShard: ~Copyable {
    /// Nothing: the thread sanitizer reports a change of any stored property at the address where the properties begin,
    /// and others must not read there.
    private let start: UInt64 = 0
    /// Guards the shard. Locks of several shards are taken in ascending order.
    let lock = ShardLock()
    /// Written under the lock, read by anyone; relaxed: figures.
    let keyCount = Atomic<Int>(0)
    let expiringKeyCount = Atomic<Int>(0)
    let heldBytes = Atomic<Int>(0)

    var table = PointerTable()
    var deadlines = DeadlineIndex()
    var retired = RetireList()
    var dismantling = FieldTableGraveyard()

    /// What has not been reported to the budget yet.
    var unreportedBytes = 0
    var unreportedRetiredBytes = 0
    /// What the table, the deadline index and the retire list were last counted as.
    var countedStructureBytes = 0

    init() {}
}

extension StoreShard {
    /// Changes in the figures are reported to the budget from this many bytes on.
    static let reportingStep = 4096
}

extension Atomic<Int> {
    /// Changes a figure that only the holder of a lock changes: two plain accesses instead of a locked operation.
    @inline(__always)
    borrowing func addUnderLock(_ delta: Int) {
        store(load(ordering: .relaxed) &+ delta, ordering: .relaxed)
    }
}
