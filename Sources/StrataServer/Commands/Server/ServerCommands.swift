import Logging
import Strata
import StrataRESP

/// Commands on the server as a whole, and those that clients send although there is nothing to be done.
enum ServerCommands {
    private static let admin: CommandSpecification.Flags = [.admin, .dangerous, .noScript]

    /// The commands.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "swapdb", arity: 3, flags: [.write, .fast, .dangerous], access: .all, group: .server,
            summary: "Exchanges two databases.", since: "4.0.0", handler: swapDatabases),
        CommandSpecification(
            "shutdown", arity: -1, flags: admin.union([.loading, .stale, .noMulti]), group: .server,
            summary: "Stops the server.", handler: shutdown),
        CommandSpecification(
            "save", arity: 1, flags: admin.union(.noMulti), group: .server,
            summary: "Does nothing: data is kept in memory only."
        ) { $0.writer.ok() },
        CommandSpecification(
            "bgsave", arity: -1, flags: admin, group: .server, summary: "Does nothing: data is kept in memory only."
        ) { context throws(CommandError) in
            let isScheduled = context.arguments.count == 2 && context.argument(1, is: "SCHEDULE")
            guard context.arguments.count == 1 || isScheduled else { throw .syntax }
            context.writer.simpleString("Background saving started" as StaticString)
        },
        container(
            "script", "Answers what clients ask before they use scripts, which are not offered.",
            [
                flush("SCRIPT FLUSH only support SYNC|ASYNC option", "Does nothing: there are no scripts."),
                subcommand("kill", arity: 2, "Fails: no script is ever running.", kill),
                subcommand("exists", arity: -3, "Says of every script that it doesn't exist.") { context in
                    context.writer.arrayHeader(context.arguments.count - 2)
                    for _ in 2..<context.arguments.count { context.writer.integer(0) }
                },
                HelpText.command(
                    "script", group: .server,
                    [
                        ("EXISTS <sha1> [<sha1> ...]", "Say of every script that it doesn't exist."),
                        ("FLUSH [ASYNC|SYNC]", "Do nothing: there are no scripts."),
                    ]),
            ]),
        container(
            "function", "Answers what clients ask before they use functions, which are not offered.",
            [
                flush("FUNCTION FLUSH only supports SYNC|ASYNC option", "Does nothing: there are no functions."),
                subcommand("kill", arity: 2, "Fails: no function is ever running.", kill),
                subcommand("list", arity: -2, "Returns the libraries of functions, always none.") {
                    $0.writer.arrayHeader(0)
                },
                HelpText.command(
                    "function", group: .server,
                    [
                        ("FLUSH [ASYNC|SYNC]", "Do nothing: there are no functions."),
                        ("LIST", "Return the libraries of functions, always none."),
                    ]),
            ]),
    ]

    private static func container(
        _ name: String, _ summary: String, _ subcommands: [CommandSpecification]
    ) -> CommandSpecification {
        CommandSpecification(
            name, arity: -2, flags: [], group: .server, summary: summary, since: "2.6.0", subcommands: subcommands,
            handler: HelpText.missingSubcommand)
    }

    private static func subcommand(
        _ name: String, arity: Int, _ summary: String, _ handler: @escaping CommandSpecification.Handler
    ) -> CommandSpecification {
        CommandSpecification(
            name, arity: arity, flags: [.noScript], group: .server, summary: summary, since: "2.6.0", handler: handler)
    }

    private static func flush(_ complaint: String, _ summary: String) -> CommandSpecification {
        subcommand("flush", arity: -2, summary) { context throws(CommandError) in
            let isPlain = context.arguments.count == 2
            let hasMode =
                context.arguments.count == 3 && (context.argument(2, is: "SYNC") || context.argument(2, is: "ASYNC"))
            guard isPlain || hasMode else { throw CommandError("ERR " + complaint) }
            context.writer.ok()
        }
    }

    private static func kill(_ context: CommandContext) throws(CommandError) {
        throw CommandError("NOTBUSY No scripts in execution right now.")
    }

    private static func swapDatabases(_ context: CommandContext) throws(CommandError) {
        guard let first = DecimalInteger.parse(context.arguments[1]), Int32(exactly: first) != nil else {
            throw CommandError("ERR invalid first DB index")
        }
        guard let second = DecimalInteger.parse(context.arguments[2]), Int32(exactly: second) != nil else {
            throw CommandError("ERR invalid second DB index")
        }
        let range = 0..<Int64(Databases.count)
        guard range.contains(first), range.contains(second) else { throw .databaseOutOfRange }
        context.swapDatabases(Int(first), Int(second))
        context.writer.ok()
    }

    private static func shutdown(_ context: CommandContext) throws(CommandError) {
        for index in 1..<context.arguments.count {
            let argument = context.arguments[index]
            if argument.spells("ABORT") { throw CommandError("ERR No shutdown in progress.") }
            guard
                argument.spells("NOSAVE") || argument.spells("SAVE") || argument.spells("NOW")
                    || argument.spells("FORCE")
            else { throw .syntax }
        }
        context.server.logger.notice("a client asks the server to stop", metadata: context.client.logMetadata)
        context.server.onShutdownRequest()
        context.client.closeAfterReply()
    }
}
