import ArgumentParser
import StrataLab

/// `strata bench map`.
struct BenchMapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map",
        abstract: "ConcurrentMap beside dictionaries with locks, an actor, NSCache, other languages' maps and Redis.",
        discussion: """
            Single reads, reads of many keys, mixes with writes under uniform and Zipf's distribution, memory, growth with each \
            insertion timed, and paced writes. Each subject is started several times as a process of its own, in turns with the \
            others, because launches of the same program differ on most machines; figures are medians over the launches.

            --peers builds small programs in C++, Java and Go with the compilers that are installed, says which package is missing \
            for the others, and gives them the same keys in the same order.

            Examples:

              strata bench map --quick
              strata bench map --subjects strata,mutex --rows get,zipf-95
              strata bench map --rows '' --distribution hotspot:0.3:0.7 --mix 60/30/10
              strata bench map --peers --redis redis://127.0.0.1:6379 --html map.html
            """)

    private static let rowNames = [
        "get", "bulk", "zipf-100", "zipf-95", "zipf-50", "text", "sequential", "clustered", "strided", "growth",
        "paced",
    ]

    @OptionGroup var options: BenchOptions
    @Option(
        help: ArgumentHelp(
            "Who to measure, separated by commas: strata, sharded, mutex, rwlock, actor, nscache.", valueName: "names"))
    var subjects = MapSubjectName.allCases.map(\.rawValue).joined(separator: ",")
    @Option(
        help: ArgumentHelp(
            "What to measure, separated by commas: \(Self.rowNames.joined(separator: ", ")).", valueName: "names"))
    var rows = Self.rowNames.joined(separator: ",")
    @Option(help: ArgumentHelp("How many entries the maps have.", valueName: "count"))
    var entries = 1_000_000
    @OptionGroup var threadOptions: ThreadOptions
    @OptionGroup var launchOptions: LaunchOptions
    @Option(
        help: ArgumentHelp(
            "A further row: which keys are asked for. One of \(Distribution.syntax).", valueName: "name"))
    var distribution: String?
    @Option(
        help: ArgumentHelp(
            "What the further row does, in percent: reads/updates/removals. (default: 100/0)", valueName: "mix"))
    var mix: String?
    @Option(help: ArgumentHelp("How far maps grow. (default: 4000000)", valueName: "count"))
    var growthEntries: Int?
    @Option(help: ArgumentHelp("How many paced writes are due each second.", valueName: "count"))
    var rate = 100_000
    @Option(help: ArgumentHelp("For how long writes are paced. (default: 10)", valueName: "seconds"))
    var seconds: Int?
    @Flag(help: "Measure maps in C++, Java and Go too.")
    var peers = false
    @Option(help: ArgumentHelp("Measure a Redis too, as in redis://127.0.0.1:6379.", valueName: "url"))
    var redis: String?

    func validate() throws {
        try check([
            ("entries", entries, 1_000...200_000_000),
            ("growth-entries", growthEntries ?? 1_000, 1_000...400_000_000), ("rate", rate, 100...20_000_000),
            ("seconds", seconds ?? 1, 1...3_600),
        ])
        if let mix {
            guard OperationMix(mix) != nil else {
                throw ValidationError(
                    "--mix must be percentages that add up to 100, as in 95/5 or 60/30/10, not '\(mix)'")
            }
            guard distribution != nil else {
                throw ValidationError("--mix belongs to a row of --distribution, which isn't given")
            }
        }
        if launchOptions.child == nil { _ = try benchmark() }
    }

    /// The benchmark that the options describe.
    func benchmark() throws -> MapBenchmark {
        let threads = threadOptions.count
        var benchmark = MapBenchmark(threads: threads)
        benchmark.subjects = try names(subjects, option: "subjects", MapSubjectName.self)
        let wished = rows.split(separator: ",").map(String.init)
        if let unknown = wished.first(where: { !Self.rowNames.contains($0) }) {
            let known = Self.rowNames.joined(separator: ", ")
            throw ValidationError("--rows: there is no '\(unknown)'; there are \(known)")
        }
        benchmark.rows.removeAll { row in !wished.contains { row.name == "\($0)-1" || row.name == "\($0)-\(threads)" } }
        benchmark.includesGrowth = wished.contains("growth")
        benchmark.includesPaced = wished.contains("paced")
        if let distribution, let mix = mix.map({ OperationMix($0) }) ?? .readOnly {
            let name = try value(of: "distribution") { try Distribution(distribution).text }
            for count in Set([1, threads]).sorted() {
                let title = "\(name), \(mix.text), \(count) thread\(count == 1 ? "" : "s")"
                benchmark.rows.append(
                    MapRow("given-\(count)", title, threads: count, distribution: distribution, mix: mix))
            }
        }
        guard !benchmark.rows.isEmpty || benchmark.includesGrowth || benchmark.includesPaced else {
            throw ValidationError("--rows names nothing and there is no --distribution")
        }
        benchmark.launches = launchOptions.count(isQuick: options.quick)
        benchmark.slowLaunches = options.quick ? 1 : benchmark.launches
        benchmark.growthLaunches = options.quick ? 1 : 2
        benchmark.task.keyCount = entries
        benchmark.task.rounds = options.quick ? 2 : 3
        benchmark.task.roundMilliseconds = options.quick ? 40 : 150
        benchmark.growthCount = growthEntries ?? (options.quick ? 1_000_000 : 4_000_000)
        benchmark.paced = .init(rate: Double(rate), seconds: Double(seconds ?? (options.quick ? 3 : 10)), threads: 1)
        if peers { benchmark.peers = PeerSubject.maps }
        benchmark.peerLaunches = options.quick ? 1 : benchmark.launches
        if options.quick { benchmark.peerOperationCount = 200_000 }
        if let redis { benchmark.redis = try value(of: "redis") { try RedisAddress(url: redis) } }
        return benchmark
    }

    func run() async throws {
        if let child = launchOptions.child {
            print(try await MapChild.answer(to: child))
            return
        }
        let benchmark = try benchmark()
        try await options.run { try benchmark.run(progress: $0) }
    }
}
