import ArgumentParser
import StrataLab

/// `strata bench pool`.
struct BenchPoolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pool",
        abstract: "ObjectPool and ValueArena beside making an object each time: time, tail and allocations.",
        discussion: """
            An object is taken, one word of it is used, and it goes back: one at a time, or one of 64 that a thread holds. Allocations are \
            counted, not estimated. The arena is measured with the small object only, since it holds plain values.

            Each subject is started several times as a process of its own, in turns with the others.

            Example:

              strata bench pool --quick
            """)

    @OptionGroup var options: BenchOptions
    @Option(help: ArgumentHelp("Who to measure, separated by commas: pool, arena, class, mutex.", valueName: "names"))
    var subjects = PoolSubjectName.allCases.map(\.rawValue).joined(separator: ",")
    @Option(
        help: ArgumentHelp(
            "What to hand out, separated by commas: small (64 bytes), buffer (owns 4 KiB).", valueName: "names"))
    var payloads = PoolPayloadName.allCases.map(\.rawValue).joined(separator: ",")
    @OptionGroup var threadOptions: ThreadOptions
    @OptionGroup var launchOptions: LaunchOptions

    func validate() throws {
        _ = try benchmark()
    }

    private func benchmark() throws -> PoolBenchmark {
        var benchmark = PoolBenchmark()
        benchmark.subjects = try names(subjects, option: "subjects", PoolSubjectName.self)
        benchmark.payloads = try names(payloads, option: "payloads", PoolPayloadName.self)
        benchmark.threads = threadOptions.count
        benchmark.launches = launchOptions.count(isQuick: options.quick)
        if options.quick { benchmark.task.operationCount = 1 << 18 }
        return benchmark
    }

    func run() async throws {
        if let child = launchOptions.child {
            print(try await PoolChild.answer(to: child))
            return
        }
        let benchmark = try benchmark()
        try await options.run { try benchmark.run(progress: $0) }
    }
}
