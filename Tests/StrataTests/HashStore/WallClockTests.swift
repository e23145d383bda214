import Testing

@testable import Strata

@Suite struct WallClockTests {
    @Test func convertsThereAndBackExactly() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<10_000 {
            let milliseconds = Int64.random(in: 0...4_102_444_800_000, using: &random)
            let ticks = WallClock.ticks(fromUnixMilliseconds: milliseconds)
            #expect(WallClock.unixMilliseconds(fromTicks: ticks) == milliseconds)
        }
    }

    /// A client adds ten seconds to its own clock and asks at once how long that is: it must not be told eleven.
    @Test func aTimeThatAClientCalculatesIsNeverFurtherAheadThanItMeant() {
        for _ in 0..<20_000 {
            let clientNow = Int64(MonotonicClock.unixMicroseconds() / 1000)
            let ticks = WallClock.ticks(fromUnixMilliseconds: clientNow + 10_000)
            #expect(ticks - WallClock.nowTicks() <= 10_000)
        }
    }

    @Test func saturatesAtTheEnds() {
        #expect(WallClock.ticks(fromUnixMilliseconds: .min) == .min)
        #expect(WallClock.unixMilliseconds(fromTicks: .max) == .max)
        #expect(WallClock.ticks(fromUnixMilliseconds: .max) < .max)
    }

    @Test func ticksGoForwardAndTheDateIsPlausible() {
        let first = WallClock.nowTicks()
        let second = WallClock.nowTicks()
        #expect(second >= first)
        #expect(WallClock.unixMilliseconds(fromTicks: second) > 1_700_000_000_000)
    }
}
