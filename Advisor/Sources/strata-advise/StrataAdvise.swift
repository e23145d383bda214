import ArgumentParser
import Foundation

/// The command `strata-advise`, which `strata advise` starts.
@main
struct StrataAdvise: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strata-advise",
        abstract: "Reads Swift source and says where a dictionary, a cache or a type could be better.",
        discussion: """
            Examples:

              strata-advise source .                  what to change in this package, and why
              strata-advise layout Order --in Sources the memory of the type Order
              strata-advise rules reserve-capacity    why a rule exists, and when it is wrong
            """,
        subcommands: [SourceCommand.self, LayoutCommand.self, RulesCommand.self])

    /// Ends with 0 when all is well, 1 when there are findings that count, and 2 when the command was used wrongly.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let status as Status {
            if let message = status.message { FileHandle.standardError.write(Data("strata-advise: \(message)\n".utf8)) }
            Foundation.exit(status.code)
        } catch {
            guard exitCode(for: error) == .success else {
                FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
                Foundation.exit(2)
            }
            exit(withError: error)
        }
    }
}

/// How the command ends when not with success.
struct Status: Error {
    let code: Int32
    let message: String?

    /// Findings that count.
    static let findings = Status(code: 1, message: nil)

    /// Bad usage, or files that can't be read or written.
    static func usage(_ message: String) -> Status { Status(code: 2, message: message) }
}
