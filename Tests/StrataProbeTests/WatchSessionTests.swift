import Foundation
import Testing

@testable import StrataProbe

/// Programs that don't know Strata, watched from their start to their end.
///
/// One at a time: signals and the environment belong to the process.
@Suite(.serialized) struct WatchSessionTests {
    /// Watches a program whose output goes to a file; a shell in between starts it.
    private func watch(
        _ words: [String], configure: (inout WatchSession) -> Void = { _ in }
    ) throws -> (outcome: WatchSession.Outcome, output: String) {
        let file = try Fixture.directory() + "/output"
        var session = WatchSession(arguments: ["/bin/sh", "-c", "exec \"$@\" > \"$0\"", file] + words)
        configure(&session)
        let outcome = try session.run()
        return (outcome, try String(contentsOfFile: file, encoding: .utf8))
    }

    @Test(arguments: [Fixture.Linking.dynamic, .staticRuntime, .unoptimized])
    func reportsEveryGrowth(linking: Fixture.Linking) throws {
        let program = try Fixture.growing(linking)
        let (outcome, output) = try watch([program, "20000", "reserve"])
        #expect(outcome.isWatched)
        #expect(outcome.status == 0)
        let expected = Fixture.growths(in: output)
        #expect(expected.count > 50)
        #expect(Fixture.growths(in: outcome.report) == expected, "\(linking)")
    }

    @Test(arguments: [0, 1, 64])
    func reportsEveryGrowth_atAnySampling(interval: Int) throws {
        let program = try Fixture.growing()
        let (outcome, output) = try watch([program, "5000"]) { $0.samplingInterval = interval }
        #expect(Fixture.growths(in: outcome.report) == Fixture.growths(in: output))
        let box = try #require(outcome.report.types.first { $0.type == "growing.Box" })
        #expect(box.count == 1667)
        #expect(box.sampled <= box.count)
        #expect(interval != 1 || box.sampled == box.count)
        #expect(interval != 0 || box.sampled == 0)
    }

    @Test func tellsGrowthOfSharedStorageWithItsOldCapacity() throws {
        let (outcome, output) = try watch([try Fixture.growing(), "1000", "share"])
        #expect(Fixture.growths(in: outcome.report) == Fixture.growths(in: output))
        let dictionary = try #require(outcome.report.growths.first { $0.type == "[Int: growing.Point]" })
        #expect(dictionary.growths.contains { $0.cause == "growth of a shared storage" })
    }

    @Test func timesGrowthsOfDictionaries() throws {
        let (outcome, _) = try watch([try Fixture.growing(), "20000"])
        let dictionary = try #require(outcome.report.growths.first { $0.type == "[Int: growing.Point]" })
        #expect(dictionary.growths.allSatisfy { $0.timed == $0.count && $0.longest > 0 })
        let largest = try #require(outcome.report.storages.first { $0.type == "[Int: growing.Point]" })
        #expect(largest.growths.map(\.newCapacity) == dictionary.growths.map(\.newCapacity))
    }

    @Test func passesOutputAndStatusOn() throws {
        let program = try Fixture.growing()
        let (outcome, output) = try watch([program, "100", "seven"])
        #expect(outcome.status == 7)
        #expect(outcome.report.ending == "exit status 7")
        #expect(output.hasPrefix("[Int: growing.Point] 0 1\n"))
    }

    @Test(arguments: [("crash", [132, 133]), ("kill", [137])])
    func reportsWhatWasSeen_whenProgramDies(word: String, statuses: [Int32]) throws {
        let (outcome, output) = try watch([try Fixture.growing(), "3000", word])
        #expect(statuses.contains(outcome.status), "\(outcome.status)")
        #expect(outcome.report.ending.hasPrefix("ended by signal"))
        #expect(Fixture.growths(in: outcome.report) == Fixture.growths(in: output))
    }

    @Test func leavesEnvironmentAsItWas() throws {
        let (_, output) = try watch([try Fixture.growing(), "1", "environment"])
        #expect(output.hasSuffix("true true\n"))
    }

    @Test func goesOn_whenProcessBecomesAnotherProgram() throws {
        let (outcome, output) = try watch([try Fixture.growing(), "3000", "again"])
        #expect(Fixture.growths(in: outcome.report) == Fixture.growths(in: output))
        #expect(!output.isEmpty)
    }

    @Test func leavesChildrenOut_whenProcessForks() throws {
        let (outcome, output) = try watch([try Fixture.growing(), "1000", "fork"])
        #expect(Fixture.growths(in: outcome.report) == Fixture.growths(in: output))
        #expect(!output.isEmpty)
    }

    @Test func leavesChildrenOut_whenSwiftProgramRunsBesideAnother() throws {
        // Two Swift programs under one shell: the first one that comes along is watched.
        let program = try Fixture.growing()
        let outcome = try WatchSession(arguments: [
            "/bin/sh", "-c", "\(program) 100 > /dev/null; \(program) 9000 > /dev/null",
        ]).run()
        let dictionary = try #require(outcome.report.growths.first { $0.type == "[Int: growing.Point]" })
        #expect(dictionary.largest == 192)
    }

    @Test func countsWhatManyThreadsDo() throws {
        let (outcome, output) = try watch([try Fixture.program("threads")]) { $0.samplingInterval = 3 }
        let figures = output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        let dictionary = try #require(outcome.report.growths.first { $0.type == "[threads.Key: threads.Leaf]" })
        let leaves = try #require(outcome.report.types.first { $0.type == "threads.Leaf" })
        #expect([dictionary.count, leaves.count] == figures)
        #expect(leaves.alive == 8 * 500)
        #expect(leaves.lifetime.count + leaves.stillAlive == leaves.sampled)
        #expect(outcome.report.threadCount >= 9)
    }

    @Test func watchesRuntimeThatIsLoadedLater() throws {
        let library = try Fixture.program("library", .library)
        let outcome = try WatchSession(arguments: [try Fixture.program("later", .withoutSwift), library]).run()
        #expect(outcome.status == 0)
        #expect(outcome.isWatched)
        let dictionary = try #require(outcome.report.growths.first { $0.type == "[Int32: Int64]" })
        #expect(dictionary.growths.map(\.newCapacity) == [1, 3, 6, 12, 24, 48, 96, 192])
        #expect(outcome.report.remarks.contains { $0.contains("loaded after") })
    }

    @Test func passesSignalsOn() throws {
        // The shell ends its parent's wait: the signal goes to the watcher, which is this process, and from there to the program.
        let program = try Fixture.growing()
        let script =
            "\(program) 100 wait > /dev/null & child=$!; trap 'kill $child; wait $child; exit 9' USR1; kill -USR1 $PPID; wait"
        let outcome = try WatchSession(arguments: ["/bin/sh", "-c", script]).run()
        #expect(outcome.status == 9)
    }

    @Test func saysSo_whenProgramIsNotSwift() throws {
        let outcome = try WatchSession(arguments: ["/bin/ls", "/dev/null"]).run()
        #expect(outcome.status == 0)
        #expect(!outcome.isWatched)
        #expect(outcome.report.text.contains("isn't a Swift program"), "\(outcome.report.text)")
    }

    @Test func saysWhy_whenProgramIsLinkedFullyStatically() throws {
        let (outcome, output) = try watchDirectly(try Fixture.growing(.staticExecutable))
        #expect(outcome.status == 0)
        #expect(!outcome.isWatched)
        #expect(outcome.report.text.contains("-static-executable"), "\(outcome.report.text)")
        #expect(output.isEmpty)
    }

    @Test func saysWhy_whenRuntimeIsStripped() throws {
        let stripped = try Fixture.directory() + "/stripped"
        let strip = Process()
        strip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        strip.arguments = ["strip", "-o", stripped, try Fixture.growing(.staticRuntime)]
        try strip.run()
        strip.waitUntilExit()
        try #require(strip.terminationStatus == 0)
        let (outcome, _) = try watchDirectly(stripped)
        #expect(!outcome.isWatched)
        #expect(outcome.report.text.contains("strip it"), "\(outcome.report.text)")
    }

    /// Without a shell in between, so that the report is about the program's own file; it is told to print nothing.
    private func watchDirectly(_ program: String) throws -> (WatchSession.Outcome, String) {
        (try WatchSession(arguments: [program, "0"]).run(), "")
    }

    @Test(arguments: [
        ("/nowhere/at/all", Int32(127)), ("no-such-program-anywhere", 127), ("/etc/passwd", 126), ("/tmp", 126),
    ])
    func complains_whenProgramCannotBeStarted(name: String, status: Int32) throws {
        let error = #expect(throws: WatchError.self) { try WatchSession(arguments: [name]).run() }
        #expect(error?.status == status)
        #expect(error?.description.contains(name) == true)
    }

    @Test func namesThePlacesThatGrew_withBacktraces() throws {
        let (outcome, output) = try watch([try Fixture.growing(), "2000"]) { $0.backtraces = true }
        #expect(Fixture.growths(in: outcome.report) == Fixture.growths(in: output))
        let place = try #require(outcome.report.backtraces.first { $0.type == "[Int: growing.Point]" })
        #expect(place.frames.contains { $0.contains("growing.fill(") }, "\(place.frames)")
    }

    @Test func writesReportsThatCanBeRead() throws {
        let (outcome, _) = try watch([try Fixture.growing(), "2000"]) { $0.threads = true }
        let decoded = try JSONDecoder().decode(AllocationReport.self, from: outcome.report.json())
        #expect(decoded.growths.map(\.count) == outcome.report.growths.map(\.count))
        let html = outcome.report.html
        #expect(html.contains("[Int: growing.Point]") && html.contains("</html>"))
        #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("<script"))
        #expect(outcome.report.text.contains("0→1→3→6→12"))
    }
}
