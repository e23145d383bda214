import ArgumentParser
import StrataLab
import Testing

@testable import strata

/// What the benchmarks' options accept, and how they complain.
@Suite struct BenchParsingTests {
    /// Parses words behind `strata bench` and returns the complaint with the exit status, `nil` if there is none.
    private func complaint(_ words: [String]) -> (text: String, status: Int32)? {
        do {
            _ = try StrataCommand.parseAsRoot(["bench"] + words)
            return nil
        } catch {
            return (StrataCommand.fullMessage(for: error), StrataCommand.exitCode(for: error).rawValue)
        }
    }

    @Test(arguments: [
        ["map"], ["map", "--quick", "--threads", "4", "--launches", "2"], ["map", "--rows", "get,sequential,strided"],
        ["map", "--rows", "", "--distribution", "hotspot:0.3:0.7", "--mix", "60/30/10"],
        ["map", "--redis", "redis://127.0.0.1:6379", "--rate", "1000", "--seconds", "1"],
        ["cache", "--capacity", "10", "--subjects", "strata,lru", "--threads", "1"],
        ["pool"], ["pool", "--payloads", "small", "--subjects", "pool,class", "--threads", "2", "--launches", "1"],
        ["growth", "--sizes", "1k,1m"], ["knee", "--mix", "50/50", "--threads", "2"], ["store", "--threads", "1"],
        ["redis", "redis://127.0.0.1:6379"], ["page", "a.json", "--html", "/tmp/a.html"],
    ])
    func acceptsWhatIsDocumented(words: [String]) {
        #expect(complaint(words) == nil)
    }

    @Test(arguments: [
        (["map", "--threads", "0"], "--threads"), (["map", "--threads", "many"], "--threads"),
        (["map", "--launches", "0"], "--launches"), (["map", "--entries", "1"], "--entries"),
        (["map", "--rows", "get,nothing"], "--rows"), (["map", "--rows", ""], "--rows"),
        (["map", "--subjects", "strata,nobody"], "--subjects"), (["map", "--subjects", ","], "--subjects"),
        (["map", "--rows", "", "--distribution", "normal"], "--distribution"),
        (["map", "--rows", "", "--distribution", "zipf:-1"], "--distribution"),
        (["map", "--mix", "90/5"], "--mix"), (["map", "--mix", "95/5"], "--distribution"),
        (["map", "--mix", "9223372036854775807/1/9223372036854775807"], "--mix"),
        (["map", "--growth-entries", "3"], "--growth-entries"),
        (["map", "--rate", "1"], "--rate"), (["map", "--seconds", "0"], "--seconds"),
        (["map", "--redis", "localhost"], "--redis"),
        (["map", "--rows", "", "--distribution", "drifting:0.9:1e20"], "--distribution"),
        (["map", "--json", "/nowhere/at/all.json"], "/nowhere/at/all.json"), (["map", "--json", "/tmp"], "/tmp"),
        (["map", "--html", "/proc/a.html"], "/proc/a.html"), (["map", "--json", ""], "file"),
        (["map", "--html", "/tmp/a", "--json", "/tmp/a"], "/tmp/a"),
        (["cache", "--capacity", "0"], "--capacity"), (["cache", "--keys", "1"], "--keys"),
        (["cache", "--threads", "257"], "--threads"), (["cache", "--distribution", "trace:"], "--distribution"),
        (["cache", "--subjects", "redis"], "--subjects"), (["cache", "--launches", "101"], "--launches"),
        (["pool", "--subjects", "heap"], "--subjects"), (["pool", "--payloads", "large"], "--payloads"),
        (["pool", "--threads", "0"], "--threads"), (["pool", "--launches", "-1"], "--launches"),
        (["growth", "--sizes", "1x"], "--sizes"), (["growth", "--sizes", ""], "--sizes"),
        (["growth", "--subjects", "actor"], "--subjects"), (["growth", "--rounds", "0"], "--rounds"),
        (["knee", "--start", "1"], "--start"), (["knee", "--milliseconds", "1"], "--milliseconds"),
        (["knee", "--mix", "50/30/20"], "--mix"), (["knee", "--threads", "0"], "--threads"),
        (["store", "--keys", "1"], "--keys"), (["store", "--rounds", "0"], "--rounds"),
        (["store", "--threads", "300"], "--threads"), (["redis", "http://a"], "url"), (["redis"], "<url>"),
        (["page", "a.json"], "--html"), (["map", "--slow"], "--slow"),
    ])
    func complainsWithTheOption(words: [String], option: String) throws {
        let (text, status) = try #require(complaint(words), "\(words) was accepted")
        #expect(text.contains(option), "\(text)")
        #expect(status == 64)
    }

    @Test func mapBenchmark_isWhatTheOptionsSay() throws {
        let command = try #require(
            try StrataCommand.parseAsRoot(
                ["bench", "map", "--quick", "--rows", "get,zipf-95,clustered", "--threads", "4", "--entries", "5000"])
                as? BenchMapCommand)
        let benchmark = try command.benchmark()
        #expect(
            benchmark.rows.map(\.name) == ["get-1", "get-4", "zipf-95-1", "zipf-95-4", "clustered-1", "clustered-4"])
        #expect(!benchmark.includesGrowth && !benchmark.includesPaced)
        #expect(benchmark.task.keyCount == 5_000)
        #expect(benchmark.launches == 3)
    }
}
