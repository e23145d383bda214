import ArgumentParser
import StrataServer

/// The command `strata`.
@main
struct StrataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strata",
        abstract: "A hash cache that any Redis client can use.",
        discussion: """
            Start a server with defaults, on this machine only:

              strata serve

            and talk to it with any Redis client, for instance 'redis-cli HSET user:1 name Ada'.
            """,
        version: "strata \(StrataVersion.current)",
        subcommands: [
            ServeCommand.self, TopCommand.self, LoadCommand.self, SimulateCommand.self, BenchCommand.self,
            PlanCommand.self, WatchCommand.self, AdviseCommand.self, RulesCommand.self,
        ]
    )
}
