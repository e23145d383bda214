import ArgumentParser

/// `strata bench`.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure maps, caches, pools, stores and tiers on this machine.",
        discussion: """
            Each benchmark prints what it is doing and a table at the end. With --json FILE it also writes all samples, with \
            --html FILE a page with plots that needs nothing else. --quick shortens a benchmark to a minute or two; its figures are \
            less sure.

            A machine that does other things at the same time gives other figures: look at the ranges and at the noise beside the \
            tails before you believe a difference.

            Examples:

              strata bench map --quick
              strata bench map --peers --html map.html
              strata bench knee --subjects strata,rwlock
            """,
        subcommands: [
            BenchMapCommand.self, BenchCacheCommand.self, BenchPoolCommand.self, BenchGrowthCommand.self,
            BenchKneeCommand.self, BenchStoreCommand.self, BenchRedisCommand.self, BenchTiersCommand.self,
            BenchMonitorCommand.self, BenchForecastCommand.self, BenchPageCommand.self,
        ])
}
