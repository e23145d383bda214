import ArgumentParser
import StrataLab

/// `strata bench tiers`.
struct BenchTiersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tiers",
        abstract: "Tiers over a real Redis: each beside what is under it, and a sidecar beside the Redis behind it.",
        discussion: """
            Reads of the first tier beside a bare hash store, of the second beside the bare client, many fields by one call, mixes of \
            reads and writes under Zipf's distribution, and the processor time of 'strata serve --upstream' beside redis-server's.

            Starts redis-server on a free port of the loopback interface, unless a URL is given; the sidecar is measured with a \
            redis-server of its own in any case. Keys begin with 'strata-lab:' and are removed at the end.

            Example:

              strata bench tiers --quick
            """)

    @Argument(help: "The second tier, as in redis://127.0.0.1:6379. (default: a redis-server that is started)")
    var url: String?
    @OptionGroup var options: BenchOptions
    @Option(help: ArgumentHelp("How many hashes there are.", valueName: "count"))
    var keys = 100_000
    @Option(help: ArgumentHelp("How many rounds are measured. (default: 5, or 2 with --quick)", valueName: "count"))
    var rounds: Int?

    func validate() throws {
        try check([("keys", keys, 1_000...10_000_000), ("rounds", rounds ?? 1, 1...1_000)])
    }

    func run() async throws {
        var benchmark = TierBenchmark()
        benchmark.url = url
        benchmark.keyCount = keys
        benchmark.rounds = rounds ?? (options.quick ? 2 : 5)
        if options.quick {
            benchmark.keyCount = min(keys, 50_000)
            benchmark.mixSeconds = 0.5
            benchmark.remoteCount = 4_000
            benchmark.sidecarCount = 50_000
        }
        let prepared = benchmark
        try await options.run { try prepared.run(progress: $0) }
    }
}
