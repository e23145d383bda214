import Strata
import StrataRESP

/// `SLOWLOG` and its subcommands.
enum SlowLogCommands {
    private static let flags: CommandSpecification.Flags = [.admin, .dangerous, .loading, .stale]

    /// `SLOWLOG` with everything it contains.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "slowlog", arity: -2, flags: [], group: .server, summary: "Commands on the log of slow commands.",
            since: "2.2.12",
            subcommands: [
                CommandSpecification(
                    "get", arity: -2, flags: flags, group: .server, summary: "Returns the newest entries.",
                    since: "2.2.12",
                    handler: get),
                CommandSpecification(
                    "len", arity: 2, flags: flags, group: .server, summary: "Returns the number of entries.",
                    since: "2.2.12"
                ) { $0.writer.integer($0.server.slowLog.count) },
                CommandSpecification(
                    "reset", arity: 2, flags: flags, group: .server, summary: "Removes all entries.", since: "2.2.12"
                ) { context in
                    context.server.slowLog.removeAll()
                    context.writer.ok()
                },
                HelpText.command(
                    "slowlog", group: .server,
                    [
                        (
                            "GET [<count>]",
                            "Return the newest <count> entries (default 10, -1 for all): number, time, microseconds, command, client."
                        ),
                        ("LEN", "Return the number of entries."),
                        ("RESET", "Remove all entries."),
                    ]),
            ], handler: HelpText.missingSubcommand)
    ]

    private static func name(_ context: CommandContext) -> String {
        String(decoding: context.arguments[1], as: UTF8.self)
    }

    private static func get(_ context: CommandContext) throws(CommandError) {
        guard context.arguments.count <= 3 else {
            throw CommandError(
                "ERR unknown subcommand or wrong number of arguments for '\(name(context))'. Try SLOWLOG HELP.")
        }
        var count: Int64 = 10
        if context.arguments.count == 3 {
            guard let number = DecimalInteger.parse(context.arguments[2]), number >= -1 else {
                throw CommandError("ERR count should be greater than or equal to -1")
            }
            count = number
        }
        let entries = context.server.slowLog.newest(Int(count))
        let writer = context.writer
        writer.arrayHeader(entries.count)
        for entry in entries {
            writer.arrayHeader(6)
            writer.integer(entry.identifier)
            writer.integer(entry.unixSeconds)
            writer.integer(entry.microseconds)
            writer.arrayHeader(entry.arguments.count)
            for argument in entry.arguments { writer.bulk(argument) }
            writer.bulk(entry.address)
            writer.bulk(entry.clientName)
        }
    }
}
