import Foundation
import Testing

@testable import StrataProbe

@Suite struct ThreadSamplerTests {
    private let root: String

    init() throws {
        root = try Fixture.directory()
    }

    private func write(_ thread: Int, state: String, ran: Int, waited: Int, name: String = "worker") throws {
        let directory = "\(root)/7/task/\(thread)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try "\(thread) (\(name)) \(state) 1 7 7".write(toFile: directory + "/stat", atomically: true, encoding: .utf8)
        try "\(ran) \(waited) 3\n".write(toFile: directory + "/schedstat", atomically: true, encoding: .utf8)
    }

    @Test func countsStatesAndFlagsDelay() throws {
        var sampler = ThreadSampler(root: root)
        try write(7, state: "R", ran: 0, waited: 0)
        try write(8, state: "S", ran: 1_000_000, waited: 0)
        sampler.look(at: 7, now: 1_000_000_000)
        try write(7, state: "R", ran: 50_000_000, waited: 40_000_000)
        try write(8, state: "D", ran: 2_000_000, waited: 0)
        sampler.look(at: 7, now: 1_100_000_000)
        let times = sampler.times
        #expect(times.map(\.identifier) == [7, 8])
        #expect(times[0].running == 2 && times[0].isDelayed)
        #expect(abs(times[0].worstDelay - 0.4) < 1e-9)
        #expect(times[1].sleeping == 1 && times[1].blocked == 1 && !times[1].isDelayed)
    }

    @Test func keepsThreadsThatEnded() throws {
        var sampler = ThreadSampler(root: root)
        try write(9, state: "R", ran: 5, waited: 0)
        sampler.look(at: 7, now: 1)
        try FileManager.default.removeItem(atPath: root + "/7/task/9")
        sampler.look(at: 7, now: 2)
        sampler.look(at: 12345, now: 3)
        #expect(sampler.times.map(\.identifier) == [9])
    }

    @Test func readsNamesWithParentheses() throws {
        let parts = try #require(ThreadSampler.nameAndState("12 (a) R (b) S 1 2"))
        #expect(parts.name == "a) R (b" && parts.state == "S")
        #expect(ThreadSampler.nameAndState("nothing") == nil)
    }
}
