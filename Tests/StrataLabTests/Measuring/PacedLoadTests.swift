import StrataLab
import Testing

@Suite struct PacedLoadTests {
    /// Time passes only when somebody looks or when the test says so.
    private struct ManualClock: LoadClock {
        var time: UInt64 = 0
        /// What each look costs.
        var step: UInt64 = 100
        mutating func now() -> UInt64 {
            time += step
            return time
        }
    }

    @Test func latenciesAreServiceTimes_whenNothingIsLate() {
        var clock = ManualClock()
        let result = PacedLoad(rate: 100_000, operationCount: 1_000).run(clock: &clock) { _, clock in clock.time += 500
        }
        let summary = result.latencies.summary
        #expect(summary.count == 1_000)
        // 500 ns of service, up to 200 of looking at the clock.
        #expect(summary.maximum <= 800)
        #expect(result.noise.count == 0)
    }

    @Test func operationsBehindAPauseAreLate() {
        var clock = ManualClock()
        let load = PacedLoad(rate: 100_000, operationCount: 10_000)
        // One operation takes 10 ms: the 1 000 that become due meanwhile have waited.
        let result = load.run(clock: &clock) { index, clock in clock.time += index == 5_000 ? 10_000_000 : 500 }
        let summary = result.latencies.summary
        #expect(result.services.summary["P99"] < 1_000)
        #expect(summary["P90"] > 1_000)
        #expect(summary["P99"] > 8_000_000)
        #expect(summary.maximum >= 10_000_000)
        #expect(result.ownLatencies.summary["P99"] > 8_000_000)
        let late = result.timeline.count { $0 > 1_000_000 }
        #expect((10...30).contains(late), "200 parts of 50 operations each: about 20 are late")
    }

    @Test func gapsOfTheIdleLoopAreNoise() {
        struct PausingClock: LoadClock {
            var time: UInt64 = 0
            var looks = 0
            mutating func now() -> UInt64 {
                looks += 1
                // The machine is away for a millisecond, once.
                time += looks == 5_000 ? 1_000_000 : 100
                return time
            }
        }
        var clock = PausingClock()
        let result = PacedLoad(rate: 100_000, operationCount: 1_000).run(clock: &clock) { _, _ in }
        // A gap of a millisecond at an operation every 10 µs counts as the hundred waits it would have caused.
        #expect((95...105).contains(Int(result.noise.count)))
        #expect(result.noise.summary.maximum >= 990_000)
        #expect(result.latencies.summary.maximum >= 900_000)
        #expect(result.ownLatencies.summary.maximum < 1_000)
    }

    @Test func threadsAddUp() {
        var total = PacedLoad.Result()
        for pause in [500, 900] as [UInt64] {
            var clock = ManualClock()
            total.add(
                PacedLoad(rate: 1_000, operationCount: 100).run(clock: &clock) { _, clock in clock.time += pause })
        }
        #expect(total.latencies.count == 200)
        #expect(total.busy >= 100 * 1_400)
    }
}
