import Strata
import StrataRESP

/// `CLIENT` and its subcommands.
enum ClientCommands {
    static let flags: CommandSpecification.Flags = [.noScript, .loading, .stale, .keepsCaching]

    /// `CLIENT` with everything it contains.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "client", arity: -2, flags: [.keepsCaching], group: .connection, summary: "Commands on clients.",
            since: "2.4.0",
            subcommands: identity + others + modes + tracking + [help], handler: HelpText.missingSubcommand)
    ]

    /// Describes a subcommand.
    static func subcommand(
        _ name: String, arity: Int, _ additional: CommandSpecification.Flags = [], since: String, _ summary: String,
        _ handler: @escaping CommandSpecification.Handler
    ) -> CommandSpecification {
        CommandSpecification(
            name, arity: arity, flags: flags.union(additional), group: .connection, summary: summary, since: since,
            handler: handler)
    }

    private static let identity: [CommandSpecification] = [
        subcommand("id", arity: 2, since: "5.0.0", "Returns the client's number.") {
            $0.writer.integer(Int($0.client.identifier))
        },
        subcommand("getname", arity: 2, since: "2.6.9", "Returns the name the client gave itself.") { context in
            let name = context.client.labels.withLock { $0.name }
            if name.isEmpty { context.writer.null() } else { context.writer.bulk(name) }
        },
        subcommand("setname", arity: 3, since: "2.6.9", "Gives the client a name.", setName),
        subcommand("setinfo", arity: 4, since: "7.2.0", "Tells which library the client uses.", setInfo),
        subcommand("info", arity: 2, since: "6.2.0", "Describes the client.") { context in
            context.writer.verbatim(
                ClientDescription.line(context.client, now: context.now, commands: context.server.commands) + "\n")
        },
    ]

    private static let others: [CommandSpecification] = [
        subcommand("list", arity: -2, [.admin, .dangerous], since: "2.4.0", "Describes the connected clients.", list),
        subcommand("kill", arity: -3, [.admin, .dangerous], since: "2.4.0", "Closes connections.", kill),
        subcommand(
            "pause", arity: -3, [.admin, .dangerous], since: "3.0.0", "Suspends clients for some time.", pause),
        subcommand("unpause", arity: 2, [.admin, .dangerous], since: "6.2.0", "Lets suspended clients go on.") {
            context in
            context.server.endPause()
            context.writer.ok()
        },
        subcommand(
            "unblock", arity: -3, [.admin, .dangerous], since: "5.0.0",
            "Ends a client's waiting for a blocking command."
        ) { context throws(CommandError) in
            guard context.arguments.count <= 4 else { throw .syntax }
            if context.arguments.count == 4, !context.argument(3, is: "TIMEOUT"), !context.argument(3, is: "ERROR") {
                throw CommandError("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR")
            }
            _ = try context.integer(2)
            // No command of this server waits for data.
            context.writer.integer(0)
        },
    ]

    private static let help = HelpText.command(
        "client", group: .connection,
        [
            ("CACHING (YES|NO)", "Remember or skip the keys that the next command reads."),
            ("GETNAME", "Return the name of this connection."),
            ("GETREDIR", "Return the client that invalidations are sent to."),
            ("ID", "Return the number of this connection."),
            ("INFO", "Describe this connection."),
            ("KILL <ip:port>", "Close the connection from an address."),
            (
                "KILL <option> <value> [<option> <value> [...]]",
                "Close the connections that match ADDR, LADDR, TYPE, USER, ID, MAXAGE."
            ),
            ("LIST [TYPE <type>] [ID <id> [...]]", "Describe connections."),
            ("NO-EVICT (ON|OFF)", "Exempt this connection from eviction."),
            ("NO-TOUCH (ON|OFF)", "Leave age and frequency of keys alone when this connection reads them."),
            ("PAUSE <timeout> [WRITE|ALL]", "Suspend clients for some milliseconds."),
            ("REPLY (ON|OFF|SKIP)", "Choose which replies are sent."),
            ("SETINFO <option> <value>", "Set LIB-NAME or LIB-VER."),
            ("SETNAME <name>", "Name this connection."),
            ("TRACKING (ON|OFF) [<option> ...]", "Have changes of keys reported to this connection."),
            ("TRACKINGINFO", "Tell how keys are tracked for this connection."),
            ("UNBLOCK <id> [TIMEOUT|ERROR]", "End a client's waiting."),
            ("UNPAUSE", "Let suspended clients go on."),
        ])

    private static func setName(_ context: CommandContext) throws(CommandError) {
        guard ClientLabels.isValid(context.arguments[2]) else { throw ClientLabels.invalidName }
        context.client.labels.withLock { $0.name = Array(context.arguments[2]) }
        context.writer.ok()
    }

    private static func setInfo(_ context: CommandContext) throws(CommandError) {
        let value = context.arguments[3]
        let isName = context.argument(2, is: "LIB-NAME")
        guard isName || context.argument(2, is: "LIB-VER") else {
            throw CommandError("ERR Unrecognized option '\(String(decoding: context.arguments[2], as: UTF8.self))'")
        }
        guard ClientLabels.isValid(value) else {
            let option = isName ? "lib-name" : "lib-ver"
            throw CommandError("ERR \(option) cannot contain spaces, newlines or special characters.")
        }
        context.client.labels.withLock { labels in
            if isName { labels.libraryName = Array(value) } else { labels.libraryVersion = Array(value) }
        }
        context.writer.ok()
    }

    private static func list(_ context: CommandContext) throws(CommandError) {
        var clients: [Client]
        if context.arguments.count == 4, context.argument(2, is: "TYPE") {
            let kind = try ClientKind(context.arguments[3])
            clients = context.server.clients.all().filter { kind.includes($0) }
        } else if context.arguments.count > 3, context.argument(2, is: "ID") {
            clients = []
            for index in 3..<context.arguments.count {
                guard let number = DecimalInteger.parse(context.arguments[index]) else {
                    throw CommandError("ERR Invalid client ID")
                }
                if number > 0, let client = context.server.clients.find(UInt64(number)) { clients.append(client) }
            }
        } else if context.arguments.count == 2 {
            clients = context.server.clients.all()
        } else {
            throw .syntax
        }
        let lines = clients.map {
            ClientDescription.line($0, now: context.now, commands: context.server.commands) + "\n"
        }
        context.writer.verbatim(lines.joined())
    }

    private static func pause(_ context: CommandContext) throws(CommandError) {
        guard context.arguments.count <= 4 else { throw .syntax }
        var holdsReads = true
        if context.arguments.count == 4 {
            holdsReads = context.argument(3, is: "ALL")
            guard holdsReads || context.argument(3, is: "WRITE") else {
                throw CommandError("ERR CLIENT PAUSE mode must be WRITE or ALL")
            }
        }
        guard let timeout = DecimalInteger.parse(context.arguments[2]) else {
            throw CommandError("ERR timeout is not an integer or out of range")
        }
        guard timeout >= 0 else { throw CommandError("ERR timeout is negative") }
        let (end, overflow) = context.now.addingReportingOverflow(timeout)
        guard !overflow else { throw CommandError("ERR timeout is out of range") }
        context.server.beginPause(until: end, holdsReads: holdsReads)
        context.writer.ok()
    }
}

/// The classes that clients are divided into by `CLIENT LIST` and `CLIENT KILL`.
enum ClientKind {
    case normal
    case subscriber
    /// Clients that don't exist here: masters and replicas.
    case none

    init(_ name: UnsafeRawBufferPointer) throws(CommandError) {
        if name.spells("NORMAL") {
            self = .normal
        } else if name.spells("PUBSUB") {
            self = .subscriber
        } else if name.spells("REPLICA") || name.spells("SLAVE") || name.spells("MASTER") {
            self = .none
        } else {
            throw CommandError("ERR Unknown client type '\(String(decoding: name, as: UTF8.self))'")
        }
    }

    /// Whether a client is of the class.
    func includes(_ client: Client) -> Bool {
        switch self {
        case .normal: !client.status.contains(.subscriber)
        case .subscriber: client.status.contains(.subscriber)
        case .none: false
        }
    }
}
