import ArgumentParser
import Foundation
import StrataLab

/// The options that all benchmarks have.
struct BenchOptions: ParsableArguments {
    @Flag(help: "Measure less, to be done in about a minute.")
    var quick = false
    @Option(help: ArgumentHelp("Write all figures to a file, as JSON.", valueName: "file"))
    var json: String?
    @Option(help: ArgumentHelp("Write a page with plots to a file.", valueName: "file"))
    var html: String?

    /// Where the report goes.
    var output: ReportOutput { ReportOutput(jsonPath: json, htmlPath: html) }

    /// Runs a benchmark on a thread of its own and shows what it found.
    func run(_ benchmark: @escaping @Sendable (@escaping @Sendable (String) -> Void) throws -> LabReport) async throws {
        try output.check()
        let progress = ProgressLine()
        let report = try await PinnedThreads.detached { try benchmark { progress.show($0) } }
        progress.clear()
        print(report.text, terminator: "")
        try output.write(report)
    }
}

/// What is being done, on the terminal: one line that changes, or one line after the other where that isn't possible.
final class ProgressLine: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1

    /// Shows another line.
    func show(_ text: String) {
        let width = 100
        let line = String(text.prefix(width))
        write(isTerminal ? "\r" + line + String(repeating: " ", count: width - line.count) : line + "\n")
    }

    /// Makes room for the results.
    func clear() {
        if isTerminal { write("\r" + String(repeating: " ", count: 100) + "\r") }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

extension ParsableCommand {
    /// Complains about numbers outside of their range.
    func check(_ numbers: [(name: String, value: Int, range: ClosedRange<Int>)]) throws {
        for (name, value, range) in numbers where !range.contains(value) {
            throw ValidationError("--\(name) must be from \(range.lowerBound) to \(range.upperBound), not \(value)")
        }
    }

    /// Names separated by commas, each one of those that there are.
    func names<Name: RawRepresentable & CaseIterable>(
        _ text: String, option: String, _ type: Name.Type
    ) throws -> [Name] where Name.RawValue == String {
        try text.split(separator: ",").map { part in
            guard let name = Name(rawValue: String(part)) else {
                let known = Name.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--\(option): there is no '\(part)'; there are \(known)")
            }
            return name
        }
    }
}
