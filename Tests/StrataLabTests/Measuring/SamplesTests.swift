import StrataLab
import Testing

@Suite struct SamplesTests {
    private static let medians: [([Double], Double)] = [
        ([], 0), ([3], 3), ([3, 1], 2), ([9, 1, 5], 5), ([4, 1, 3, 2], 2.5),
    ]

    @Test(arguments: Self.medians)
    func medianIsTheMiddle(values: [Double], median: Double) {
        #expect(Samples(values).median == median)
    }

    @Test func spreadIsRelative() {
        #expect(Samples([8, 10, 12]).spread == 0.4)
    }

    @Test func percentilesAreThoseOfWhatWasRecorded() {
        var recorder = LatencyRecorder()
        for value in 1...100_000 as ClosedRange<UInt64> { recorder.record(value) }
        let summary = recorder.summary
        #expect(summary.count == 100_000)
        for (name, expected) in [("P50", 50_000.0), ("P99", 99_000), ("P99.99", 99_990)] {
            #expect(abs(Double(summary[name]) - expected) / expected < 0.002, "\(name)")
        }
        #expect(summary.maximum >= 100_000)
    }

    @Test func timesBeyondTheRangeAreTheLongest() {
        var recorder = LatencyRecorder()
        recorder.record(.max)
        #expect(recorder.summary.maximum >= 100_000_000_000)
    }

    @Test func emptyRecorderHasNoTimes() {
        #expect(LatencyRecorder().summary == LatencySummary())
    }

    @Test func threadsBeginTogether() {
        let times = PinnedThreads.run(3) { _ in }
        #expect(times.count == 3)
    }

    @Test func allocationsAreCounted() throws {
        let counter = try #require(AllocationCounter())
        let before = counter.count
        let array = [Int](repeating: 1, count: 1_000)
        #expect(counter.count > before)
        #expect(counter.byteCount >= 8_000)
        blackHole(UInt64(array.count))
    }
}
