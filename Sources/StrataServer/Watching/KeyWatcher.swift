import NIOPosix
import Strata

/// Is told of every change in every database and passes it on to whoever waits for it: clients that watch keys, and clients that cache them.
final class KeyWatcher: HashStoreObserver {
    let watches = WatchRegistry()
    let tracking: TrackingTable
    /// Set once, before any store is used.
    nonisolated(unsafe) private weak var databases: Databases?

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

    func keyChanged(_ key: Bytes, in store: HashStore, _ change: KeyChange) {
        if watches.isInUse {
            watches.touch(key, database: databases?.index(of: store) ?? 0)
        }
        if tracking.isInUse {
            tracking.keyChanged(key, by: Self.currentWorker)
        }
    }
}
