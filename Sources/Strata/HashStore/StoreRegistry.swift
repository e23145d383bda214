/// The stores that share a budget, and whose turn it is to give something up.
///
/// The references don't count: a store takes itself out when it goes away. (Weak ones would make every counted use of a
/// store slow.) The lock is held while room is made, so that a store that goes away waits, and that writers who need
/// memory wait for each other instead of all looking for victims.
final class StoreRegistry: @unchecked Sendable {
    // Sendable because: `rotation` and `engine` are touched only while `lock` is held.
    private let lock = ShardLock()
    private var rotation = Rotation()
    private var engine: AdaptiveEviction?

    /// Goes round all shards of all stores.
    struct Rotation {
        fileprivate var stores: [Unmanaged<HashStore>] = []
        fileprivate var largestShardCount = 1
        private var storeTurn = 0
        private var shardTurn = 0

        /// The number of shards of all stores.
        var shardCount: Int { stores.reduce(0) { $0 + $1._withUnsafeGuaranteedRef { $0.shardCount } } }

        /// The number of keys of all stores.
        var keyCount: Int { stores.reduce(0) { $0 + $1._withUnsafeGuaranteedRef { $0.keyCount } } }

        /// The next shard that holds something: all stores at one shard number, then the next shard number.
        mutating func next() -> (store: Unmanaged<HashStore>, shard: Int)? {
            for _ in 0...(stores.count * (largestShardCount + 1)) {
                if storeTurn >= stores.count {
                    storeTurn = 0
                    shardTurn = (shardTurn + 1) % largestShardCount
                }
                guard !stores.isEmpty else { return nil }
                let turn = storeTurn
                storeTurn += 1
                let shard = shardTurn
                let holdsKeys = stores[turn]._withUnsafeGuaranteedRef { store in
                    shard < store.shardCount && store.keyCount(ofShard: shard) > 0
                }
                if holdsKeys { return (stores[turn], shard) }
            }
            return nil
        }
    }

    /// Adds a store.
    func add(_ store: HashStore) {
        lock.withLock {
            rotation.stores.append(.passUnretained(store))
            rotation.largestShardCount = max(rotation.largestShardCount, store.shardCount)
        }
    }

    /// Takes a store out.
    ///
    /// Returns when nobody uses it any more.
    func remove(_ store: HashStore) {
        let address = Unmanaged.passUnretained(store).toOpaque()
        lock.withLock { rotation.stores.removeAll { $0.toOpaque() == address } }
    }

    /// Gives the caller the rotation and the engine of the adaptive policy, alone.
    ///
    /// - Parameters:
    ///   - log: What the engine learns from.
    ///   - body: Gets both.
    /// - Returns: What the closure returns.
    func withStores<Result>(
        learningFrom log: RequestLog, _ body: (inout Rotation, borrowing AdaptiveEviction) -> Result
    ) -> Result {
        lock.withLock {
            var engine = self.engine.take() ?? AdaptiveEviction(keyCount: rotation.keyCount, now: log.now)
            if engine.isOutgrown(by: rotation.keyCount) {
                engine = AdaptiveEviction(keyCount: rotation.keyCount, now: log.now)
            }
            log.mask = engine.sampleMask
            engine.learn(from: log)
            let result = body(&rotation, engine)
            self.engine = consume engine
            return result
        }
    }

    /// Gives the caller the rotation, alone.
    func withStores<Result>(_ body: (inout Rotation) -> Result) -> Result {
        lock.withLock { body(&rotation) }
    }
}
