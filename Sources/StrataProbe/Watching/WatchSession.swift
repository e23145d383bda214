import CStrataProbe
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Starts a program, watches it until it ends and says what was seen.
public struct WatchSession: Sendable {
    /// The program and its arguments.
    public var arguments: [String]
    /// One allocation in so many is timed and followed to its end; 0 for none.
    public var samplingInterval = 64
    /// Whether to note where storages and sampled objects are allocated.
    public var backtraces = false
    /// Whether to look at the states of the threads.
    public var threads = false
    /// Seconds between two lines about what happens; 0 for none.
    public var lineInterval: Double = 0

    /// What a session came to.
    public struct Outcome: Sendable {
        /// What was seen.
        public var report: AllocationReport
        /// The program's exit status, or 128 and the number of the signal that ended it.
        public var status: Int32
        /// Whether the program was watched at all; if not, the report's remarks say why.
        public var isWatched: Bool
    }

    /// A session for a program with its arguments; there must be a program.
    public init(arguments: [String]) {
        self.arguments = arguments
    }

    /// Runs the program to its end.
    ///
    /// Its input, output and errors are this process's own. Signals that ask this process to end are passed on. One session at a time.
    ///
    /// - Parameter line: Gets a line about what happens every ``lineInterval``.
    /// - Returns: The report, also if the program crashed or was killed.
    /// - Throws: ``WatchError`` if the program can't be started.
    public func run(line: (String) -> Void = { _ in }) throws -> Outcome {
        guard let name = arguments.first else { throw WatchError("no program to watch") }
        var environment = ProcessInfo.processInfo.environment
        let file = try ProgramFile(name, environment: environment)
        let library = try ProbeLibrary()
        let descriptor = strata_probe_channel_file(UInt32(clamping: samplingInterval), backtraces ? 1 : 0)
        guard descriptor >= 0, let channel = ProbeChannel(descriptor: descriptor) else {
            throw WatchError("there is no memory for what is to be counted")
        }
        defer { close(descriptor) }
        let others = environment["LD_PRELOAD"].map { ":" + $0 } ?? ""
        environment["LD_PRELOAD"] = library.path + others
        environment[STRATA_PROBE_VARIABLE] = "/proc/\(getpid())/fd/\(descriptor)"
        let begin = ProbeClock.now()
        let program = try WatchedProgram(file, arguments: arguments, environment: environment)
        var live = LiveWatch(channel, begin: begin)
        // The program opens both files through this process: they stay until it has ended.
        let ending = withExtendedLifetime(library) { watch(program, &live, line) }
        return outcome(file, channel, live, ending, seconds: Double(ProbeClock.now() - begin) / 1e9)
    }

    /// Looks at the program's growths ten times a second, at its threads twenty times.
    private func watch(
        _ program: WatchedProgram, _ live: inout LiveWatch, _ line: (String) -> Void
    ) -> WatchedProgram.Ending {
        let step = threads ? 50 : 100
        var nextLine = ProbeClock.now() + UInt64(lineInterval * 1e9)
        while true {
            if let ending = program.wait(milliseconds: step) {
                return ending
            }
            live.look(threadsOf: threads ? Int(program.process) : nil)
            if lineInterval > 0, ProbeClock.now() >= nextLine {
                nextLine += UInt64(lineInterval * 1e9)
                if let text = live.line() {
                    line(text)
                }
            }
        }
    }

    private func outcome(
        _ file: ProgramFile, _ channel: ProbeChannel, _ live: LiveWatch, _ ending: WatchedProgram.Ending,
        seconds: Double
    ) -> Outcome {
        let summary = channel.summary
        let isWatched = summary.state == STRATA_PROBE_WATCHING.rawValue
        var report: AllocationReport
        if isWatched {
            let symbols = backtraces ? Symbolizer(channel) : nil
            report = ReportBuilder(channel)
                .report(chains: live.chains, interval: samplingInterval, seconds: seconds, symbols: symbols)
            if summary.later {
                report.remarks.append(
                    "The Swift runtime was loaded after the program had started; it was watched from then on.")
            }
            if !summary.has_hints {
                report.remarks.append(
                    "Growths of dictionaries that share their storage with others are shown as new storages: the functions that would "
                        + "tell aren't found in this runtime.")
            }
        } else {
            report = AllocationReport(
                program: [], processIdentifier: 0, ending: "", seconds: seconds, samplingInterval: samplingInterval,
                remarks: [reason(file, summary, channel)], threadCount: 0, types: [], growths: [], storages: [],
                backtraces: [], threads: [])
        }
        report.program = arguments
        report.ending = ending.text
        report.threads = live.threads.times
        return Outcome(report: report, status: ending.status, isWatched: isWatched)
    }

    private func reason(_ file: ProgramFile, _ summary: strata_probe_summary, _ channel: ProbeChannel) -> String {
        switch summary.state {
        case STRATA_PROBE_NOTHING.rawValue: return "Nothing was seen: " + file.reasonForSilence
        case STRATA_PROBE_NOT_SWIFT.rawValue: return "Nothing was seen: " + file.reasonForNoRuntime
        default: return "Nothing was seen: " + channel.message
        }
    }
}
