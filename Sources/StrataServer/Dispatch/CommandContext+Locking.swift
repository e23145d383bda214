import Strata
import StrataRESP

/// Locking on behalf of handlers; only the dispatcher and transactions call these.
///
/// A database's store can be exchanged (`SWAPDB`) until one of its locks is held, so each of these looks again afterwards.
extension CommandContext {
    /// Hashes the key at a position and locks its shard.
    @inline(__always)
    func lockSingleKey(_ position: Int) {
        if firstHashedKey != position {
            singleKey = storeReference._withUnsafeGuaranteedRef { $0.key(arguments[position]) }
            firstHashedKey = position
        }
        let key = singleKey
        while true {
            storeReference._withUnsafeGuaranteedRef { $0.lock(key) }
            let actual = server.databases.reference(client.database)
            if actual.toOpaque() == storeReference.toOpaque() { break }
            storeReference._withUnsafeGuaranteedRef { $0.unlock(key) }
            storeReference = actual
        }
        heldAccess = storeReference._withUnsafeGuaranteedRef { $0.access(now: now) }
    }

    /// Undoes ``lockSingleKey(_:)``.
    @inline(__always)
    func unlockSingleKey() {
        heldAccess = nil
        storeReference._withUnsafeGuaranteedRef { $0.unlock(singleKey) }
    }

    /// Hashes the keys of the request and locks their shards.
    func lockKeys(_ command: CommandReference) {
        hashedKeys.removeAll(keepingCapacity: true)
        for position in command.pointee.specification.keyPositions(argumentCount: arguments.count) {
            hashedKeys.append(storeReference._withUnsafeGuaranteedRef { $0.key(arguments[position]) })
        }
        firstHashedKey = command.pointee.firstKey
        hashedKeyStep = max(command.pointee.keyStep, 1)
        lockHashedKeys()
        hashedKeyCount = hashedKeys.count
        if hashedKeyCount > 0 { singleKey = hashedKeys[0] }
    }

    /// Locks the shards of ``hashedKeys`` in the selected database.
    func lockHashedKeys() {
        while true {
            store.lock(hashedKeys)
            let actual = server.databases.reference(client.database)
            if actual.toOpaque() == storeReference.toOpaque() { break }
            store.unlock(hashedKeys)
            storeReference = actual
        }
        heldAccess = store.access(now: now)
    }

    /// Undoes ``lockKeys(_:)`` and ``lockHashedKeys()``.
    func unlockKeys() {
        heldAccess = nil
        store.unlock(hashedKeys)
        hashedKeyCount = 0
    }

    /// Locks every shard of every database.
    func lockEverything() {
        server.databases.lockAll()
        storeReference = server.databases.reference(client.database)
        heldAccess = store.access(now: now)
    }

    /// Undoes ``lockEverything()``, and frees what a flush has removed meanwhile.
    func unlockEverything() {
        heldAccess = nil
        server.databases.unlockAll()
        if hasFlushed { reclaimFlushed() }
    }
}
