import ArgumentParser
import StrataLab

/// `strata bench knee`.
struct BenchKneeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "knee",
        abstract: "Find the rate at which the tail of a map's latencies rises, and why.",
        discussion: """
            Operations are due at fixed times, whether or not the ones before are done. The rate is raised by half again and again, \
            from --start on. The P99 of the first three rates is the baseline; the knee is where P99 is more than three times that, \
            twice in a row, or where the rate isn't reached any more. Three halvings narrow it down.

            Example:

              strata bench knee --subjects strata,rwlock --mix 50/50
            """)

    @OptionGroup var options: BenchOptions
    @Option(
        help: ArgumentHelp(
            "Who to load, separated by commas: strata, sharded, mutex, rwlock, nscache.", valueName: "names"))
    var subjects = "strata,sharded,rwlock"
    @Option(help: ArgumentHelp("How many entries the maps have.", valueName: "count"))
    var entries = 1_000_000
    @Option(help: ArgumentHelp("Which keys are asked for. One of \(Distribution.syntax).", valueName: "name"))
    var distribution = "zipf:0.99"
    @Option(help: ArgumentHelp("What is done, in percent: reads/updates.", valueName: "mix"))
    var mix = "95/5"
    @OptionGroup var threadOptions: ThreadOptions
    @Option(help: ArgumentHelp("The first rate, in operations per second.", valueName: "rate"))
    var start = 200_000
    @Option(help: ArgumentHelp("How many milliseconds each rate lasts. (default: 1000)", valueName: "count"))
    var milliseconds: Int?

    func validate() throws {
        try check([
            ("entries", entries, 1_000...200_000_000),
            ("start", start, 1_000...50_000_000), ("milliseconds", milliseconds ?? 100, 50...60_000),
        ])
        guard let mix = OperationMix(mix), mix.shares[0] + mix.shares[1] == 100 else {
            throw ValidationError("--mix must be the percentages of reads and updates, as in 95/5, not '\(mix)'")
        }
        _ = try value(of: "distribution") { try Distribution(distribution) }
        guard try !names(subjects, option: "subjects", MapSubjectName.self).contains(.actor) else {
            throw ValidationError("--subjects: the actor isn't measured here")
        }
    }

    func run() async throws {
        var benchmark = KneeBenchmark()
        benchmark.subjects = try names(subjects, option: "subjects", MapSubjectName.self)
        let distribution = try Distribution(distribution)
        benchmark.workload = Workload(
            keyCount: distribution.keyCount ?? entries, distribution: distribution,
            mix: OperationMix(mix) ?? .mostlyReads)
        benchmark.threads = threadOptions.count
        benchmark.finder.start = Double(start)
        benchmark.seconds = Double(milliseconds ?? (options.quick ? 300 : 1_000)) / 1_000
        let prepared = benchmark
        try await options.run { try prepared.run(progress: $0) }
    }
}
