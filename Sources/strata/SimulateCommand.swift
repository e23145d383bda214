import ArgumentParser
import Foundation
import StrataLab

/// `strata simulate`.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Tell what hit ratio a cache would have on a recorded trace.",
        discussion: """
            A trace is a file of little-endian 64-bit key identifiers in the order in which they were asked for, plain or compressed \
            with gzip. Every request counts, from an empty cache.

            Example:

              strata simulate --trace oltp.u64.gz --size 1000 --size 10000 --policy strata --policy lru
            """)

    @Option(help: ArgumentHelp("The trace to replay.", valueName: "path"))
    var trace: String
    @Option(
        help: ArgumentHelp(
            "A capacity in entries, as in 1000, 10k or 1m; may be given several times.", valueName: "count"))
    var size: [String]
    @Option(
        help: ArgumentHelp(
            "One of \(SimulatedPolicy.allCases.map(\.rawValue).joined(separator: ", ")); may be given several times, all without.",
            valueName: "name"))
    var policy: [String] = []
    @Option(help: ArgumentHelp("Into how many shards the policy 'strata' is divided.", valueName: "count"))
    var shards = 1

    func validate() throws {
        let sizes = try capacities()
        guard let least = sizes.min() else { throw ValidationError("--size names no capacity") }
        try check([("shards", shards, 1...least)])
        for name in policy where SimulatedPolicy(rawValue: name) == nil {
            let known = SimulatedPolicy.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--policy: there is no '\(name)'; there are \(known)")
        }
    }

    /// The sizes as numbers.
    private func capacities() throws -> [Int] {
        try size.map { text in
            guard let count = PlanMemoryCommand.count(text), (1...1_000_000_000).contains(count) else {
                throw ValidationError("--size must be a number of entries from 1 to 1000m, not '\(text)'")
            }
            return count
        }
    }

    func run() throws {
        let simulation = CacheSimulation(trace: try Trace(path: trace))
        try Results.print("\(simulation.keys.count) requests for \(simulation.keyCount) keys\n")
        let policies = policy.isEmpty ? SimulatedPolicy.allCases : policy.compactMap(SimulatedPolicy.init)
        for capacity in try capacities() {
            for policy in policies {
                let result = simulation.run(policy, capacity: capacity, shardCount: shards)
                let percent = String(format: "%6.2f %%", result.hitRatio * 100)
                let columns = [
                    policy.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0),
                    String(format: "%10ld", capacity), percent,
                ]
                try Results.print(columns.joined(separator: " ") + "\n")
            }
        }
    }
}
