import ArgumentParser

/// `strata advise`.
struct AdviseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advise",
        abstract: "Say what to use.",
        subcommands: [AdviseSourceCommand.self, AdviseLayoutCommand.self, AdviseDecideCommand.self])
}
