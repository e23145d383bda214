import ArgumentParser
import StrataLab

/// `strata bench monitor`.
struct BenchMonitorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor",
        abstract: "What watching maps, caches and stores costs them, and how long /metrics takes.",
        discussion: """
            The same maps are measured in turns with nobody watching and with everything on: sampled operations, latencies, hot keys and \
            windows.

            Example:

              strata bench monitor --quick
            """)

    @OptionGroup var options: BenchOptions
    @Option(help: ArgumentHelp("How many entries there are.", valueName: "count"))
    var keys = 100_000
    @OptionGroup var threadOptions: ThreadOptions
    @Option(
        help: ArgumentHelp(
            "How many pairs of slices are measured of each kind of work. (default: 1000)", valueName: "count"))
    var pairs: Int?

    func validate() throws {
        try check([
            ("keys", keys, 100...50_000_000), ("pairs", pairs ?? 1, 1...100_000),
        ])
    }

    func run() async throws {
        var benchmark = MonitorBenchmark()
        benchmark.keyCount = keys
        benchmark.pairs = pairs ?? (options.quick ? 200 : 1000)
        benchmark.threads = threadOptions.count
        let prepared = benchmark
        try await options.run { try prepared.run(progress: $0) }
    }
}
