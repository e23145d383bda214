import ArgumentParser
import StrataLab

/// `strata bench growth`.
struct BenchGrowthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "growth",
        abstract: "What an entry costs by the number of entries: time, memory, allocations, moved slots.",
        discussion: """
            Maps are filled from nothing to each of the sizes. Slots moved are counted by the map itself and don't depend on the \
            machine: they are the price of growing, and how much of it a single operation pays.

            Example:

              strata bench growth --sizes 1k,1m --html growth.html
            """)

    @OptionGroup var options: BenchOptions
    @Option(
        help: ArgumentHelp(
            "Who to measure, separated by commas: strata, sharded, mutex, rwlock, nscache.", valueName: "names"))
    var subjects = "strata,sharded,mutex"
    @Option(
        help: ArgumentHelp(
            "The numbers of entries, separated by commas. (default: 1k,10k,100k,1m,4m)", valueName: "counts"))
    var sizes: String?
    @Option(help: ArgumentHelp("How often each map is filled. (default: 3)", valueName: "count"))
    var rounds: Int?

    func validate() throws {
        _ = try benchmark()
    }

    private func benchmark() throws -> GrowthBenchmark {
        var benchmark = GrowthBenchmark()
        benchmark.subjects = try names(subjects, option: "subjects", MapSubjectName.self)
        guard !benchmark.subjects.contains(.actor) else {
            throw ValidationError("--subjects: the actor isn't measured here")
        }
        try check([("rounds", rounds ?? 1, 1...1_000)])
        benchmark.rounds = rounds ?? (options.quick ? 1 : 3)
        if options.quick { benchmark.counts.removeLast() }
        if let sizes {
            benchmark.counts = try sizes.split(separator: ",").map { part in
                guard let count = PlanMemoryCommand.count(String(part)), (1...400_000_000).contains(count) else {
                    throw ValidationError("--sizes: '\(part)' is no number of entries from 1 to 400m")
                }
                return count
            }.sorted()
        }
        guard !benchmark.counts.isEmpty else { throw ValidationError("--sizes names no size") }
        return benchmark
    }

    func run() async throws {
        let benchmark = try benchmark()
        try await options.run { try benchmark.run(progress: $0) }
    }
}
