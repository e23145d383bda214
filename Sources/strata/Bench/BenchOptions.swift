import ArgumentParser
import Foundation
import StrataLab

/// The options that all benchmarks have.
struct BenchOptions: ParsableArguments {
    @Flag(help: "Measure less, to be done in one to three minutes; figures are less sure.")
    var quick = false
    @Option(help: ArgumentHelp("Write all figures to a file, as JSON.", valueName: "file"))
    var json: String?
    @Option(help: ArgumentHelp("Write a page with plots to a file.", valueName: "file"))
    var html: String?

    func validate() throws {
        do {
            try output.check()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// Where the report goes.
    var output: ReportOutput { ReportOutput(jsonPath: json, htmlPath: html) }

    /// Runs a benchmark on a thread of its own and shows what it found.
    func run(_ benchmark: @escaping @Sendable (@escaping @Sendable (String) -> Void) throws -> LabReport) async throws {
        let progress = ProgressLine()
        let report = try await PinnedThreads.detached { try benchmark { progress.show($0) } }
        progress.clear()
        // Each is tried though the other fails: a long run has led to both.
        let printed = Swift.Result { try Results.print(report.text) }
        try output.write(report)
        try printed.get()
    }
}

/// How many threads measure.
struct ThreadOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "With how many threads to measure, beside one. (default: 2, or as many as there are)", valueName: "count"))
    var threads: Int?

    /// The number that is meant.
    var count: Int { threads ?? min(PinnedThreads.processors.count, 2) }

    func validate() throws {
        try check([("threads", count, 1...256)])
    }
}

/// Benchmarks that start each subject as a process of its own.
struct LaunchOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("How often each subject is started. (default: 5, or 3 with --quick)", valueName: "count"))
    var launches: Int?
    @Option(help: ArgumentHelp("What a started process measures.", visibility: .hidden))
    var child: String?

    /// The number that is meant.
    func count(isQuick: Bool) -> Int { launches ?? (isQuick ? 3 : 5) }

    func validate() throws {
        try check([("launches", launches ?? 1, 1...100)])
    }
}

extension ParsableArguments {
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
        let found = try text.split(separator: ",").map { part in
            guard let name = Name(rawValue: String(part)) else {
                let known = Name.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--\(option): there is no '\(part)'; there are \(known)")
            }
            return name
        }
        guard !found.isEmpty else { throw ValidationError("--\(option) names nobody") }
        return found
    }

    /// A value made from what was given for an option; complaints name the option.
    func value<Value>(of option: String, _ make: () throws -> Value) throws -> Value {
        do {
            return try make()
        } catch {
            throw ValidationError("--\(option): \(error)")
        }
    }
}
