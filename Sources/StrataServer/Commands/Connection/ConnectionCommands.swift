import Strata
import StrataRESP

/// Commands on the connection itself.
enum ConnectionCommands {
    private static let always: CommandSpecification.Flags = [.fast, .loading, .stale, .noScript]

    /// `PING`, `ECHO`, `AUTH`, `HELLO`, `QUIT`, `RESET`, `SELECT`.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "ping", arity: -1, flags: [.fast, .allowedWhileSubscribed], group: .connection,
            summary: "Answers, with the argument if there is one.", handler: ping),
        CommandSpecification(
            "echo", arity: 2, flags: [.fast, .loading, .stale], group: .connection, summary: "Returns the argument."
        ) { $0.writer.bulk($0.arguments[1]) },
        CommandSpecification(
            "auth", arity: -2, flags: always.union([.noAuth, .skipSlowLog]), group: .connection,
            summary: "Authenticates the connection.", handler: auth),
        CommandSpecification(
            "hello", arity: -1, flags: always.union(.noAuth), group: .connection,
            summary: "Chooses the protocol's version and tells about the server.", since: "6.0.0", handler: hello),
        CommandSpecification(
            "quit", arity: -1, flags: always.union([.noAuth, .allowedWhileSubscribed, .runsInsideTransaction]),
            group: .connection, summary: "Closes the connection."
        ) { context in
            context.writer.ok()
            context.client.closeAfterReply()
        },
        CommandSpecification(
            "reset", arity: 1, flags: always.union([.noAuth, .allowedWhileSubscribed, .runsInsideTransaction]),
            group: .connection, summary: "Brings the connection back to the state in which it was opened.",
            since: "6.2.0", handler: reset),
        CommandSpecification(
            "select", arity: 2, flags: [.fast, .loading, .stale, .needsEverythingInTransaction], group: .connection,
            summary: "Changes the selected database.", handler: select),
    ]

    static func ping(_ context: CommandContext) throws(CommandError) {
        guard context.arguments.count <= 2 else { throw .wrongArity("ping") }
        if context.client.gate.contains(.subscribed) {
            context.writer.arrayHeader(2)
            context.writer.bulk("pong")
            if context.arguments.count == 2 {
                context.writer.bulk(context.arguments[1])
            } else {
                context.writer.bulk("")
            }
        } else if context.arguments.count == 2 {
            context.writer.bulk(context.arguments[1])
        } else {
            context.writer.raw("+PONG\r\n")
        }
    }

    static func select(_ context: CommandContext) throws(CommandError) {
        context.select(try context.databaseNumber(1))
        context.writer.ok()
    }

    static func auth(_ context: CommandContext) throws(CommandError) {
        guard context.arguments.count <= 3 else { throw .syntax }
        if context.arguments.count == 2 {
            guard context.server.passwords.isRequired else {
                throw CommandError(
                    "ERR AUTH <password> called without any password configured for the default user. "
                        + "Are you sure your configuration is correct?")
            }
            try authenticate(context, user: nil, password: context.arguments[1])
        } else {
            try authenticate(context, user: context.arguments[1], password: context.arguments[2])
        }
        context.writer.ok()
    }

    /// Lets the client in if user and password are right.
    private static func authenticate(
        _ context: CommandContext, user: UnsafeRawBufferPointer?, password: UnsafeRawBufferPointer
    ) throws(CommandError) {
        let isKnown = user.map { String(decoding: $0, as: UTF8.self) == "default" } ?? true
        // The password is compared in any case, so that the time tells nothing about the user's name.
        guard context.server.passwords.matches(password) && isKnown else {
            throw CommandError("WRONGPASS invalid username-password pair or user is disabled.")
        }
        context.client.gate.remove(.unauthenticated)
        context.client.parser.isUnauthenticated = false
        context.client.status.set(.authenticated, true)
    }

    static func hello(_ context: CommandContext) throws(CommandError) {
        let client = context.client
        var version: Int?
        var options: (user: UnsafeRawBufferPointer, password: UnsafeRawBufferPointer)?
        var name: UnsafeRawBufferPointer?
        if context.arguments.count > 1 {
            guard let number = DecimalInteger.parse(context.arguments[1]) else {
                throw CommandError("ERR Protocol version is not an integer or out of range")
            }
            guard number == 2 || number == 3 else { throw CommandError("NOPROTO unsupported protocol version") }
            version = Int(number)
        }
        var index = 2
        while index < context.arguments.count {
            let following = context.arguments.count - 1 - index
            if context.argument(index, is: "AUTH"), following >= 2 {
                options = (context.arguments[index + 1], context.arguments[index + 2])
                index += 3
            } else if context.argument(index, is: "SETNAME"), following >= 1 {
                name = context.arguments[index + 1]
                guard ClientLabels.isValid(context.arguments[index + 1]) else { throw ClientLabels.invalidName }
                index += 2
            } else {
                let option = String(decoding: context.arguments[index], as: UTF8.self)
                throw CommandError("ERR Syntax error in HELLO option '\(option)'")
            }
        }
        if let options { try authenticate(context, user: options.user, password: options.password) }
        guard !client.gate.contains(.unauthenticated) else {
            throw CommandError(
                "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> "
                    + "option can be used to authenticate the client and select the RESP protocol version at the same time"
            )
        }
        if let name { client.labels.withLock { $0.name = Array(name) } }
        if let version {
            client.version = version
            context.writer.version = version
        }
        writeGreeting(context)
    }

    private static func writeGreeting(_ context: CommandContext) {
        let writer = context.writer
        writer.mapHeader(7)
        writer.bulk("server")
        writer.bulk("redis")
        writer.bulk("version")
        writer.bulk(StrataVersion.redis)
        writer.bulk("proto")
        writer.integer(context.client.version)
        writer.bulk("id")
        writer.integer(Int(context.client.identifier))
        writer.bulk("mode")
        writer.bulk("standalone")
        writer.bulk("role")
        writer.bulk("master")
        writer.bulk("modules")
        writer.arrayHeader(0)
    }

    static func reset(_ context: CommandContext) throws(CommandError) {
        let client = context.client
        client.endTransaction()
        client.stopTracking()
        context.server.channels.removeAll(of: client)
        context.select(0)
        client.version = 2
        context.writer.version = 2
        client.replyMode = .on
        client.gate.remove(.silenced)
        client.isNoTouch = false
        client.status.set(.noTouch, false)
        client.status.set(.noEvict, false)
        client.labels.withLock { $0.name = [] }
        if context.server.passwords.isRequired {
            client.gate.insert(.unauthenticated)
            client.parser.isUnauthenticated = true
            client.status.set(.authenticated, false)
        }
        context.writer.simpleString("RESET" as StaticString)
    }
}

extension CommandContext {
    /// Selects another database, for the commands that follow and the rest of a transaction.
    func select(_ number: Int) {
        databases.markUsed(number)
        client.database = number
        storeReference = databases.reference(number)
        if heldAccess != nil { heldAccess = store.access(now: now) }
    }
}

extension ClientLabels {
    static let invalidName = CommandError("ERR Client names cannot contain spaces, newlines or special characters.")

    /// Whether a text can stand in a line of `CLIENT LIST`.
    static func isValid(_ text: UnsafeRawBufferPointer) -> Bool {
        text.allSatisfy { $0 >= UInt8(ascii: "!") && $0 <= UInt8(ascii: "~") }
    }
}
