import ArgumentParser
import Foundation
import StrataProbe

/// `strata watch`.
struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch what any Swift program allocates and how its dictionaries grow.",
        usage: "strata watch [<options>] -- <program> [<argument> ...]",
        discussion: """
            The program is not changed and needs not be built in any way for it. Every growth of an ordinary Dictionary, Set or Array is \
            reported, every allocation counted by type, and one allocation in --sample timed and followed to its end. A report is \
            written when the program ends, also if it crashes; its exit status is passed on. What the program itself prints is left \
            alone: the report goes to the standard error, or to --output.

            Programs that hold the Swift runtime (-static-stdlib) must not be stripped; those linked with -static-executable can't be \
            watched. Programs that the watched one starts aren't watched.

            Examples:

              strata watch -- .build/release/MyServer --port 8080
              strata watch --interval 5 --html report.html --backtraces -- swift run
              strata watch --check-bpf
            """)

    @Option(
        help: ArgumentHelp("Time one allocation in so many and follow it to its end; 0 for none.", valueName: "count"))
    var sample = 64
    @Flag(help: "Note where storages and sampled objects are allocated.")
    var backtraces = false
    @Flag(help: "Look at the states of the threads, and tell which waited for a processor.")
    var threads = false
    @Option(
        help: ArgumentHelp(
            "Write a line about what happens, and what is to grow next, every so often; 0 for none.",
            valueName: "seconds"))
    var interval = 0.0
    @Option(
        help: ArgumentHelp(
            "Write the report and the lines to a file in place of the standard error.", valueName: "path"))
    var output: String?
    @Option(help: ArgumentHelp("Also write everything as JSON.", valueName: "path"))
    var json: String?
    @Option(help: ArgumentHelp("Also write a page that needs nothing else.", valueName: "path"))
    var html: String?
    @Flag(help: "Tell whether this host lets bpftrace watch programs, and why not, and watch nothing.")
    var checkBpf = false
    @Argument(
        parsing: .postTerminator, help: ArgumentHelp("The program to start, and its arguments.", valueName: "program"))
    var program: [String] = []

    func validate() throws {
        guard (0...1_000_000).contains(sample) else {
            throw ValidationError("--sample must be from 0 to 1000000, not \(sample)")
        }
        guard interval >= 0, interval <= 86_400 else {
            throw ValidationError("--interval must be from 0 to 86400 seconds, not \(interval)")
        }
        guard checkBpf || !program.isEmpty else {
            throw ValidationError(
                "name the program to watch after '--', as in: strata watch -- .build/release/MyServer")
        }
        // Better now than when the program has run for a day.
        for (option, path) in [("output", output), ("json", json), ("html", html)] {
            guard let path else { continue }
            // Without changing it: a report that is there stays until there is a new one.
            let existed = FileManager.default.fileExists(atPath: path)
            let file = path.isEmpty ? -1 : Foundation.open(path, O_WRONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0o644)
            guard file >= 0 else { throw ValidationError("--\(option): '\(path)' can't be written") }
            close(file)
            if !existed { unlink(path) }
        }
    }

    func run() throws {
        if checkBpf {
            let support = BPFSupport.ofThisHost()
            print(support.text, terminator: "")
            throw ExitCode(support.isUsable ? 0 : 1)
        }
        let target = try output.map(Self.open)
        var session = WatchSession(arguments: program)
        session.samplingInterval = sample
        session.backtraces = backtraces
        session.threads = threads
        session.lineInterval = interval
        let outcome: WatchSession.Outcome
        do {
            outcome = try session.run { Self.write("strata watch: \($0)\n", to: target) }
        } catch let error as WatchError {
            Self.write("strata watch: \(error)\n", to: nil)
            throw ExitCode(error.status)
        }
        if let target {
            Self.save("--output", output) { _ in try target.write(contentsOf: Data(outcome.report.text.utf8)) }
        } else {
            Self.write(outcome.report.text, to: nil)
        }
        // What the program ended with is passed on in any case; one file that can't be written doesn't cost the other.
        Self.save("--json", json) { try outcome.report.json().write(to: URL(fileURLWithPath: $0)) }
        Self.save("--html", html) { try Data(outcome.report.html.utf8).write(to: URL(fileURLWithPath: $0)) }
        throw ExitCode(outcome.status)
    }

    private static func open(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else {
            throw ValidationError("--output: \(path) can't be written")
        }
        return file
    }

    private static func save(_ option: String, _ path: String?, _ body: (String) throws -> Void) {
        guard let path else { return }
        do {
            try body(path)
        } catch {
            write("strata watch: \(option): \(path) can't be written\n", to: nil)
        }
    }

    private static func write(_ text: String, to file: FileHandle?) {
        try? (file ?? FileHandle.standardError).write(contentsOf: Data(text.utf8))
    }
}
