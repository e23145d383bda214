import ArgumentParser
import StrataLab
import Testing

@testable import strata

/// What `strata simulate` and `strata plan memory` accept, and how they complain.
@Suite struct SimulateParsingTests {
    /// Parses words behind `strata` and returns the complaint, `nil` if there is none.
    private func complaint(_ words: [String]) -> String? {
        do {
            _ = try StrataCommand.parseAsRoot(words)
            return nil
        } catch {
            return StrataCommand.fullMessage(for: error)
        }
    }

    @Test(arguments: [["1"], ["1000"], ["10k"], ["1.5m", "--shards", "8"], ["1000m"], ["10", "--policy", "lru"]])
    func acceptsSizes(words: [String]) {
        #expect(complaint(["simulate", "--trace", "a.u64", "--size"] + words) == nil)
    }

    @Test(arguments: [
        (["0"], "--size"), (["-1"], "--size"), (["nan"], "--size"), (["9223372036854775807"], "--size"),
        (["1001m"], "--size"), (["10", "--shards", "0"], "--shards"), (["10", "--shards", "11"], "--shards"),
        (["10", "--policy", "LRU"], "--policy"),
    ])
    func complainsWithTheOption(words: [String], option: String) throws {
        let text = try #require(complaint(["simulate", "--trace", "a.u64", "--size"] + words))
        #expect(text.contains(option), "\(text)")
    }

    /// History: the bytes of all values together were counted in a word that they overflowed.
    @Test func plansAbsurdAmounts() throws {
        let words = ["plan", "memory", "--entries", "1000g", "--key-bytes", "536870912", "--value-bytes", "536870912"]
        let command = try #require(try StrataCommand.parseAsRoot(words) as? PlanMemoryCommand)
        #expect(command.report.table.text.contains("HashStore"))
    }
}
