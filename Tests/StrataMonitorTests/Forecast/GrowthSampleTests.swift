import StrataMonitor
import Testing

@Suite struct GrowthSampleTests {
    @Test func areEqual_whenTimeAndValueAre() {
        #expect(GrowthSample(time: 1, value: 2) == GrowthSample(time: 1, value: 2))
        #expect(GrowthSample(time: 1, value: 2) != GrowthSample(time: 2, value: 2))
    }
}
