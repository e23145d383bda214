import Testing

@testable import StrataMonitor

@Suite struct LatencyDistributionTests {
    @Test func bucketsContainTheirDurations() {
        for power in 0..<36 {
            for offset in [0, 1, 3, (1 << power) / 3, (1 << power) - 1] where offset >= 0 {
                let nanoseconds = (1 << power) + offset
                let index = LatencyBuckets.index(nanoseconds)
                #expect(LatencyBuckets.lowerBound(index) <= nanoseconds)
                if index + 1 < LatencyBuckets.count { #expect(nanoseconds < LatencyBuckets.lowerBound(index + 1)) }
            }
        }
        #expect(LatencyBuckets.index(-5) == 0)
        #expect(LatencyBuckets.index(.max) == LatencyBuckets.count - 1)
    }

    /// Quantiles of random durations are within an eighth of the exact ones.
    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func quantilesAreClose(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let durations = (0..<20_000).map { _ in Int(random.next() >> (34 + random.next() % 20)) + 20 }
        let recorder = LatencyRecorder()
        for duration in durations { recorder.record(duration) }
        let distribution = recorder.distribution
        #expect(distribution.count == durations.count)
        #expect(distribution.sum == durations.reduce(0, +))
        let sorted = durations.sorted()
        for part in [0.5, 0.9, 0.99, 0.999] {
            let exact = Double(sorted[Int(Double(sorted.count) * part)])
            let found = try #require(distribution.quantile(part)) * 1e9
            #expect(abs(found / exact - 1) < 0.13, "seed \(seed), \(part): \(found) for \(exact)")
        }
        #expect(distribution.counts(between: MetricFamily.latencyBounds).reduce(0, +) == durations.count)
    }

    @Test func differenceIsWhatWasAdded() {
        let recorder = LatencyRecorder()
        recorder.record(100, weight: 3)
        let before = recorder.distribution
        recorder.record(5000, weight: 2)
        let recent = recorder.distribution.subtracting(before)
        #expect(recent.count == 2)
        #expect(recent.sum == 10_000)
        #expect(LatencyDistribution().quantile(0.5) == nil)
    }

    @Test func losesNothing_whenThreadsRace() async {
        let recorder = LatencyRecorder()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for number in 0..<10_000 { recorder.record(number) } }
            }
        }
        #expect(recorder.distribution.count == 40_000)
    }

    @Test func matrixHasColumnsOfThreeResolutions() {
        var matrix = LatencyMatrix()
        var distribution = LatencyDistribution()
        distribution.record(1000, weight: 5)
        for second in 1000..<1400 { matrix.add(distribution, at: second) }
        matrix.add(LatencyDistribution(), at: 1400)
        let seconds = matrix.columns(.seconds, at: 1400)
        #expect(seconds.count == 299)
        #expect(seconds.first?.start == 1101)
        #expect(seconds.allSatisfy { $0.counts.reduce(0, +) == 5 })
        #expect(matrix.columns(.tenSeconds, at: 1400).map { $0.counts.reduce(0, +) }.reduce(0, +) == 2000)
        #expect(matrix.columns(.fiveMinutes, at: 1400).map(\.start) == [900, 1200])
        let quantile = LatencyMatrix.quantile(0.5, of: seconds[0].counts)
        #expect(quantile > 0.7e-6 && quantile < 1.3e-6)
    }
}
