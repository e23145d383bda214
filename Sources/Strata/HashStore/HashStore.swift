import Synchronization

/// A concurrent store of keys, each a string or a hash of fields, with deadlines: what a Redis database is, in process.
///
/// ```swift
/// let store = HashStore()
/// store.set("user:1", ["name": "Ada", "visits": "1"])
/// try store.increment("user:1", "visits")
/// store["user:1", "name"]             // bytes of "Ada"
/// store.expire("user:1", after: .seconds(60))
/// ```
///
/// Keys are spread over shards by their hash. A shard is a hash table of pointers to blocks; a block holds a whole entry:
/// header, key, and a string or the fields of a small hash back to back. Reads take no lock: they pin the epoch, follow
/// one pointer and see the entry as it was at one moment. Writes lock one shard, build another block and publish it with
/// one store. Large hashes are nested tables, whose fields change one by one.
///
/// Memory is counted to the byte as the allocator sees it, reported to a ``MemoryBudget``, and freed when no reader can
/// look at it any more.
///
/// **Concurrency:** callable from any thread. Single reads never wait. Writes to keys of one shard wait for each other.
public final class HashStore: @unchecked Sendable {
    // Sendable because: the lets are immutable and what `shards` points to is guarded as StoreShard says;
    // `observerBox` is set once before the store is shared (documented at `observer`), and so is its copy in `core`.

    private let core: UnsafeMutablePointer<StoreCore>
    let shards: UnsafeMutablePointer<StoreShard>
    let shardCount: Int
    let hashKey: HashKey
    let limits: EncodingLimits
    let budget: MemoryBudget
    /// Where reads and writes of the library's calls are observed.
    let probe = OperationProbe()
    /// `nil` for the system's.
    let clock: (@Sendable () -> Int64)?
    private var observerBox: ObserverBox?
    /// The shard that `expire` goes on with.
    ///
    /// Relaxed: any value will do.
    let expiryTurn = Atomic<Int>(0)

    /// How a store is laid out.
    public struct Configuration: Sendable {
        /// The number of shards, rounded up to a power of two, at most 1024.
        ///
        /// More shards let more threads write at once and cost about 1 KiB each.
        public var shardCount = 16
        /// The limits of the compact encoding; may be shared with other stores.
        public var encoding = EncodingLimits()
        /// The seed of the hash function; `nil` draws a random one.
        ///
        /// Stores with the same seed make interchangeable keys. A seed that strangers can guess lets them craft
        /// colliding keys.
        public var hashSeed: UInt64?
        /// The monotonic clock in milliseconds that the calls without an explicit time read; `nil` for the system's.
        ///
        /// Of the system's, reads take the kernel's last timer tick, so that an entry may outlive its deadline by up to 4 ms.
        public var clock: (@Sendable () -> Int64)?

        /// The default configuration.
        public init() {}
    }

    /// The longest value of a string or a field, in bytes.
    ///
    /// Callers enforce it.
    public static let maximumValueLength = 512 << 20

    /// The most shards a store can have.
    static let maximumShardCount = 1024

    /// Creates an empty store.
    ///
    /// - Parameters:
    ///   - configuration: The layout.
    ///   - budget: The memory the store may use, perhaps with others.
    ///   - now: The current tick; `nil` reads the configuration's clock.
    public init(configuration: Configuration = .init(), budget: MemoryBudget = MemoryBudget(), now: Int64? = nil) {
        let wanted = min(max(configuration.shardCount, 1), Self.maximumShardCount)
        shardCount = 1 << (wanted - 1).bitWidth.advanced(by: -(wanted - 1).leadingZeroBitCount)
        hashKey = configuration.hashSeed.map { HashKey(seed: $0) } ?? HashKey()
        limits = configuration.encoding
        clock = configuration.clock
        self.budget = budget
        shards = .allocate(capacity: shardCount)
        core = .allocate(capacity: 1)
        core.initialize(
            to: StoreCore(
                shards: shards, shardCount: shardCount, hashKey: hashKey, limits: .passUnretained(limits),
                budget: .passUnretained(budget), requests: budget.requests, observer: nil, owner: .passUnretained(self))
        )
        for index in 0..<shardCount { (shards + index).initialize(to: StoreShard()) }
        for index in 0..<shardCount {
            let writer = writer(ofShard: index, now: 0)
            writer.countStructures()
            writer.report()
        }
        budget.registry.add(self)
    }

    deinit {
        // Nobody holds a reference, so nobody is inside, but for a thread that makes room: it holds the registry's lock.
        budget.registry.remove(self)
        for index in 0..<shardCount { writer(ofShard: index, now: 0).tearDown() }
        shards.deallocate()
        core.deallocate()
    }

    /// The store for writers.
    @inline(__always)
    var handle: StoreHandle { StoreHandle(core) }

    // MARK: Keys

    /// A key and its hash in this store.
    @usableFromInline
    package struct Key {
        /// The bytes of the key; the caller keeps them alive.
        package let bytes: Bytes
        /// The hash of the bytes.
        package let hash: UInt64

        @inline(__always)
        init(bytes: Bytes, hash: UInt64) {
            self.bytes = bytes
            self.hash = hash
        }
    }

    /// Hashes a key for this store.
    ///
    /// Stores with the same `hashSeed` make interchangeable keys.
    package func key(_ bytes: Bytes) -> Key { Key(bytes: bytes, hash: hashKey.hash(bytes)) }

    /// The current tick, for setting deadlines.
    @inline(__always)
    func now() -> Int64 { clock?() ?? WallClock.nowTicks() }

    /// The current tick or one shortly before it, for looking at deadlines.
    @inline(__always)
    func coarseNow() -> Int64 { clock?() ?? WallClock.coarseTicks() }

    /// The number of the shard of a hash.
    @inline(__always)
    func shardIndex(of hash: UInt64) -> Int { handle.shardIndex(of: hash) }

    /// A writer for a shard whose lock the caller holds.
    @inline(__always)
    func writer(ofShard index: Int, now: Int64) -> StoreWriter {
        handle.writer(ofShard: index, now: now)
    }

    // MARK: Observing

    /// The object told of changes.
    ///
    /// To be set before the store is used by more than one thread.
    package var observer: (any HashStoreObserver)? {
        get { observerBox?.observer }
        set {
            observerBox = newValue.map { ObserverBox($0) }
            core.pointee.observer = observerBox.map { .passUnretained($0) }
        }
    }

    // MARK: Figures

    /// The number of keys, expired ones that have not been collected included.
    ///
    /// - Complexity: O(shards). Other threads' writes are counted as they come.
    package var keyCount: Int { sum { $0.pointee.keyCount.load(ordering: .relaxed) } }

    /// The number of keys with a deadline of their own.
    package var expiringKeyCount: Int { sum { $0.pointee.expiringKeyCount.load(ordering: .relaxed) } }

    /// The number of hashes with at least one field that has a deadline.
    package var fieldExpiringKeyCount: Int { sum { $0.pointee.fieldExpiringKeyCount.load(ordering: .relaxed) } }

    /// The memory the store holds, in bytes.
    package var byteCount: Int { sum { $0.pointee.heldBytes.load(ordering: .relaxed) } }

    /// The number of keys of one shard.
    func keyCount(ofShard index: Int) -> Int { shards[index].keyCount.load(ordering: .relaxed) }

    private func sum(_ figure: (UnsafeMutablePointer<StoreShard>) -> Int) -> Int {
        var sum = 0
        for index in 0..<shardCount { sum += figure(shards + index) }
        return sum
    }
}

/// What happened to a key.
package enum KeyChange: Sendable {
    /// Created or changed, its deadline included.
    case written
    /// Removed by a command.
    case removed
    /// Removed because its deadline passed.
    case expired
    /// Removed to make room.
    case evicted
    /// Lost fields whose deadline passed, but still there.
    case fieldExpired
}

/// Is told of every change of a key, under the lock of the key's shard, when readers can see the change.
package protocol HashStoreObserver: AnyObject, Sendable {
    /// Called for each change of a key. Must be quick and must not call the store.
    ///
    /// - Parameters:
    ///   - key: The key's bytes, valid during the call.
    ///   - store: The key's store.
    ///   - change: What happened.
    func keyChanged(_ key: Bytes, in store: HashStore, _ change: KeyChange)
}
