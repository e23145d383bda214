import Strata

/// Changes of whole databases, for handlers of `.all` commands: everything is locked.
extension CommandContext {
    /// Removes all keys of some databases, and tells whoever waits for changes.
    func removeAllKeys(ofDatabases numbers: Range<Int>) {
        let watches = server.keyWatcher.watches
        for number in numbers {
            watches.touchKeys(of: number, and: number) { exists($0, in: databases[number]) }
            databases[number].access(now: now).removeAll()
        }
        server.tracking.databasesFlushed(by: worker)
    }

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
