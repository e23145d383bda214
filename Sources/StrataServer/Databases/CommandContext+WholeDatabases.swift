import Strata

/// Changes of whole databases, for handlers of `.all` commands: everything is locked.
extension CommandContext {
    /// Removes all keys of some databases, and tells whoever waits for changes.
    ///
    /// - Parameters:
    ///   - numbers: The databases.
    ///   - freeingAtOnce: Whether their memory is to be free when the command has ended; else maintenance frees it afterwards.
    func removeAllKeys(ofDatabases numbers: Range<Int>, freeingAtOnce: Bool) {
        let watches = server.keyWatcher.watches
        for number in numbers {
            watches.touchKeys(of: number, and: number) { exists($0, in: databases[number]) }
            databases[number].access(now: now).removeAll()
        }
        server.tracking.databasesFlushed(by: worker)
        if freeingAtOnce { hasFlushed = true }
    }

    /// Frees what a flush has removed, as far as readers have let go of it, so that the memory is there when the client is told; what takes
    /// longer than a client should wait is left to the maintenance.
    ///
    /// The caller holds no lock.
    func reclaimFlushed() {
        hasFlushed = false
        let end = MonotonicClock.nanoseconds() + Self.longestReclaim
        for store in server.databases.stores {
            while store.maintain(now: now), MonotonicClock.nanoseconds() < end {}
        }
    }

    /// In nanoseconds.
    private static let longestReclaim = 500_000_000

    /// Exchanges two databases, and tells whoever waits for changes.
    func swapDatabases(_ first: Int, _ second: Int) {
        guard first != second else { return }
        // A watched key has changed if it exists on either side, for its value there may be another.
        server.keyWatcher.watches.touchKeys(of: first, and: second) {
            exists($0, in: databases[first]) || exists($0, in: databases[second])
        }
        databases.swap(first, second)
        storeReference = databases.reference(database)
        if heldAccess != nil { heldAccess = store.access(now: now) }
        server.tracking.databasesFlushed(by: worker)
    }

    private func exists(_ watched: WatchedKey, in store: HashStore) -> Bool {
        watched.key.withUnsafeBytes { store.access(now: now).entry(store.key($0)) != nil }
    }
}
