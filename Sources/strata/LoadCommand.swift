import ArgumentParser
import Foundation
import StrataLab

/// `strata load`.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Replay a recorded trace against a server and measure it.",
        discussion: """
            For each key of the trace an HGET is sent and, if there was no value, an HSET, as an application in front of a database \
            would. The server may be Strata or any other that speaks Redis' protocol.

            A trace is a file of little-endian 64-bit key identifiers in the order in which they were asked for, plain or compressed \
            with gzip.

            Requests follow each other as fast as the server answers; latencies are from sending to the reply. No request is sent \
            for a key whose first value is still on its way, so a server that removes nothing misses each key exactly once.

            Example:

              strata load --trace oltp.u64.gz --port 6379
            """)

    @Option(help: ArgumentHelp("The trace to replay.", valueName: "path"))
    var trace: String
    @Option(help: ArgumentHelp("The server's name or address.", valueName: "host"))
    var host = "127.0.0.1"
    @Option(help: ArgumentHelp("The server's port.", valueName: "port"))
    var port = 6379
    @Option(help: ArgumentHelp("A file whose first line is the server's password.", valueName: "path"))
    var passwordFile: String?
    @Option(help: ArgumentHelp("How many connections to open.", valueName: "count"))
    var connections = 8
    @Option(help: ArgumentHelp("How many requests each connection has on its way at once.", valueName: "count"))
    var pipeline = 16
    @Option(help: ArgumentHelp("How many requests of the trace to send; 0 for all.", valueName: "count"))
    var requests = 0
    @Option(help: ArgumentHelp("How many bytes a stored value has.", valueName: "count"))
    var valueBytes = 100

    func validate() throws {
        for (name, value, range) in [
            ("port", port, 1...65_535), ("connections", connections, 1...10_000), ("pipeline", pipeline, 1...10_000),
            ("requests", requests, 0...Int.max), ("value-bytes", valueBytes, 0...(64 << 20)),
        ] where !range.contains(value) {
            throw ValidationError("--\(name) must be from \(range.lowerBound) to \(range.upperBound), not \(value)")
        }
    }

    func run() async throws {
        var options = TraceReplay.Options()
        options.host = host
        options.port = port
        options.password = try passwordFile.map { path in
            let text = try String(contentsOfFile: path, encoding: .utf8)
            return String(text.prefix { !$0.isNewline })
        }
        options.connectionCount = connections
        options.pipelineDepth = pipeline
        options.requestCount = requests
        options.valueByteCount = valueBytes

        let trace = try Trace(path: trace)
        let count = requests == 0 ? trace.keys.count : min(requests, trace.keys.count)
        print("trace         \(self.trace): \(count) requests for \(trace.distinctKeyCount(first: count)) keys")
        fflush(nil)
        let report = try await TraceReplay(trace: trace, options: options).run { progress in
            let line = """
                \(progress.answered * 100 / progress.total) %  \(progress.answered) of \(progress.total)  \
                \(Int(progress.rate)) requests/s  hit ratio \(Int(progress.hitRatio * 100)) %

                """
            FileHandle.standardError.write(Data(line.utf8))
        }
        print(report.text, terminator: "")
        if report.errorCount > 0 {
            throw ExitCode.failure
        }
    }
}
