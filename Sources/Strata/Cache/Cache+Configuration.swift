extension Cache {
    /// What a cache is like, set before it is made.
    ///
    /// ```swift
    /// var configuration = Cache<String, Page>.Configuration(maximumWeight: 64 << 20) { _, page in
    ///     UInt32(clamping: page.size)
    /// }
    /// configuration.expireAfterWrite = .seconds(300)
    /// configuration.refreshAfterWrite = .seconds(60)
    /// let pages = Cache(configuration)
    /// ```
    public struct Configuration: Sendable {
        /// How many entries there may be; `nil` for no limit.
        ///
        /// Not together with ``maximumWeight``.
        public var maximumCount: Int?
        /// What the entries may weigh together; `nil` for no limit.
        ///
        /// Needs a ``weigher``.
        public var maximumWeight: UInt64?
        /// What an entry weighs; each weighs 1 without.
        ///
        /// Called once for every value that is put in, in ``Cache/update(_:_:)`` while the shard is locked. It must not use the cache.
        /// An entry that weighs nothing may still be evicted.
        public var weigher: (@Sendable (Key, Value) -> UInt32)?
        /// About how many entries a cache bounded by weight will hold; a wrong guess costs little.
        public var expectedCount: Int?
        /// How long an entry lives after it was put in or its value was replaced.
        public var expireAfterWrite: Duration?
        /// How long an entry lives after it was last asked for or written.
        public var expireAfterAccess: Duration?
        /// How long each entry lives, decided by its key and value.
        ///
        /// Not together with ``expireAfterWrite`` or ``expireAfterAccess``.
        public var expiry: Expiry?
        /// The age from which a value is stale: ``Cache/load(_:loader:)`` returns it at once and loads a new one behind the scenes.
        public var refreshAfterWrite: Duration?
        /// The time for all of these.
        public var clock = CacheClock.system
        /// Is told of every entry that has left the cache.
        ///
        /// Called on the thread whose write or maintenance took the entry out, after the shard was unlocked, so it may use the cache.
        /// Calls for one key from several threads can come out of order.
        public var removalListener: (@Sendable (Key, Value, RemovalCause) -> Void)?
        /// How many writers can work at the same time, rounded up to a power of two of at most 1 024.
        ///
        /// By default four per core, but only one for every 4 096 entries that the cache is expected to hold: the policy sees one
        /// shard at a time, and decides best about many entries.
        public var shardCount: Int?
        /// The secret of the hash function.
        ///
        /// Give one only to make a test repeatable.
        public var hashKey = HashKey()

        /// A cache without a limit.
        public init() {}

        /// A cache of so many entries.
        public init(maximumCount: Int) { self.maximumCount = maximumCount }

        /// A cache of entries that weigh so much together.
        public init(maximumWeight: UInt64, weigher: @escaping @Sendable (Key, Value) -> UInt32) {
            self.maximumWeight = maximumWeight
            self.weigher = weigher
        }
    }

    /// Decides how long each entry lives.
    ///
    /// Each function returns the lifetime from the moment of the call; `nil` means that the entry has no deadline, and a
    /// duration that isn't positive that it ends at once. They run while a shard is locked, or inside a read: they must be
    /// short and must not use the cache.
    public struct Expiry: Sendable {
        /// The lifetime of an entry whose key had none.
        public var afterCreate: @Sendable (Key, Value) -> Duration?
        /// The lifetime of an entry whose key has had another value, given what was left to that; return it to keep it.
        public var afterUpdate: @Sendable (Key, Value, _ remaining: Duration?) -> Duration?
        /// The lifetime after a read, given what is left; `nil` here, and reading changes nothing.
        public var afterRead: (@Sendable (Key, Value, _ remaining: Duration?) -> Duration?)?

        /// Three functions for the three occasions.
        public init(
            afterCreate: @escaping @Sendable (Key, Value) -> Duration?,
            afterUpdate: @escaping @Sendable (Key, Value, _ remaining: Duration?) -> Duration?,
            afterRead: (@Sendable (Key, Value, _ remaining: Duration?) -> Duration?)? = nil
        ) {
            self.afterCreate = afterCreate
            self.afterUpdate = afterUpdate
            self.afterRead = afterRead
        }

        /// A lifetime that begins with every write.
        public static func writing(_ lifetime: @escaping @Sendable (Key, Value) -> Duration?) -> Expiry {
            Expiry(afterCreate: lifetime, afterUpdate: { key, value, _ in lifetime(key, value) })
        }

        /// A lifetime that begins with every write and every read.
        public static func accessing(_ lifetime: @escaping @Sendable (Key, Value) -> Duration?) -> Expiry {
            Expiry(
                afterCreate: lifetime, afterUpdate: { key, value, _ in lifetime(key, value) },
                afterRead: { key, value, _ in lifetime(key, value) })
        }
    }
}

extension Cache.Configuration {
    /// Stops the program if settings contradict each other.
    func check() {
        precondition(maximumCount == nil || maximumWeight == nil, "give maximumCount or maximumWeight, not both")
        precondition(maximumWeight == nil || weigher != nil, "maximumWeight needs a weigher")
        precondition(maximumCount == nil || weigher == nil, "with maximumCount every entry weighs 1: no weigher")
        precondition(maximumCount ?? 0 >= 0, "maximumCount is negative")
        precondition(
            expiry == nil || expireAfterWrite == nil && expireAfterAccess == nil,
            "give expiry, or expireAfterWrite and expireAfterAccess")
    }

    /// What the entries may weigh.
    var bound: UInt64 { maximumWeight ?? maximumCount.map { UInt64($0) } ?? .max }

    /// About how many entries there will be; a guess where nobody says.
    ///
    /// A number that no machine has memory for, such as `Int.max`, means that there is no limit. For very many the policy is laid out
    /// anew when the cache is full; laying it out for them before they are there would take gigabytes.
    var likelyCount: Int {
        guard let stated = maximumCount ?? expectedCount, stated < 1 << 32 else { return 4096 }
        return min(max(stated, 1), 1 << 24)
    }

    /// The number of shards, a power of two.
    func shardCount(cores: Int) -> Int {
        let wished = shardCount ?? min(cores * 4, likelyCount / 4096)
        let count = min(max(wished, 1), 1 << 10)
        // Rounded up where somebody asked for it, down where entries per shard count.
        let up = 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount)
        return shardCount != nil || up == count ? up : up / 2
    }
}
