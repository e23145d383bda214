import Strata
import StrataRESP

/// `OBJECT`: how a value is stored and when it was last used.
enum ObjectCommands {
    /// `OBJECT` with its subcommands.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "object", arity: -2, flags: [], access: .none, group: .generic,
            summary: "Tells how a value is stored and used.", since: "2.2.3",
            subcommands: [
                subcommand("encoding", "Tells how a value is represented in memory.", "2.2.3", encoding),
                subcommand("freq", "Returns the counter of uses of a key, on a logarithmic scale.", "4.0.0", frequency),
                subcommand("idletime", "Returns the seconds since a key was last used.", "2.2.3", idleTime),
                subcommand("refcount", "Returns the number of references to a value.", "2.2.3", referenceCount),
                CommandSpecification(
                    "help", arity: 2, flags: [.loading, .stale], access: .none, group: .generic,
                    summary: "Describes the subcommands.", since: "6.2.0", handler: help),
            ],
            handler: { context throws(CommandError) in
                throw .unknownSubcommand(context.arguments[1], of: "object")
            })
    ]

    private static func subcommand(
        _ name: String, _ summary: String, _ since: String, _ handler: @escaping CommandSpecification.Handler
    ) -> CommandSpecification {
        CommandSpecification(
            name, arity: 3, flags: [.readOnly], firstKey: 2, lastKey: 2, keyStep: 1, access: .pinned,
            group: .generic, summary: summary, since: since, handler: handler)
    }

    static func encoding(_ context: CommandContext) throws(CommandError) {
        let limits = context.databases.encoding
        let key = context.key(2)
        var needsLock = false
        try context.read(key, touching: false) { entry in
            guard let entry else { return context.writer.null() }
            needsLock = entry.kind == .hash && entry.isTable
            if !needsLock { context.writer.bulk(entry.encoding.name) }
        }
        guard needsLock else { return }
        try context.withAccess(to: key) { access in
            guard let entry = access.entry(key) else { return context.writer.null() }
            context.writer.bulk(entry.nominalEncoding(limits).name)
        }
    }

    static func frequency(_ context: CommandContext) throws(CommandError) {
        try context.read(context.key(2), touching: false) { entry throws(CommandError) in
            guard let entry else { return context.writer.null() }
            guard context.databases.budget.policy.comparesFrequency else {
                throw CommandError(
                    "ERR An LFU maxmemory policy is not selected, access frequency not tracked. "
                        + "Please note that when switching between policies at runtime LRU and LFU data will take "
                        + "some time to adjust.")
            }
            context.writer.integer(Int(entry.frequency(now: context.now)))
        }
    }

    static func idleTime(_ context: CommandContext) throws(CommandError) {
        try context.read(context.key(2), touching: false) { entry throws(CommandError) in
            guard let entry else { return context.writer.null() }
            guard !context.databases.budget.policy.comparesFrequency else {
                throw CommandError(
                    "ERR An LFU maxmemory policy is selected, idle time not tracked. "
                        + "Please note that when switching between policies at runtime LRU and LFU data will take "
                        + "some time to adjust.")
            }
            context.writer.integer(entry.idleMilliseconds(now: context.now) / 1000)
        }
    }

    static func referenceCount(_ context: CommandContext) throws(CommandError) {
        try context.read(context.key(2), touching: false) { entry in
            guard let entry else { return context.writer.null() }
            // Redis keeps the integers below 10 000 as shared objects, and says so by this number, unless it has to
            // remember when each was used.
            let budget = context.databases.budget
            let mayShare = budget.maximumBytes == 0 || !budget.policy.comparesUse
            let isShared =
                mayShare && entry.kind == .string
                && DecimalInteger.parse(entry.stringBytes).map { (0..<10_000).contains($0) } ?? false
            context.writer.integer(isShared ? Int(Int32.max) : 1)
        }
    }

    static func help(_ context: CommandContext) throws(CommandError) {
        let lines = [
            "OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
            "ENCODING <key>",
            "    Tell how the value of a key is represented in memory.",
            "FREQ <key>",
            "    Return the counter of uses of a key, on a logarithmic scale.",
            "IDLETIME <key>",
            "    Return the seconds since a key was last used.",
            "REFCOUNT <key>",
            "    Return the number of references to the value of a key.",
            "HELP",
            "    Print this help.",
        ]
        context.writer.arrayHeader(lines.count)
        for line in lines { context.writer.simpleString(line) }
    }
}

extension HashStore.Entry.Encoding {
    /// The name that clients know the encoding by.
    var name: String {
        switch self {
        case .integer: "int"
        case .embedded: "embstr"
        case .raw: "raw"
        case .compact: "listpack"
        case .compactWithDeadlines: "listpackex"
        case .table: "hashtable"
        }
    }
}
