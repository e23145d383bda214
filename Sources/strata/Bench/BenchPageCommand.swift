import ArgumentParser
import StrataLab

/// `strata bench page`.
struct BenchPageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "page",
        abstract: "Put reports of several benchmarks on one page.",
        discussion: """
            Takes what benchmarks wrote with --json, in the order in which it is to be shown.

            Example:

              strata bench page map.json cache.json --html all.html
            """)

    @Argument(help: "Files written with --json.")
    var reports: [String]
    @Option(help: ArgumentHelp("The page's title.", valueName: "text"))
    var title = "Strata, measured"
    @Option(help: ArgumentHelp("The file to write the page to.", valueName: "file"))
    var html: String

    func validate() throws {
        guard !reports.isEmpty else { throw ValidationError("no reports are given") }
        do {
            try ReportOutput(htmlPath: html).check()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        try ReportOutput(htmlPath: html).writePage(of: reports, title: title)
    }
}
