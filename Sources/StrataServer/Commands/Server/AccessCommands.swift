import Strata
import StrataRESP

/// `ACL`, as far as a server with one user and one password has anything to say.
enum AccessCommands {
    private static let flags: CommandSpecification.Flags = [.admin, .dangerous, .noScript, .loading, .stale]

    private static func subcommand(
        _ name: String, arity: Int, isOpen: Bool = false, _ summary: String,
        _ handler: @escaping CommandSpecification.Handler
    ) -> CommandSpecification {
        CommandSpecification(
            name, arity: arity, flags: isOpen ? [.noScript, .loading, .stale] : flags, group: .server, summary: summary,
            since: "6.0.0", handler: handler)
    }

    /// `ACL` with everything it contains.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "acl", arity: -2, flags: [], group: .server, summary: "Commands on users.", since: "6.0.0",
            subcommands: [
                subcommand("whoami", arity: 2, isOpen: true, "Returns the name of the connection's user.") {
                    $0.writer.bulk("default")
                },
                subcommand("users", arity: 2, "Returns the names of all users.") { context in
                    context.writer.arrayHeader(1)
                    context.writer.bulk("default")
                },
                subcommand("list", arity: 2, "Returns the rules of all users.") { context in
                    let password = context.server.passwords.isRequired ? "" : "nopass "
                    context.writer.arrayHeader(1)
                    context.writer.bulk("user default on \(password)sanitize-payload ~* &* +@all")
                },
                subcommand(
                    "cat", arity: -2, isOpen: true, "Returns the categories, or the commands of one.", categories),
                subcommand("genpass", arity: -2, isOpen: true, "Returns a random password.", generatePassword),
                subcommand("getuser", arity: 3, "Returns the rules of a user.", getUser),
                subcommand("log", arity: -2, "Returns refused requests: none are recorded.") { context in
                    if context.arguments.count > 2, context.argument(2, is: "RESET") {
                        context.writer.ok()
                    } else {
                        context.writer.arrayHeader(0)
                    }
                },
                HelpText.command(
                    "acl", group: .server,
                    [
                        ("CAT [<category>]", "Return the categories, or the commands of one."),
                        ("GENPASS [<bits>]", "Return a random password, of 256 bits unless told."),
                        ("GETUSER <username>", "Return the rules of a user."),
                        ("LIST", "Return the rules of all users."),
                        ("LOG [<count> | RESET]", "Return refused requests."),
                        ("USERS", "Return the names of all users."),
                        ("WHOAMI", "Return the name of the connection's user."),
                    ]),
            ], handler: HelpText.missingSubcommand)
    ]

    private static func categories(_ context: CommandContext) throws(CommandError) {
        guard context.arguments.count <= 3 else { throw .wrongArity("acl|cat") }
        guard context.arguments.count == 3 else {
            context.writer.arrayHeader(CommandCategory.all.count)
            for category in CommandCategory.all { context.writer.bulk(category) }
            return
        }
        let category = String(decoding: context.arguments[2], as: UTF8.self)
        guard CommandCategory.all.contains(category.lowercased()) else {
            throw CommandError("ERR Unknown category '\(category)'")
        }
        let commands = context.server.commands.commands.filter {
            !$0.isContainer && CommandCategory.names(of: $0).contains("@" + category.lowercased())
        }
        context.writer.arrayHeader(commands.count)
        for command in commands { context.writer.bulk(command.fullName) }
    }

    private static func generatePassword(_ context: CommandContext) throws(CommandError) {
        guard context.arguments.count <= 3 else { throw .wrongArity("acl|genpass") }
        var bits: Int64 = 256
        if context.arguments.count == 3 {
            bits = try context.integer(
                2, in: 1...4096,
                orElse: CommandError(
                    "ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096"
                ))
        }
        let digits = Array("0123456789abcdef")
        var generator = SystemRandomNumberGenerator()
        context.writer.bulk(String((0..<Int((bits + 3) / 4)).map { _ in digits[Int(generator.next() & 15)] }))
    }

    private static func getUser(_ context: CommandContext) {
        let writer = context.writer
        guard String(decoding: context.arguments[2], as: UTF8.self) == "default" else { return writer.null() }
        let isRequired = context.server.passwords.isRequired
        let flags = isRequired ? ["on", "sanitize-payload"] : ["on", "nopass", "sanitize-payload"]
        writer.mapHeader(6)
        writer.bulk("flags")
        writer.setHeader(flags.count)
        for flag in flags { writer.bulk(flag) }
        writer.bulk("passwords")
        writer.arrayHeader(0)
        for (name, rule) in [("commands", "+@all"), ("keys", "~*"), ("channels", "&*")] {
            writer.bulk(name)
            writer.bulk(rule)
        }
        writer.bulk("selectors")
        writer.arrayHeader(0)
    }
}
