import Strata
import StrataRESP

/// Requests of one client that arrived together, between being parsed and being carried out.
///
/// Looking up keys one after another waits for memory each time. In a batch the places of all keys are asked for first: the groups of
/// the hash table, then the entries they point to. When the first request is carried out, most of what the others need has arrived.
///
/// One per event loop, reused.
final class RequestBatch {
    /// One request.
    struct Entry {
        /// The request in the parser.
        var request: RESPRequestParser.Request
        /// Where it begins in the bytes received, and how many bytes it takes.
        var offset: Int
        var length: Int
        /// Where its arguments are, if not among the bytes received.
        var inlineBase: UnsafeRawPointer?
        /// The command it names, if there is such a command; a container's subcommand is still to be found.
        var command: CommandReference?
        /// The command's first key, hashed, and its position; meaningful if the position isn't 0.
        var key: HashStore.Key
        var keyPosition: Int

        /// A request of which only the command is known.
        static func single(_ command: CommandReference?) -> Entry {
            Entry(
                request: .none, offset: 0, length: 0, inlineBase: nil, command: command, key: HashStore.Key.none,
                keyPosition: 0)
        }

        /// Where the slices of the arguments count from.
        @inline(__always)
        func base(_ bytes: UnsafeRawPointer) -> UnsafeRawPointer {
            inlineBase ?? bytes + offset
        }
    }

    /// The most requests of a batch: about as many cache misses as a processor core has under way at once.
    static let capacity = 16

    private let entries: UnsafeMutablePointer<Entry>
    private(set) var count = 0
    /// The offset behind the last request.
    private(set) var end = 0

    init() {
        entries = .allocate(capacity: Self.capacity)
    }

    deinit {
        entries.deallocate()
    }

    /// Forgets all requests.
    @inline(__always)
    func begin(at offset: Int) {
        count = 0
        end = offset
    }

    /// Adds a request that begins where the last one ended.
    @inline(__always)
    func append(_ request: RESPRequestParser.Request, length: Int, inlineBase: UnsafeRawPointer?) {
        (entries + count).initialize(
            to: Entry(
                request: request, offset: end, length: length, inlineBase: inlineBase, command: nil,
                key: HashStore.Key.none, keyPosition: 0
            ))
        count += 1
        end += length
    }

    /// The request at a position; valid until the next batch.
    @inline(__always)
    subscript(index: Int) -> UnsafeMutablePointer<Entry> {
        entries + index
    }

    /// Finds the commands, hashes the keys and asks for their places in the store's table.
    @inline(__always)
    func lookUp(
        _ context: CommandContext, _ parser: borrowing RESPRequestParser, _ bytes: UnsafeRawPointer, for client: Client
    ) {
        let store = context.databases.reference(client.database)
        store._withUnsafeGuaranteedRef { store in
            // Pinned: the tables are looked at to know what to ask for.
            let pin = Epoch.pin()
            for index in 0..<count {
                let entry = entries + index
                let arguments = parser.arguments(of: entry.pointee.request, in: entry.pointee.base(bytes))
                guard let command = context.server.commands.find(arguments[0]) else { continue }
                entry.pointee.command = command
                let position = command.pointee.firstKey
                guard position > 0, position < arguments.count else { continue }
                entry.pointee.keyPosition = position
                entry.pointee.key = store.key(arguments[position])
                store.prefetchPlace(ofHash: entry.pointee.key.hash)
            }
            pin.end()
        }
    }

    /// Asks for the entries of the keys, when their places have arrived; worth it if several requests are looked ahead at.
    @inline(__always)
    func prefetchEntries(_ context: CommandContext, of client: Client) {
        let store = context.databases.reference(client.database)
        store._withUnsafeGuaranteedRef { store in
            let pin = Epoch.pin()
            for index in 0..<count where entries[index].keyPosition > 0 {
                store.prefetchEntry(ofHash: entries[index].key.hash)
            }
            pin.end()
        }
    }
}
