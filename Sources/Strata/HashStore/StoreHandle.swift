/// What every write needs of its store, at one address.
///
/// A store's methods could be called through a reference to the store; but a reference that is copied counts, and
/// counting is an atomic operation on one word that all writers share. So writers follow plain pointers. The store owns
/// everything that is named here and outlives all writers, because whoever makes one holds a reference to it.
struct StoreCore {
    let shards: UnsafeMutablePointer<StoreShard>
    let shardCount: Int
    let hashKey: HashKey
    let limits: Unmanaged<EncodingLimits>
    let budget: Unmanaged<MemoryBudget>
    /// The budget's log of requests.
    let requests: RequestLog
    /// Set before the store is used by more than one thread.
    var observer: Unmanaged<ObserverBox>?
    /// The store itself, which does not keep itself alive.
    let owner: Unmanaged<HashStore>
}

/// A reference to a store that isn't counted: see `StoreCore`.
struct StoreHandle: Equatable {
    private let core: UnsafeMutablePointer<StoreCore>

    @inline(__always)
    init(_ core: UnsafeMutablePointer<StoreCore>) { self.core = core }

    /// The store, counted.
    var owner: HashStore { core.pointee.owner.takeUnretainedValue() }

    /// The key of the hash function.
    @inline(__always)
    var hashKey: HashKey { core.pointee.hashKey }

    /// Where requests are noted for the adaptive policy.
    @inline(__always)
    var requests: RequestLog { core.pointee.requests }

    @inline(__always)
    var shardCount: Int { core.pointee.shardCount }

    /// The limits of the compact encoding in force.
    @inline(__always)
    var limits: Limits { Limits(reference: core.pointee.limits) }

    /// The number of the shard of a hash.
    ///
    /// The table takes the fingerprint from the low byte and the place from the high bits.
    @inline(__always)
    func shardIndex(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 8) & (core.pointee.shardCount &- 1) }

    /// A writer for a shard whose lock the caller holds.
    @inline(__always)
    func writer(ofShard index: Int, now: Int64) -> StoreWriter {
        StoreWriter(store: self, shard: core.pointee.shards + index, now: now)
    }

    /// Tells the observer what has happened to a key.
    ///
    /// The caller holds the lock of the key's shard.
    @inline(__always)
    func notify(_ key: Bytes, _ change: KeyChange) {
        guard let observer = core.pointee.observer else { return }
        core.pointee.owner._withUnsafeGuaranteedRef { store in
            observer._withUnsafeGuaranteedRef { $0.observer.keyChanged(key, in: store, change) }
        }
    }

    /// Reports changes of memory to the budget.
    func report(used: Int, retired: Int) {
        core.pointee.budget._withUnsafeGuaranteedRef { $0.add(used: used, retired: retired) }
    }

    /// The limits of the compact encoding, read without counting a reference.
    struct Limits {
        fileprivate let reference: Unmanaged<EncodingLimits>

        @inline(__always)
        var effectiveFieldCount: Int { reference._withUnsafeGuaranteedRef { $0.effectiveFieldCount } }

        @inline(__always)
        var effectiveValueLength: Int { reference._withUnsafeGuaranteedRef { $0.effectiveValueLength } }
    }
}

/// Holds the observer in an immutable property, so that calling it counts no references.
final class ObserverBox: Sendable {
    let observer: any HashStoreObserver
    init(_ observer: any HashStoreObserver) { self.observer = observer }
}
