import AdvisorCore
import AdvisorLayout
import AdvisorReports
import ArgumentParser
import Foundation

/// `strata-advise layout`.
struct LayoutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layout",
        abstract: "Show how a type lies in memory, and a better order of its properties.",
        discussion: """
            Size, stride, padding and crossed cache lines are computed from the source, for 64-bit Linux. Types whose properties have types of other modules can't be told, \
            those of the standard library and the common ones of Foundation aside.

            Example:

              strata-advise layout Order --in Sources/Shop
            """)

    @Argument(
        help: ArgumentHelp(
            "The type, with the types around it where the name alone is ambiguous: Outer.Inner.", valueName: "type"))
    var type: String
    @Option(
        name: .customLong("in"),
        help: ArgumentHelp("Where it is declared: a package, a folder or a file.", valueName: "path"))
    var path = "."
    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var format = "text"

    func run() throws {
        guard ["text", "json"].contains(format) else {
            throw Status.usage("--format must be text or json, not '\(format)'")
        }
        var options = SourceDiscovery.Options()
        options.includesTests = true
        options.includesExamples = true
        let groups: [SourceDiscovery.Group]
        do { groups = try SourceDiscovery.groups(under: [path], options: options) } catch {
            throw Status.usage("--in: \(error)")
        }
        var ambiguous: [String] = []
        for group in groups {
            let project = Project.load(group)
            guard let record = project.index.type(named: type), record.declaration != nil else {
                ambiguous += project.index.namesBySimpleName[type] ?? []
                continue
            }
            let report: LayoutReport
            do { report = try LayoutCalculator(index: project.index).report(on: record) } catch {
                throw Status.usage("the layout of '\(type)' can't be told: \(error)")
            }
            print(format == "json" ? try LayoutText.json(report) : LayoutText.text(report), terminator: "")
            return
        }
        guard ambiguous.isEmpty else {
            throw Status.usage(
                "'\(type)' is declared several times; name one of: \(ambiguous.sorted().joined(separator: ", "))")
        }
        throw Status.usage("no type '\(type)' is declared in '\(path)'")
    }
}
