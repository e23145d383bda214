import Strata
import Synchronization

/// A key of a database that a client watches.
struct WatchedKey: Hashable {
    let database: Int
    let key: [UInt8]
}

/// Which clients have to be told that a key was changed, for `WATCH`.
///
/// A key is watched and touched under the lock of its shard, so that a change either comes before the client's look at the key or is noticed.
///
/// **Concurrency:** from any thread, holding the locks of the keys concerned.
final class WatchRegistry: Sendable {
    private let watchers = Locked<[WatchedKey: [Client]]>([:])
    private let keyCount = RelaxedInteger()
    private let clientCount = Atomic<Int>(0)
    /// How many watched keys have each value of ``filterIndex(_:)``: a change of a key that nobody watches costs one look.
    private let filter: CountingFilter

    init() {
        filter = CountingFilter()
    }

    /// Whether any key is watched.
    @inline(__always)
    var isInUse: Bool { keyCount.current > 0 }

    /// How many keys are watched.
    var watchedKeyCount: Int { keyCount.current }

    /// How many clients watch at least one key.
    var watchingClientCount: Int { clientCount.load(ordering: .relaxed) }  // relaxed: a figure to show

    /// Begins to watch a key for a client, which must not watch it already.
    func add(_ key: WatchedKey, for client: Client) {
        if client.watchedKeys.isEmpty { clientCount.wrappingAdd(1, ordering: .relaxed) }  // relaxed: as above
        client.watchedKeys.append(key)
        client.status.watchedKeys.set(client.watchedKeys.count)
        watchers.withLock { watchers in
            if watchers[key, default: []].isEmpty { key.key.withUnsafeBytes { filter.add($0) } }
            watchers[key, default: []].append(client)
            keyCount.set(watchers.count)
        }
    }

    /// Ends all watching of a client.
    func removeAll(of client: Client) {
        client.isDirty.store(false, ordering: .relaxed)  // relaxed: only the client's own event loop reads it
        client.status.set(.dirty, false)
        guard !client.watchedKeys.isEmpty else { return }
        clientCount.wrappingSubtract(1, ordering: .relaxed)  // relaxed: a figure to show
        watchers.withLock { watchers in
            for key in client.watchedKeys {
                watchers[key]?.removeAll { $0 === client }
                if watchers[key]?.isEmpty == true {
                    watchers[key] = nil
                    key.key.withUnsafeBytes { filter.remove($0) }
                }
            }
            keyCount.set(watchers.count)
        }
        client.watchedKeys = []
        client.status.watchedKeys.set(0)
        client.isDirty.store(false, ordering: .relaxed)  // relaxed: a change after the removal finds no watcher
    }

    /// Marks the clients that watch a key.
    func touch(_ key: Bytes, database: @autoclosure () -> Int) {
        guard filter.mayContain(key) else { return }
        let watched = WatchedKey(database: database(), key: Array(key))
        watchers.withLock { watchers in
            for client in watchers[watched] ?? [] { Self.mark(client) }
        }
    }

    /// Marks the clients that watch a key of one of two databases for which `condition` holds.
    func touchKeys(of first: Int, and second: Int, where condition: (WatchedKey) -> Bool) {
        guard isInUse else { return }
        let candidates = watchers.withLock { watchers in
            watchers.keys.filter { $0.database == first || $0.database == second }
        }
        let touched = candidates.filter(condition)
        watchers.withLock { watchers in
            for key in touched {
                for client in watchers[key] ?? [] { Self.mark(client) }
            }
        }
    }

    private static func mark(_ client: Client) {
        // relaxed: the lock of the key's shard orders this before the client's look at it in EXEC.
        client.isDirty.store(true, ordering: .relaxed)
    }
}
