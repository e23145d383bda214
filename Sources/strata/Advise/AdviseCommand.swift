import ArgumentParser

/// `strata advise`.
struct AdviseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advise",
        abstract: "Say what to use.",
        subcommands: [AdviseDecideCommand.self])
}
