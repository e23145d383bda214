import StrataTesting
import StrataTiering
import Testing

@Suite struct ManualClockTests {
    @Test func wakesSleepers_whenTheirMomentHasCome() async throws {
        let clock = ManualClock()
        let sleeper = Task { try await clock.sleep(until: Instant(nanoseconds: 10)) }
        while clock.sleeperCount == 0 { await Task.yield() }
        clock.advance(by: .nanoseconds(9))
        #expect(clock.sleeperCount == 1)
        clock.advance(by: .nanoseconds(1))
        try await sleeper.value
        #expect(clock.sleeperCount == 0)
    }

    @Test func throws_whenTheSleeperIsCancelled() async {
        let clock = ManualClock()
        let sleeper = Task { try await clock.sleep(until: .distantFuture) }
        while clock.sleeperCount == 0 { await Task.yield() }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }

    @Test func instantsSaturate() {
        #expect(Instant.distantFuture.advanced(by: .seconds(1)) == .distantFuture)
        #expect(Instant(nanoseconds: .min).advanced(by: .seconds(-1)) == Instant(nanoseconds: .min))
        #expect(Instant(nanoseconds: 5).duration(to: Instant(nanoseconds: 2)) == .nanoseconds(-3))
    }
}
