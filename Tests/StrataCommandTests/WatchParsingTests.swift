import ArgumentParser
import Foundation
import Testing

@testable import strata

/// What the options of `strata watch` accept, and how they complain.
@Suite struct WatchParsingTests {
    /// Parses words behind `strata watch` and returns the complaint with the exit status, `nil` if there is none.
    private func complaint(_ words: [String]) -> (text: String, status: Int32)? {
        do {
            _ = try StrataCommand.parseAsRoot(["watch"] + words)
            return nil
        } catch {
            return (StrataCommand.fullMessage(for: error), StrataCommand.exitCode(for: error).rawValue)
        }
    }

    @Test(arguments: [
        ["--", "true"], ["--sample", "0", "--", "true"],
        ["--sample", "1000000", "--backtraces", "--threads", "--", "true"],
        ["--interval", "0.5", "--", "true"], ["--check-bpf"],
        ["--json", "/tmp/watch-a.json", "--html", "/tmp/watch-a.html", "--", "true"],
        ["--output", "/dev/null", "--", "true"],
    ])
    func acceptsWhatIsDocumented(words: [String]) {
        #expect(complaint(words) == nil)
    }

    @Test func leavesTheProgramsOptionsAlone() throws {
        let words = ["watch", "--sample", "8", "--", "tool", "--sample", "x", "--json", "--", "-v"]
        let command = try #require(StrataCommand.parseAsRoot(words) as? WatchCommand)
        #expect(command.sample == 8)
        #expect(command.json == nil)
        #expect(command.program == ["tool", "--sample", "x", "--json", "--", "-v"])
    }

    @Test(arguments: [
        ([], "--"), (["true"], "--"), (["--"], "--"),
        (["--sample", "1000001", "--", "true"], "--sample"), (["--sample", "many", "--", "true"], "--sample"),
        (["--interval", "nan", "--", "true"], "--interval"), (["--interval", "inf", "--", "true"], "--interval"),
        (["--interval", "86401", "--", "true"], "--interval"), (["--format", "json", "--", "true"], "--format"),
        (["--output", "/nowhere/at/all", "--", "true"], "--output"), (["--json", "/tmp", "--", "true"], "--json"),
        (["--html", "/proc/a.html", "--", "true"], "--html"), (["--json", "", "--", "true"], "--json"),
    ])
    func complains(words: [String], about: String) throws {
        let found = try #require(complaint(words), "\(words)")
        #expect(found.status == 64)
        #expect(found.text.contains(about), "\(found.text)")
    }

    /// The check before the program starts must not cost the report of the last time, nor leave an empty one.
    @Test func leavesFilesAsTheyAre_whenItChecksThem() throws {
        let directory = NSTemporaryDirectory() + "/watch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let old = directory + "/old.json"
        try "kept".write(toFile: old, atomically: true, encoding: .utf8)
        #expect(complaint(["--json", old, "--html", directory + "/new.html", "--", "true"]) == nil)
        #expect(try String(contentsOfFile: old, encoding: .utf8) == "kept")
        #expect(!FileManager.default.fileExists(atPath: directory + "/new.html"))
    }
}
