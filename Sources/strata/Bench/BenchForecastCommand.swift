import ArgumentParser
import StrataLab

/// `strata bench forecast`.
struct BenchForecastCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forecast",
        abstract: "Forecasts of growth beside the plain rule: recall, precision and lead time by shape.",
        discussion: """
            Simulates figures that grow towards a limit in many ways, and lets the forecaster and two forms of the plain rule (a smoothed \
            value and its slope) watch each. Nothing is measured: the same seed gives the same figures on every machine.

            Example:

              strata bench forecast --quick
              strata bench forecast --shapes wave,sawtooth --seed 7
            """)

    @OptionGroup var options: BenchOptions
    @Option(
        help: ArgumentHelp(
            "What to simulate, separated by commas: \(GrowthKind.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "names"))
    var shapes = GrowthKind.allCases.map(\.rawValue).joined(separator: ",")
    @Option(
        help: ArgumentHelp(
            "How many figures of each shape that reach the limit. (default: 100, or 10 with --quick)",
            valueName: "count"))
    var count: Int?
    @Option(help: ArgumentHelp("The first seed.", valueName: "number"))
    var seed: UInt64 = ForecastBenchmark().seed

    func validate() throws {
        _ = try benchmark()
    }

    private func benchmark() throws -> ForecastBenchmark {
        try check([("count", count ?? 1, 1...100_000)])
        var benchmark = ForecastBenchmark()
        benchmark.kinds = try names(shapes, option: "shapes", GrowthKind.self)
        benchmark.count = count ?? (options.quick ? 10 : 100)
        benchmark.seed = seed
        return benchmark
    }

    func run() async throws {
        let benchmark = try benchmark()
        try await options.run { benchmark.run(progress: $0) }
    }
}
