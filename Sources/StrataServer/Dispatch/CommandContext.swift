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
    /// Where the reply goes. A reply consists of exactly one value; a handler that throws must not have written anything.
    let writer: RESPWriter
    /// Who sent the request.
    var client: Client
    /// The request; the first argument is the command's name.
    var arguments = RESPArguments.none
    /// The time in ticks, read once for all requests that arrived together.
    var now: Int64 = 0
    /// The store of the selected database.
    var store: HashStore

    /// Set while the dispatcher holds locks for the command.
    var heldAccess: HashStore.Access?
    /// The keys at the positions the specification names, hashed; filled by the dispatcher for `.exclusive` commands.
    var hashedKeys: [Key] = []
    /// The position of the first of `hashedKeys`, and the distance to the next.
    var firstHashedKey = 0
    var hashedKeyStep = 1

    /// Creates a context for the clients of one event loop.
    init(server: ServerState, client: Client) {
        self.server = server
        self.client = client
        self.writer = RESPWriter()
        self.store = server.databases[0]
    }

    deinit {
        writer.deallocate()
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
    func key(_ index: Int) -> Key {
        let position = index - firstHashedKey
        if position >= 0, position % hashedKeyStep == 0, position / hashedKeyStep < hashedKeys.count {
            return hashedKeys[position / hashedKeyStep]
        }
        return store.key(arguments[index])
    }

    /// Looks a key up and passes what is there, or `nil`, to `body`, which may look at it but must not keep it.
    ///
    /// Needs no lock. Inside a transaction it sees what the transaction has written. Counts as a hit or a miss.
    ///
    /// - Parameters:
    ///   - key: the key, from ``key(_:)``.
    ///   - touching: whether the key counts as used, for eviction.
    ///   - body: writes the reply.
    func read(
        _ key: Key, touching: Bool = true, _ body: (Entry?) throws(CommandError) -> Void
    ) throws(CommandError) {
        if let heldAccess {
            let entry = heldAccess.entry(key)
            if touching, let entry { entry.touch(now: now) }
            return try body(entry)
        }
        var failure: CommandError?
        store.read(key, now: now) { entry in
            if touching, let entry { entry.touch(now: now) }
            do throws(CommandError) {
                try body(entry)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
