/// A view of bytes that the callee may read during the call only.
package typealias Bytes = UnsafeRawBufferPointer

/// The limits up to which a hash is kept as one compact block; shared by stores and settable while they run.
public final class EncodingLimits: Sendable {
    /// The largest number of fields of a compact hash.
    public var maximumCompactFieldCount: Int { get { 128 } set { fatalError("stub") } }
    /// The largest length, in bytes, of a name or a value in a compact hash.
    public var maximumCompactValueLength: Int { get { 64 } set { fatalError("stub") } }
    /// Creates limits.
    public init(maximumCompactFieldCount: Int = 128, maximumCompactValueLength: Int = 64) {}
}

/// What may be removed when memory runs short, and by what measure.
public enum EvictionPolicy: String, Sendable, CaseIterable {
    case noEviction = "noeviction"
    case allKeysLRU = "allkeys-lru"
    case allKeysLFU = "allkeys-lfu"
    case allKeysRandom = "allkeys-random"
    case volatileLRU = "volatile-lru"
    case volatileLFU = "volatile-lfu"
    case volatileRandom = "volatile-random"
    case volatileTTL = "volatile-ttl"
}

/// The memory that one or more stores may use together.
public final class MemoryBudget: Sendable {
    /// The limit in bytes; 0 means no limit. Takes effect at once.
    public var maximumBytes: Int { get { 0 } set { fatalError("stub") } }
    /// What is removed when the limit is reached. Takes effect at once.
    public var policy: EvictionPolicy { get { .noEviction } set { fatalError("stub") } }
    /// The bytes held by all the stores that share the budget.
    public var usedBytes: Int { 0 }
    /// Creates a budget.
    public init(maximumBytes: Int = 0, policy: EvictionPolicy = .noEviction) {}
}

/// What happened to a key.
package enum KeyChange: Sendable { case written, removed, expired, evicted, fieldExpired }

/// Is told of every change of a key, under the lock of the key's shard.
package protocol HashStoreObserver: AnyObject, Sendable {
    /// Called once per changed key; must be quick and must not call the store.
    func keyChanged(_ key: Bytes, in store: HashStore, _ change: KeyChange)
}

/// A concurrent store of keys, each a string or a hash of fields, with deadlines.
public final class HashStore: @unchecked Sendable {
    /// How a store is laid out.
    public struct Configuration: Sendable {
        /// The number of shards, rounded up to a power of two.
        public var shardCount = 16
        /// The limits of the compact encoding.
        public var encoding = EncodingLimits()
        /// The key of the hash function; `nil` draws a random one.
        public var hashSeed: UInt64?
        /// Creates the default configuration.
        public init() {}
    }
    /// The longest value of a string or a field, in bytes; the caller enforces it.
    package static let maximumValueLength = 512 << 20

    /// The object told of changes; to be set once before use.
    package var observer: (any HashStoreObserver)? { get { fatalError("stub") } set { fatalError("stub") } }

    /// Creates an empty store.
    public init(configuration: Configuration = .init(), budget: MemoryBudget = MemoryBudget(), now: Int64) {}

    /// A key and its hash.
    package struct Key {
        package let bytes: Bytes
        package let hash: UInt64
    }
    /// Hashes a key for this store. Stores with the same `hashSeed` make interchangeable keys.
    package func key(_ bytes: Bytes) -> Key { fatalError("stub") }

    package var keyCount: Int { fatalError("stub") }
    package var expiringKeyCount: Int { fatalError("stub") }
    package var byteCount: Int { fatalError("stub") }

    package func read<R>(_ key: Key, now: Int64, _ body: (Entry?) throws -> R) rethrows -> R { fatalError("stub") }
    package func withExclusiveAccess<R>(to key: Key, now: Int64, _ body: (Access) throws -> R) rethrows -> R {
        fatalError("stub")
    }
    package func withExclusiveAccess<R>(to keys: [Key], now: Int64, _ body: (Access) throws -> R) rethrows -> R {
        fatalError("stub")
    }
    package func withExclusiveAccessToAll<R>(now: Int64, _ body: (Access) throws -> R) rethrows -> R {
        fatalError("stub")
    }
    package func lockAll() {}
    package func unlockAll() {}
    package func access(now: Int64) -> Access { fatalError("stub") }
    package func lock(_ key: Key) {}
    package func unlock(_ key: Key) {}
    package func lock(_ keys: [Key]) {}
    package func unlock(_ keys: [Key]) {}
    package func expire(now: Int64, limit: Int) -> Int { fatalError("stub") }
    package func maintain(now: Int64) {}
    package func evictIfNeeded(now: Int64) -> Bool { fatalError("stub") }
    package func scan(cursor: UInt64, limit: Int, now: Int64, _ body: (Bytes, Entry) -> Void) -> UInt64 {
        fatalError("stub")
    }
    package func randomKey(now: Int64) -> [UInt8]? { fatalError("stub") }
}

extension HashStore {
    /// The value and deadline of one field.
    package struct Field {
        package let value: Bytes
        package let deadline: Int64?
    }

    /// A view of one live entry; valid inside the pin or lock and until the key is changed.
    package struct Entry {
        package enum Kind: Sendable { case string, hash }
        package enum Encoding: Sendable { case integer, embedded, raw, compact, compactWithDeadlines, table }
        package var kind: Kind { fatalError("stub") }
        package var keyBytes: Bytes { fatalError("stub") }
        package var deadline: Int64? { fatalError("stub") }
        package var stringBytes: Bytes { fatalError("stub") }
        package var fieldCount: Int { fatalError("stub") }
        package func liveFieldCount(now: Int64) -> Int { fatalError("stub") }
        package func field(_ name: Bytes, now: Int64) -> Field? { fatalError("stub") }
        package func forEachField(
            now: Int64, _ body: (_ name: Bytes, _ value: Bytes, _ deadline: Int64?) -> Void
        ) { fatalError("stub") }
        package func scanFields(
            cursor: UInt64, limit: Int, now: Int64, _ body: (_ name: Bytes, _ value: Bytes) -> Void
        ) -> UInt64 { fatalError("stub") }
        package func randomField(
            now: Int64, using generator: inout some RandomNumberGenerator
        ) -> (name: Bytes, value: Bytes)? { fatalError("stub") }
        package var encoding: Encoding { fatalError("stub") }
        package var byteCount: Int { fatalError("stub") }
        package func idleMilliseconds(now: Int64) -> Int64 { fatalError("stub") }
        package func frequency(now: Int64) -> UInt8 { fatalError("stub") }
        /// Counts a read. Writes count themselves.
        package func touch(now: Int64) {}
    }

    /// What becomes of the deadline of something that is written.
    package enum DeadlineChange: Sendable { case keep, clear, set(Int64) }

    /// Proof that the shards involved are locked.
    package struct Access {
        package func entry(_ key: Key) -> Entry? { fatalError("stub") }
        @discardableResult package func remove(_ key: Key) -> Bool { fatalError("stub") }
        package func setString(_ key: Key, _ value: Bytes, deadline: DeadlineChange) { fatalError("stub") }
        @discardableResult package func append(_ key: Key, _ suffix: Bytes) -> Int { fatalError("stub") }
        @discardableResult package func overwrite(_ key: Key, at offset: Int, _ bytes: Bytes) -> Int {
            fatalError("stub")
        }
        @discardableResult package func setDeadline(_ key: Key, _ deadline: Int64?) -> Bool { fatalError("stub") }
        @discardableResult package func setFields(
            _ key: Key, count: Int, _ fieldAt: (Int) -> (name: Bytes, value: Bytes), deadline: DeadlineChange
        ) -> Int { fatalError("stub") }
        @discardableResult package func removeFields(
            _ key: Key, count: Int, _ nameAt: (Int) -> Bytes
        ) -> Int { fatalError("stub") }
        @discardableResult package func setFieldDeadline(
            _ key: Key, _ name: Bytes, _ deadline: Int64?
        ) -> Bool { fatalError("stub") }
        package func rename(_ source: Key, to destination: Key) { fatalError("stub") }
        package func copy(_ source: Key, to destination: Key, in other: Access) { fatalError("stub") }
        package func removeAll() { fatalError("stub") }
    }
}
