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
    @Option(help: ArgumentHelp("A capacity in entries; may be given several times.", valueName: "count"))
    var size: [Int]
    @Option(
        help: ArgumentHelp(
            "One of \(SimulatedPolicy.allCases.map(\.rawValue).joined(separator: ", ")); may be given several times, all without.",
            valueName: "name"))
    var policy: [String] = []
    @Option(help: ArgumentHelp("Into how many shards the policy 'strata' is divided.", valueName: "count"))
    var shards = 1

    func validate() throws {
        guard !size.isEmpty, size.allSatisfy({ $0 > 0 }) else { throw ValidationError("--size must be at least 1") }
        guard shards > 0 else { throw ValidationError("--shards must be at least 1") }
        for name in policy where SimulatedPolicy(rawValue: name) == nil {
            throw ValidationError("there is no policy \(name)")
        }
    }

    func run() throws {
        let simulation = CacheSimulation(trace: try Trace(path: trace))
        print("\(simulation.keys.count) requests for \(simulation.keyCount) keys")
        let policies = policy.isEmpty ? SimulatedPolicy.allCases : policy.compactMap(SimulatedPolicy.init)
        for capacity in size {
            for policy in policies {
                let result = simulation.run(policy, capacity: capacity, shardCount: min(shards, capacity))
                let percent = String(format: "%6.2f %%", result.hitRatio * 100)
                let columns = [
                    policy.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0),
                    String(format: "%10d", capacity), percent,
                ]
                print(columns.joined(separator: " "))
            }
        }
    }
}
