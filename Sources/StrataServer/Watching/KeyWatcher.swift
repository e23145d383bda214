import NIOPosix
import Strata
import Synchronization

/// Is told of every change in every database and passes it on to whoever waits for it: clients that watch keys, and clients that cache them.
final class KeyWatcher: HashStoreObserver {
    let watches = WatchRegistry()
    let tracking: TrackingTable
    // Figures to show; relaxed, because nothing depends on them.
    private let expiries = Atomic<Int>(0)
    private let fieldExpiries = Atomic<Int>(0)
    private let evictions = Atomic<Int>(0)
    /// The same by database; for keys that go by themselves, which is when there is time to find out which it is.
    private let removals = RemovalStatistics()
    /// Set once, before any store is used.
    ///
    /// The databases outlive their observer's last call; a weak reference would slow down every other.
    nonisolated(unsafe) private unowned(unsafe) var databases: Databases?

    private static let workerSlot = ThreadSpecificVariable<Worker>()

    init(clients: ClientRegistry) {
        tracking = TrackingTable(clients: clients)
    }

    /// Tells the observer whose changes it will see.
    func attach(to databases: Databases) {
        self.databases = databases
    }

    /// The event loop's share of the server that the current thread works for.
    static var currentWorker: Worker? {
        get { workerSlot.currentValue }
        set { workerSlot.currentValue = newValue }
    }

    /// How many keys have expired.
    var expiryCount: Int { expiries.load(ordering: .relaxed) }

    /// How many changes there were by the expiry of fields alone.
    var fieldExpiryCount: Int { fieldExpiries.load(ordering: .relaxed) }

    /// How many keys were evicted.
    var evictionCount: Int { evictions.load(ordering: .relaxed) }

    /// Sets the figures to zero.
    func resetStatistics() {
        expiries.store(0, ordering: .relaxed)
        fieldExpiries.store(0, ordering: .relaxed)
        evictions.store(0, ordering: .relaxed)
        removals.reset()
    }

    /// How many keys of a database have expired, lost fields by expiry, and were evicted.
    func removals(ofDatabase index: Int) -> (expired: Int, fieldExpired: Int, evicted: Int) {
        (removals[index, .expired], removals[index, .fieldExpired], removals[index, .evicted])
    }

    func keyChanged(_ key: Bytes, in store: HashStore, _ change: KeyChange) {
        switch change {
        case .written, .removed: break
        case .expired: expiries.wrappingAdd(1, ordering: .relaxed)
        case .fieldExpired: fieldExpiries.wrappingAdd(1, ordering: .relaxed)
        case .evicted: evictions.wrappingAdd(1, ordering: .relaxed)
        }
        switch change {
        case .written, .removed: break
        case .expired, .fieldExpired, .evicted: removals.count(change, database: databases?.index(of: store) ?? 0)
        }
        if watches.isInUse {
            watches.touch(key, database: databases?.index(of: store) ?? 0)
        }
        if tracking.isInUse {
            tracking.keyChanged(key, by: Self.currentWorker)
        }
    }
}
