import ArgumentParser
import StrataLab

/// `strata bench cache`.
struct BenchCacheCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Cache beside an LRU behind a lock, NSCache and Caffeine: time and hit ratio.",
        discussion: """
            Each operation looks a key up and puts it in if it is missing. Each subject is started several times as a process of \
            its own, in turns with the others.

            Example:

              strata bench cache --peers --html cache.html
            """)

    @OptionGroup var options: BenchOptions
    @Option(help: ArgumentHelp("Who to measure, separated by commas: strata, lru, nscache.", valueName: "names"))
    var subjects = "strata,lru,nscache"
    @Option(help: ArgumentHelp("How many entries caches hold.", valueName: "count"))
    var capacity = 100_000
    @Option(help: ArgumentHelp("How many keys are asked for.", valueName: "count"))
    var keys = 1_000_000
    @Option(help: ArgumentHelp("Which keys are asked for. One of \(Distribution.syntax).", valueName: "name"))
    var distribution = "zipf:0.99"
    @OptionGroup var threadOptions: ThreadOptions
    @OptionGroup var launchOptions: LaunchOptions
    @Flag(help: "Measure Caffeine, in Java, too.")
    var peers = false

    func validate() throws {
        try check([("capacity", capacity, 1...100_000_000), ("keys", keys, 2...200_000_000)])
        _ = try value(of: "distribution") { try Distribution(distribution) }
        _ = try names(subjects, option: "subjects", CacheSubjectName.self)
    }

    func run() async throws {
        if let child = launchOptions.child {
            print(try await CacheBenchmark.answer(to: child))
            return
        }
        var benchmark = CacheBenchmark()
        benchmark.subjects = try names(subjects, option: "subjects", CacheSubjectName.self)
        benchmark.task.capacity = capacity
        benchmark.task.keyCount = keys
        benchmark.task.distribution = distribution
        benchmark.task.threads = threadOptions.count
        benchmark.launches = launchOptions.count(isQuick: options.quick)
        benchmark.slowLaunches = options.quick ? 1 : benchmark.launches
        benchmark.task.rounds = options.quick ? 2 : 3
        if options.quick { benchmark.task.operationCount = 1 << 19 }
        benchmark.includesPeers = peers
        let prepared = benchmark
        try await options.run { try prepared.run(progress: $0) }
    }
}
