import Testing

@testable import Strata

@Suite struct AccessWordTests {
    @Test func countsIdleTimeInSeconds() {
        let word = AccessWord(createdAt: 5_000)
        #expect(word.idleSeconds(at: 5_999) == 0)
        #expect(word.idleSeconds(at: 6_000) == 1)
        #expect(word.idleSeconds(at: 125_000) == 120)
    }

    @Test func countsIdleTimeAcrossTheWrapOfSeconds() {
        let wrap: Int64 = 0x100_0000 * 1000
        let word = AccessWord(createdAt: wrap - 2_000)
        #expect(word.idleSeconds(at: wrap + 3_000) == 5)
    }

    @Test func counterFallsByOnePerMinuteWithoutAccess() {
        var word = AccessWord(createdAt: 0)
        for _ in 0..<5 { word = word.accessed(at: 0, random: 0) }
        #expect(word.frequency(at: 0) == 10)
        #expect(word.frequency(at: 59_000) == 10)
        #expect(word.frequency(at: 60_000) == 9)
        #expect(word.frequency(at: 600_000) == 0)
        #expect(word.frequency(at: 6_000_000) == 0)
    }

    @Test func counterRisesWithTheLogarithmOfAccesses() {
        var random = SeededGenerator(seed: 5)
        var counters: [Int] = []
        for accesses in [10, 100, 1_000, 10_000, 100_000] {
            var sum = 0
            for _ in 0..<5 {
                var word = AccessWord(createdAt: 0)
                for _ in 0..<accesses {
                    word = word.accessed(at: 0, random: UInt32.random(in: 0 ... .max, using: &random))
                }
                sum += Int(word.frequency(at: 0))
            }
            counters.append(sum / 5)
        }
        // Redis publishes 10, 18, 142 and 255 for 100, 1000, 100 K and 1 M accesses with the same factor.
        #expect((6...8).contains(counters[0]))
        #expect((8...13).contains(counters[1]))
        #expect((15...22).contains(counters[2]))
        #expect((42...56).contains(counters[3]))
        #expect((130...155).contains(counters[4]))
    }

    @Test func counterStopsAtItsLimit() {
        var word = AccessWord(createdAt: 0)
        for _ in 0..<400 { word = word.accessed(at: 0, random: 0) }
        #expect(word.frequency(at: 0) == 255)
    }

    @Test func refreshingKeepsTheCounter() {
        var word = AccessWord(createdAt: 0)
        for _ in 0..<20 { word = word.accessed(at: 0, random: 0) }
        let refreshed = word.refreshed(at: 30_000)
        #expect(refreshed.frequency(at: 30_000) == word.frequency(at: 30_000))
        #expect(refreshed.idleSeconds(at: 31_000) == 1)
    }

    @Test func toleratesReadersWithAnOlderTime() {
        let word = AccessWord(createdAt: 100_000)
        #expect(word.frequency(at: 98_000) == AccessWord.initialFrequency)
    }
}
