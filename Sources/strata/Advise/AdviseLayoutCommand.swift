import ArgumentParser

/// `strata advise layout`.
struct AdviseLayoutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layout",
        abstract: "Show how a type lies in memory, and a better order of its properties.",
        discussion: "All that follows is handed to 'strata-advise layout'; see 'strata-advise layout --help'.")

    @Argument(parsing: .captureForPassthrough, help: "What 'strata-advise layout' takes.")
    var arguments: [String] = []

    func run() throws { try AdvisorProgram.run(["layout"] + arguments) }
}
