import CStrata
import Synchronization

/// One shard of a store: a table of entry blocks and what belongs to it, at a fixed address.
///
/// Invariants:
/// - I1. Everything but `lock` and the atomic figures is touched only while `lock` is held, except that readers probe
///   `table` under a pin.
/// - I2. `heldBytes` counts every block, table, heap and list of the shard from its allocation to its deallocation.
///
/// The order of the properties matters twice. The first one is for the holder of the lock alone: the thread sanitizer
/// takes a change of any property for an access to the shard's first word. And `table`, which every reader loads, has
/// nothing next to it that writers write, so that readers on other cores keep its line.
struct StoreShard: ~Copyable {
    /// What has not been reported to the budget yet.
    var unreportedBytes = 0
    var unreportedRetiredBytes = 0
    /// What the table, the deadline index and the retire list were last counted as.
    var countedStructureBytes = 0
    var deadlines = DeadlineIndex()
    var retired = RetireList()
    var dismantling = FieldTableGraveyard()
    /// What the adaptive policy remembers of evicted keys; `nil` before the first eviction.
    var ghosts: GhostTable?
    /// Keys taken in since the reuse clock was moved on.
    var insertionsSinceTick = 0

    /// Guards the shard.
    ///
    /// Locks of several shards are taken in ascending order.
    let lock = ShardLock()
    /// Written under the lock, read by anyone; relaxed: figures.
    let keyCount = Atomic<Int>(0)
    let expiringKeyCount = Atomic<Int>(0)
    /// The number of hashes with at least one field that has a deadline.
    let fieldExpiringKeyCount = Atomic<Int>(0)
    let heldBytes = Atomic<Int>(0)

    private let lineBefore = CacheLine()
    let table = PointerTable()
    private let lineBehind = CacheLine()

    init() {}
}

/// Nothing, for the length of a cache line.
private struct CacheLine {
    private let words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
}

extension StoreShard {
    /// Changes in the figures are reported to the budget from this many bytes on.
    static let reportingStep = 4096
}
