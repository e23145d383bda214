import ArgumentParser
import StrataLab

/// `strata bench store`.
struct BenchStoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "HashStore in process beside a dictionary of dictionaries behind a lock.",
        discussion: """
            Reads and writes of fields and strings, with one thread and with several. For the server beside redis-server see \
            'make bench'.

            Example:

              strata bench store --keys 1000000
            """)

    @OptionGroup var options: BenchOptions
    @Option(help: ArgumentHelp("How many hashes there are, and as many strings.", valueName: "count"))
    var keys = 200_000
    @OptionGroup var threadOptions: ThreadOptions
    @Option(help: ArgumentHelp("How many rounds are measured. (default: 5)", valueName: "count"))
    var rounds: Int?

    func validate() throws {
        try check([
            ("keys", keys, 100...50_000_000), ("rounds", rounds ?? 1, 1...1_000),
        ])
    }

    func run() async throws {
        var benchmark = StoreBenchmark()
        benchmark.keyCount = keys
        benchmark.operationCount = options.quick ? 100_000 : 400_000
        benchmark.rounds = rounds ?? (options.quick ? 3 : 5)
        benchmark.threads = threadOptions.count
        let prepared = benchmark
        try await options.run { try prepared.run(progress: $0) }
    }
}
