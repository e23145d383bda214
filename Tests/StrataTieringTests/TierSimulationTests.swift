import StrataTesting
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Runs of several nodes over one store with faults, each determined by a seed.
///
/// `STRATA_SIMULATION_SEEDS` says how many seeds, `STRATA_SIMULATION_FIRST` with which to begin: one that failed is had again with
/// `STRATA_SIMULATION_FIRST=<seed> STRATA_SIMULATION_SEEDS=1`.
@Suite struct TierSimulationTests {
    private static func setting(_ name: String, _ standard: UInt64) -> UInt64 {
        getenv(name).flatMap { UInt64(String(cString: $0)) } ?? standard
    }

    @Test func keepsItsPromises_whateverHappens() {
        let first = Self.setting("STRATA_SIMULATION_FIRST", 1)
        let count = Self.setting("STRATA_SIMULATION_SEEDS", 300)
        var failures = 0
        for seed in first..<(first + count) {
            let report = TierSimulation(seed: seed).run()
            guard !report.violations.isEmpty else { continue }
            failures += 1
            Issue.record("\(report)")
            if failures == 5 { break }
        }
    }

    @Test func loadsOnceInAllProcesses_whenNothingFails() {
        var configuration = TierSimulation.Configuration()
        configuration.faultCount = 0
        for seed in 1...(50 as UInt64) {
            let report = TierSimulation(seed: seed, configuration: configuration).run()
            #expect(report.violations.isEmpty, "\(report)")
        }
    }

    @Test func doesTheSameAgain_withTheSameSeed() {
        for seed in [7, 99] as [UInt64] {
            let runs = (0..<2).map { _ in TierSimulation(seed: seed).run().operations }
            #expect(runs[0] == runs[1])
            #expect(!runs[0].isEmpty)
        }
    }
}
