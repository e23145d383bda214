import ArgumentParser
import StrataLab

/// `strata bench redis`.
struct BenchRedisCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redis",
        abstract: "A Redis over a socket beside maps in process.",
        discussion: """
            What a program pays for having its entries in another process: single GET and SET with a reply each, and sixteen sent \
            together. Keys begin with 'strata-lab:' and are removed at the end; all others are left alone.

            The server may be Strata itself or any other that speaks Redis' protocol.

            Example:

              strata bench redis redis://127.0.0.1:6379
            """)

    @Argument(help: "The server, as in redis://127.0.0.1:6379 or redis://:password@host.")
    var url: String
    @OptionGroup var options: BenchOptions
    @Option(help: ArgumentHelp("How many entries there are.", valueName: "count"))
    var entries = 100_000

    func validate() throws {
        try check([("entries", entries, 1_000...100_000_000)])
        _ = try value(of: "url") { try RedisAddress(url: url) }
    }

    func run() async throws {
        var benchmark = MapBenchmark()
        benchmark.subjects = [.strata, .mutex]
        benchmark.rows.removeAll { $0.entries != .integers || $0.shape != .scattered }
        benchmark.includesGrowth = false
        benchmark.includesPaced = false
        benchmark.redis = try RedisAddress(url: url)
        benchmark.task.keyCount = entries
        benchmark.launches = options.quick ? 1 : 3
        benchmark.task.roundMilliseconds = options.quick ? 40 : 200
        let prepared = benchmark
        try await options.run { try prepared.run(progress: $0) }
    }
}
