import Strata
import StrataRESP

/// `COMMAND` and its subcommands.
enum CommandCommands {
    private static let flags: CommandSpecification.Flags = [.loading, .stale]

    private static func subcommand(
        _ name: String, arity: Int, since: String, _ summary: String, _ handler: @escaping CommandSpecification.Handler
    ) -> CommandSpecification {
        CommandSpecification(
            name, arity: arity, flags: flags, group: .server, summary: summary, since: since, handler: handler)
    }

    /// `COMMAND` with everything it contains.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "command", arity: -1, flags: flags, group: .server, summary: "Describes all commands.", since: "2.8.13",
            subcommands: [
                subcommand("count", arity: 2, since: "2.8.13", "Returns the number of commands.") {
                    $0.writer.integer($0.server.commands.plainCount)
                },
                subcommand("info", arity: -2, since: "2.8.13", "Describes commands for clients.", info),
                subcommand("docs", arity: -2, since: "7.0.0", "Describes commands for people.", docs),
                subcommand("list", arity: -2, since: "7.0.0", "Returns the names of commands.", list),
                subcommand("getkeys", arity: -3, since: "2.8.13", "Returns the keys of a request.") {
                    context throws(CommandError) in
                    try getKeys(context, withFlags: false)
                },
                subcommand("getkeysandflags", arity: -3, since: "7.0.0", "Returns the keys of a request and their use.")
                {
                    context throws(CommandError) in
                    try getKeys(context, withFlags: true)
                },
                HelpText.command(
                    "command", group: .server,
                    [
                        ("(no subcommand)", "Describe all commands for clients."),
                        ("COUNT", "Return the number of commands."),
                        ("DOCS [<command-name> ...]", "Describe commands for people; all if none is named."),
                        ("GETKEYS <full-command>", "Return the keys of a request."),
                        ("GETKEYSANDFLAGS <full-command>", "Return the keys of a request and their use."),
                        ("INFO [<command-name> ...]", "Describe commands for clients; all if none is named."),
                        ("LIST [FILTERBY (MODULE|ACLCAT|PATTERN) <value>]", "Return the names of commands."),
                    ]),
            ]
        ) { context in CommandDescription(context).writeInfo(ofAll: context.server.commands) }
    ]

    private static func info(_ context: CommandContext) {
        let description = CommandDescription(context)
        let table = context.server.commands
        guard context.arguments.count > 2 else { return description.writeInfo(ofAll: table) }
        context.writer.arrayHeader(context.arguments.count - 2)
        for index in 2..<context.arguments.count {
            if let command = table.find(String(decoding: context.arguments[index], as: UTF8.self)) {
                description.writeInfo(command, table)
            } else {
                context.writer.null()
            }
        }
    }

    private static func docs(_ context: CommandContext) {
        let description = CommandDescription(context)
        let table = context.server.commands
        var wanted: [CommandReference] = []
        if context.arguments.count > 2 {
            for index in 2..<context.arguments.count {
                if let command = table.find(String(decoding: context.arguments[index], as: UTF8.self)) {
                    wanted.append(command)
                }
            }
        } else if let base = table.commands.baseAddress {
            wanted = (0..<table.plainCount).map { base + $0 }
        }
        context.writer.mapHeader(wanted.count)
        for command in wanted { description.writeDocumentation(command, table) }
    }

    private static func list(_ context: CommandContext) throws(CommandError) {
        let table = context.server.commands
        var isWanted: (Command) -> Bool = { _ in true }
        if context.arguments.count == 5, context.argument(2, is: "FILTERBY") {
            let value = Array(context.arguments[4])
            if context.argument(3, is: "MODULE") {
                isWanted = { _ in false }
            } else if context.argument(3, is: "ACLCAT") {
                let category = "@" + String(decoding: value, as: UTF8.self).lowercased()
                isWanted = { CommandCategory.names(of: $0).contains(category) }
            } else if context.argument(3, is: "PATTERN") {
                isWanted = { command in
                    Array(command.fullName.utf8).withUnsafeBytes { name in
                        value.withUnsafeBytes { GlobPattern.matches($0, name, ignoringCase: true) }
                    }
                }
            } else {
                throw .syntax
            }
        } else if context.arguments.count != 2 {
            throw .syntax
        }
        let names = table.commands.filter(isWanted).map(\.fullName)
        context.writer.arrayHeader(names.count)
        for name in names { context.writer.bulk(name) }
    }

    private static func getKeys(_ context: CommandContext, withFlags: Bool) throws(CommandError) {
        let request = context.arguments.dropFirst(2)
        let table = context.server.commands
        guard var command = table.find(request[0]) else { throw CommandError("ERR Invalid command specified") }
        if command.pointee.isContainer, request.count > 1 {
            guard let subcommand = table.findSubcommand(request[1], of: command) else {
                throw CommandError("ERR Invalid command specified")
            }
            command = subcommand
        }
        guard command.pointee.firstKey > 0 else { throw CommandError("ERR The command has no key arguments") }
        guard command.pointee.accepts(argumentCount: request.count) else {
            throw CommandError("ERR Invalid number of arguments specified for command")
        }
        let positions = Array(command.pointee.specification.keyPositions(argumentCount: request.count))
        context.writer.arrayHeader(positions.count)
        for position in positions {
            if withFlags { context.writer.arrayHeader(2) }
            context.writer.bulk(request[position])
            guard withFlags else { continue }
            let isFirst = position == positions.first
            CommandDescription(context).writeKeyFlags(command, isFirst: isFirst, of: request)
        }
    }
}
