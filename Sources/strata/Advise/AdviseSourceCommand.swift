import ArgumentParser

/// `strata advise source`.
struct AdviseSourceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "source",
        abstract: "Say what to change in Swift source: shared dictionaries, caches, copies, layouts.",
        discussion: "All that follows is handed to 'strata-advise source'; see 'strata-advise source --help'.")

    @Argument(parsing: .captureForPassthrough, help: "What 'strata-advise source' takes.")
    var arguments: [String] = []

    func run() throws { try AdvisorProgram.run(["source"] + arguments) }
}
