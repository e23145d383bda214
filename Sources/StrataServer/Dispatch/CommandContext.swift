import Strata
import StrataRESP

/// Everything a command's handler sees: the request, where the reply goes, and the data.
///
/// One per event loop, reused for every command of every client there. A handler must not keep it, nor any view of the arguments.
/// Handlers never lock: what the command's specification says under ``CommandSpecification/access`` is locked when they run.
final class CommandContext {
    typealias Key = HashStore.Key
    typealias Entry = HashStore.Entry

    /// The server's shared state.
    let server: ServerState
    /// Where the reply goes.
    ///
    /// A reply consists of exactly one value; what a handler that throws has written is discarded.
    let writer: RESPWriter
    /// Set before any handler runs; the connection keeps the client alive meanwhile.
    var clientReference: Unmanaged<Client>?
    /// Set right after the context is created, by the worker that owns it.
    var workerReference: Unmanaged<Worker>?
    /// The request; the first argument is the command's name.
    var arguments = RESPArguments.none
    /// The time in ticks, read once for all requests that arrived together.
    var now: Int64 = 0

    /// The store of the selected database.
    ///
    /// The server's databases keep it alive.
    var storeReference: Unmanaged<HashStore>
    /// Set while the dispatcher holds locks for the command.
    var heldAccess: HashStore.Access?
    /// Whether a command has emptied databases whose memory is to be freed once the locks are released.
    var hasFlushed = false
    /// Whether every shard of every database is locked.
    var holdsEverything = false

    /// The request's first key, hashed, and its position; 0 if it isn't hashed.
    var singleKey = Key.none
    var firstHashedKey = 0
    /// All keys of the request, while they are locked, and the distance from one to the next.
    var hashedKeys: [Key] = []
    var hashedKeyCount = 0
    var hashedKeyStep = 1

    /// Creates a context for the clients of one event loop.
    init(server: ServerState) {
        self.server = server
        writer = RESPWriter(capacity: 32 << 10)
        storeReference = server.databases.reference(0)
    }

    deinit {
        writer.deallocate()
    }

    /// Who sent the request.
    @inline(__always)
    var client: Client {
        clientReference.unsafelyUnwrapped._withUnsafeGuaranteedRef { $0 }
    }

    /// The event loop's share of the server.
    @inline(__always)
    var worker: Worker {
        workerReference.unsafelyUnwrapped._withUnsafeGuaranteedRef { $0 }
    }

    /// The store of the selected database.
    var store: HashStore {
        storeReference._withUnsafeGuaranteedRef { $0 }
    }

    /// All databases.
    var databases: Databases { server.databases }

    /// The number of the selected database.
    var database: Int { client.database }

    /// The data, changeable; for handlers of `.exclusive` and `.all` commands.
    var access: HashStore.Access {
        guard let heldAccess else { preconditionFailure("the command's specification asks for no lock") }
        return heldAccess
    }

    /// The data of another database, changeable; for handlers of `.all` commands.
    func access(toDatabase index: Int) -> HashStore.Access {
        precondition(heldAccess != nil, "the command's specification asks for no lock")
        return databases[index].access(now: now)
    }

    /// The argument at `index` as a key.
    @inline(__always)
    func key(_ index: Int) -> Key {
        index == firstHashedKey && index > 0 ? singleKey : hashedKey(index)
    }

    private func hashedKey(_ index: Int) -> Key {
        let position = index - firstHashedKey
        if hashedKeyCount > 0, position >= 0, position % hashedKeyStep == 0, position / hashedKeyStep < hashedKeyCount {
            return hashedKeys[position / hashedKeyStep]
        }
        return storeReference._withUnsafeGuaranteedRef { $0.key(arguments[index]) }
    }

    /// Looks a key up and passes what is there, or `nil`, to `body`, which may look at it but must not keep it.
    ///
    /// Needs no lock. Inside a transaction it sees what the transaction has written. Counts as a hit or a miss.
    ///
    /// - Parameters:
    ///   - key: the key, from ``key(_:)``.
    ///   - touching: whether the key counts as used, for eviction; not if the client has asked that its reads don't count.
    ///   - body: writes the reply.
    /// - Throws: What `body` throws.
    @inline(__always)
    func read(
        _ key: Key, touching: Bool = true, _ body: (Entry?) throws(CommandError) -> Void
    ) throws(CommandError) {
        if let heldAccess {
            let entry = heldAccess.entry(key)
            count(entry, of: key, touching: touching)
            return try body(entry)
        }
        var failure: CommandError?
        storeReference._withUnsafeGuaranteedRef {
            $0.read(key, now: now) { entry in
                count(entry, of: key, touching: touching)
                do throws(CommandError) {
                    try body(entry)
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
    }

    @inline(__always)
    private func count(_ entry: Entry?, of key: Key, touching: Bool) {
        let lookups = worker.statistics.keyspaces[client.database]
        guard let entry else { return lookups.pointee.misses.add(1) }
        lookups.pointee.hits.add(1)
        if touching, !client.isNoTouch {
            storeReference._withUnsafeGuaranteedRef { $0.recordRead(entry, of: key, now: now) }
        }
    }
}
