import Testing

@testable import StrataServer

@Suite struct MemoryReleaseScheduleTests {
    private let megabyte = 1 << 20

    @Test func leavesAProcessAlone_whoseMemoryIsData() {
        var schedule = MemoryReleaseSchedule()
        let answer1 = schedule.isCheckDue(now: 0)
        #expect(answer1)
        let answer2 = schedule.begins(residentBytes: 140 * megabyte, usedBytes: 100 * megabyte)
        #expect(!answer2)
        let answer3 = schedule.isCheckDue(now: MemoryReleaseSchedule.interval - 1)
        #expect(!answer3)
        let answer4 = schedule.isCheckDue(now: MemoryReleaseSchedule.interval)
        #expect(answer4)
    }

    @Test func triesAgainSoon_whenItHelped() {
        var schedule = MemoryReleaseSchedule()
        let answer5 = schedule.isCheckDue(now: 0)
        #expect(answer5)
        let answer6 = schedule.begins(residentBytes: 1000 * megabyte, usedBytes: megabyte)
        #expect(answer6)
        let answer7 = schedule.isCheckDue(now: 1_000_000)
        #expect(!answer7, "one is under way")
        schedule.ends(now: 10, before: 1000 * megabyte, after: 100 * megabyte)
        let answer8 = schedule.isCheckDue(now: MemoryReleaseSchedule.interval)
        #expect(!answer8)
        let answer9 = schedule.isCheckDue(now: 10 + MemoryReleaseSchedule.interval)
        #expect(answer9)
    }

    @Test func waitsLongerAndLonger_whenItDidNotHelp() {
        var schedule = MemoryReleaseSchedule()
        var now: Int64 = 0
        var waits: [Int64] = []
        for _ in 0..<12 {
            let start = now
            while !schedule.isCheckDue(now: now) { now += 1_000 }
            waits.append(now - start)
            let answer10 = schedule.begins(residentBytes: 1000 * megabyte, usedBytes: megabyte)
            #expect(answer10)
            schedule.ends(now: now, before: 1000 * megabyte, after: 990 * megabyte)
        }
        #expect(waits.dropFirst() == waits.dropFirst().sorted()[...])
        #expect(waits.last == MemoryReleaseSchedule.longestWait)
    }
}
