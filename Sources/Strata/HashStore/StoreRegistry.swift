/// The stores that share a budget, and whose turn it is to give something up.
///
/// The references are weak: a store that goes away disappears from the list by itself. The lock is held while room is
/// made, so that writers who need memory wait for each other instead of all looking for victims.
final class StoreRegistry: @unchecked Sendable {
    // Sendable because: `stores`, `turn` and `shardTurn` are touched only while `lock` is held.
    private let lock = ShardLock()
    private var rotation = Rotation()

    fileprivate struct WeakStore {
        weak var store: HashStore?
    }

    /// Goes round all shards of all stores.
    struct Rotation {
        fileprivate var stores: [WeakStore] = []
        fileprivate var largestShardCount = 1
        private var storeTurn = 0
        private var shardTurn = 0

        /// The number of shards of all stores.
        var shardCount: Int { stores.reduce(0) { $0 + ($1.store?.shardCount ?? 0) } }

        /// The next shard that holds something: all stores at one shard number, then the next shard number.
        mutating func next() -> (store: HashStore, shard: Int)? {
            for _ in 0...(stores.count * (largestShardCount + 1)) {
                if storeTurn >= stores.count {
                    storeTurn = 0
                    shardTurn = (shardTurn + 1) % largestShardCount
                }
                guard !stores.isEmpty else { return nil }
                let turn = storeTurn
                storeTurn += 1
                if let store = stores[turn].store, shardTurn < store.shardCount, store.keyCount(ofShard: shardTurn) > 0 {
                    return (store, shardTurn)
                }
            }
            return nil
        }
    }

    /// Adds a store.
    func add(_ store: HashStore) {
        lock.withLock {
            rotation.stores.removeAll { $0.store == nil }
            rotation.stores.append(WeakStore(store: store))
            rotation.largestShardCount = max(rotation.largestShardCount, store.shardCount)
        }
    }

    /// Gives the caller the rotation, alone.
    func withStores<Result>(_ body: (inout Rotation) -> Result) -> Result {
        lock.withLock { body(&rotation) }
    }
}
