import Testing

@testable import StrataProbe

@Suite struct DurationHistogramTests {
    @Test func hasNoPercentile_whenEmpty() {
        #expect(DurationHistogram().percentile(0.5) == nil)
        #expect(DurationHistogram().count == 0)
    }

    @Test func findsTheBucketOfAShare() {
        let histogram = DurationHistogram(buckets: [
            .init(nanoseconds: 10, count: 98), .init(nanoseconds: 100, count: 1), .init(nanoseconds: 1000, count: 1),
        ])
        #expect(histogram.percentile(0) == 12)
        #expect(histogram.percentile(0.5) == 12)
        #expect(histogram.percentile(0.99) == 120)
        #expect(histogram.percentile(1) == 1200)
    }
}
