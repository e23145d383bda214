import Strata
import StrataRESP

/// `CONFIG` and its subcommands.
enum ConfigCommands {
    private static let flags: CommandSpecification.Flags = [.admin, .dangerous, .noScript, .loading, .stale]

    /// `CONFIG` with everything it contains.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "config", arity: -2, flags: [], group: .server, summary: "Commands on the configuration.", since: "2.0.0",
            subcommands: [
                CommandSpecification(
                    "get", arity: -3, flags: flags, group: .server, summary: "Returns parameters by name or pattern.",
                    since: "2.0.0", handler: get),
                CommandSpecification(
                    "set", arity: -4, flags: flags, group: .server,
                    summary: "Changes parameters while the server runs: all of those given, or none.", since: "2.0.0",
                    handler: set),
                CommandSpecification(
                    "resetstat", arity: 2, flags: flags, group: .server, summary: "Sets the figures of INFO to zero.",
                    since: "2.0.0", handler: resetStatistics),
                CommandSpecification(
                    "rewrite", arity: 2, flags: flags, group: .server,
                    summary: "Not offered: the server doesn't change its configuration file.", since: "2.8.0"
                ) { _ throws(CommandError) in throw CommandError("ERR The server is running without a config file") },
                HelpText.command(
                    "config", group: .server,
                    [
                        ("GET <pattern>", "Return the parameters whose names match."),
                        ("RESETSTAT", "Set the figures of INFO to zero."),
                        ("REWRITE", "Not offered: the configuration file stays as it is."),
                        ("SET <directive> <value>", "Change a parameter."),
                    ]),
            ], handler: HelpText.missingSubcommand)
    ]

    private static func get(_ context: CommandContext) {
        let patterns = (2..<context.arguments.count).map { Array(context.arguments[$0]) }
        let matches = context.server.settings.matching(patterns)
        context.writer.mapHeader(matches.count)
        for (name, value) in matches {
            context.writer.bulk(name)
            context.writer.bulk(value)
        }
    }

    private static func set(_ context: CommandContext) throws(CommandError) {
        guard context.arguments.count % 2 == 0 else { throw .syntax }
        var changes: [(String, String)] = []
        for index in stride(from: 2, to: context.arguments.count, by: 2) {
            changes.append(
                (
                    String(decoding: context.arguments[index], as: UTF8.self),
                    String(decoding: context.arguments[index + 1], as: UTF8.self)
                ))
        }
        try context.server.settings.change(changes)
        context.writer.ok()
    }

    private static func resetStatistics(_ context: CommandContext) {
        for worker in context.server.allWorkers {
            worker.statistics.reset()
            worker.commandStatistics.reset()
        }
        context.server.errors.reset()
        context.server.clients.resetStatistics()
        context.server.keyWatcher.resetStatistics()
        context.writer.ok()
    }
}
