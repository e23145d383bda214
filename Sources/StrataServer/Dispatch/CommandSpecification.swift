/// What a command is called, what it takes, what it may do and the function that carries it out.
struct CommandSpecification: Sendable {
    /// Properties that the dispatcher and `COMMAND` care for.
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt32

        /// May change data.
        static let write = Flags(rawValue: 1 << 0)
        /// Reads data and changes none.
        static let readOnly = Flags(rawValue: 1 << 1)
        /// Refused while the memory budget is exceeded.
        static let denyOOM = Flags(rawValue: 1 << 2)
        /// Takes constant or logarithmic time.
        static let fast = Flags(rawValue: 1 << 3)
        /// For operators.
        static let admin = Flags(rawValue: 1 << 4)
        /// Allowed before authentication.
        static let noAuth = Flags(rawValue: 1 << 5)
        /// Refused inside a transaction.
        static let noMulti = Flags(rawValue: 1 << 6)
        /// Answered even while the server isn't fully up.
        static let loading = Flags(rawValue: 1 << 7)
        /// Answered with data that may be old.
        static let stale = Flags(rawValue: 1 << 8)
        /// Part of publishing and subscribing.
        static let pubsub = Flags(rawValue: 1 << 9)
        /// Not allowed from a script.
        static let noScript = Flags(rawValue: 1 << 10)
        /// May wait.
        static let blocking = Flags(rawValue: 1 << 11)
        /// Not entered in the slow log, because its arguments may be secret.
        static let skipSlowLog = Flags(rawValue: 1 << 12)
        /// Not sent to monitors.
        static let skipMonitor = Flags(rawValue: 1 << 13)
        /// Finds its keys among its arguments in a way that first, last and step can't say.
        static let movableKeys = Flags(rawValue: 1 << 14)
        /// Looks harmless but may be dangerous on a large database.
        static let dangerous = Flags(rawValue: 1 << 15)
        /// Allowed to a client that has subscribed to something in RESP2.
        static let allowedWhileSubscribed = Flags(rawValue: 1 << 16)
        /// Carried out at once between `MULTI` and `EXEC`, not queued.
        static let runsInsideTransaction = Flags(rawValue: 1 << 17)
        /// Carries out the queued commands.
        static let executesTransaction = Flags(rawValue: 1 << 18)
        /// Doesn't end what `CLIENT CACHING` has begun.
        static let keepsCaching = Flags(rawValue: 1 << 19)
        /// Changes databases or looks at more than its keys, so that a transaction with it locks everything.
        static let needsEverythingInTransaction = Flags(rawValue: 1 << 20)
        /// Answered only if the server was started for tests.
        static let protected = Flags(rawValue: 1 << 21)
    }

    /// What the dispatcher locks before the handler runs.
    enum Access: Sendable {
        /// Nothing: the command touches no keys.
        case none
        /// Nothing: the handler reads with ``CommandContext/read(_:touching:_:)``, which needs no lock.
        case pinned
        /// The shards of the command's keys in the selected database.
        case exclusive
        /// Every shard of every database.
        case all
    }

    /// The chapter of the command reference that a command belongs to.
    enum Group: String, Sendable {
        case generic
        case string
        case hash
        case pubsub
        case transactions
        case connection
        case server
    }

    /// The function that carries a command out and writes its reply.
    typealias Handler = @Sendable (CommandContext) throws(CommandError) -> Void

    /// The name in lower case; of a subcommand, without its container.
    let name: String
    /// The number of arguments, the name (and of a subcommand its container) included; negative if that is the least.
    let arity: Int
    let flags: Flags
    /// The position of the first key; 0 if there is none.
    let firstKey: Int
    /// The position of the last key; negative values count from the end.
    let lastKey: Int
    /// The distance from one key to the next.
    let keyStep: Int
    let access: Access
    let group: Group
    /// One line for people.
    let summary: String
    /// The version of Redis in which the command first appeared.
    let since: String
    /// The commands of a container; its own handler is used when no subcommand is named.
    let subcommands: [CommandSpecification]
    let handler: Handler

    /// Creates the description of a command.
    init(
        _ name: String, arity: Int, flags: Flags, firstKey: Int = 0, lastKey: Int = 0, keyStep: Int = 0,
        access: Access = .none, group: Group, summary: String = "", since: String = "1.0.0",
        subcommands: [CommandSpecification] = [], handler: @escaping Handler
    ) {
        self.name = name
        self.arity = arity
        self.flags = flags
        self.firstKey = firstKey
        self.lastKey = lastKey
        self.keyStep = keyStep
        self.access = access
        self.group = group
        self.summary = summary
        self.since = since
        self.subcommands = subcommands
        self.handler = handler
    }
}

extension CommandSpecification {
    /// The positions of the keys in a request of `argumentCount` arguments; empty if the request is too short for its keys.
    func keyPositions(argumentCount: Int) -> StrideThrough<Int> {
        guard firstKey > 0 else { return stride(from: 1, through: 0, by: 1) }
        let last = lastKey < 0 ? argumentCount + lastKey : lastKey
        return stride(from: firstKey, through: min(last, argumentCount - 1), by: max(keyStep, 1))
    }

    /// Whether a request of so many arguments is acceptable.
    func accepts(argumentCount: Int) -> Bool {
        arity >= 0 ? argumentCount == arity : argumentCount >= -arity
    }
}
