import StrataTiering
import Testing

@Suite struct RefreshPausesTests {
    private let start = Instant(nanoseconds: 1_000_000_000)

    @Test func allowsEverything_beforeAnythingFailed() {
        let pauses = RefreshPauses(delay: .seconds(1))
        #expect(pauses.allows(hash: 1, now: start))
    }

    @Test func doublesThePause_upToThirtyTimes() {
        var pauses = RefreshPauses(delay: .seconds(1))
        var now = start
        for factor in [1, 2, 4, 8, 16, 30, 30] {
            pauses.fail(hash: 7, now: now)
            let end = now.advanced(by: .seconds(factor))
            #expect(!pauses.allows(hash: 7, now: end.advanced(by: .nanoseconds(-1))), "\(factor) s")
            #expect(pauses.allows(hash: 7, now: end), "\(factor) s")
            now = end
        }
    }

    @Test func beginsAnew_afterASuccess() {
        var pauses = RefreshPauses(delay: .seconds(1))
        for _ in 0..<4 { pauses.fail(hash: 7, now: start) }
        pauses.succeed(hash: 7)
        #expect(pauses.allows(hash: 7, now: start))
        pauses.fail(hash: 7, now: start)
        #expect(pauses.allows(hash: 7, now: start.advanced(by: .seconds(1))))
    }

    @Test func leavesOtherKeysAlone() {
        var pauses = RefreshPauses(delay: .seconds(1))
        pauses.fail(hash: 7, now: start)
        #expect(pauses.allows(hash: 7 | 1 << 20, now: start))
        // One that shares the place, and takes it over.
        let other: UInt64 = 7 | 1 << 40
        #expect(pauses.allows(hash: other, now: start))
        pauses.succeed(hash: other)
        #expect(!pauses.allows(hash: 7, now: start))
        pauses.fail(hash: other, now: start)
        #expect(pauses.allows(hash: 7, now: start))
    }

    @Test func allowsEverything_whenCleared() {
        var pauses = RefreshPauses(delay: .seconds(1))
        pauses.fail(hash: 7, now: start)
        pauses.clear()
        #expect(pauses.allows(hash: 7, now: start))
    }
}
