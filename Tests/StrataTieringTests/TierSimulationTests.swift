import Foundation
import StrataTesting
import Testing

/// Runs of several nodes over one store with faults, each determined by a seed.
///
/// `STRATA_SIMULATION_SEEDS` says how many seeds, `STRATA_SIMULATION_FIRST` with which to begin: one that failed is had again with
/// `STRATA_SIMULATION_FIRST=<seed> STRATA_SIMULATION_SEEDS=1`.
@Suite struct TierSimulationTests {
    private static func setting(_ name: String, _ standard: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? standard
    }

    /// Runs on a thread of its own, because it takes long and the threads of tasks are few.
    private static func run(_ seed: UInt64, _ configuration: TierSimulation.Configuration = .init()) async
        -> TierSimulation.Report
    {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: TierSimulation(seed: seed, configuration: configuration).run())
            }
        }
    }

    @Test func keepsItsPromises_whateverHappens() async {
        let first = Self.setting("STRATA_SIMULATION_FIRST", 1)
        let count = Self.setting("STRATA_SIMULATION_SEEDS", 200)
        var failures = 0
        for seed in first..<(first + count) {
            let report = await Self.run(seed)
            guard !report.violations.isEmpty else { continue }
            failures += 1
            Issue.record("\(report)")
            if failures == 5 { break }
        }
    }

    @Test func loadsOnceInAllProcesses_whenNothingFails() async {
        var configuration = TierSimulation.Configuration()
        configuration.faultCount = 0
        for seed in 1...(50 as UInt64) {
            let report = await Self.run(seed, configuration)
            #expect(report.violations.isEmpty, "\(report)")
        }
    }

    @Test func doesTheSameAgain_withTheSameSeed() async {
        for seed in [7, 99] as [UInt64] {
            let first = await Self.run(seed).operations
            let second = await Self.run(seed).operations
            #expect(first == second)
            #expect(!first.isEmpty)
        }
    }
}
