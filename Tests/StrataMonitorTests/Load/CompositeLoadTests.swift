import Testing

@testable import StrataMonitor

@Suite struct CompositeLoadTests {
    @Test func staysWithinItsRange_andGrowsWithEachPart() {
        #expect(CompositeLoad(processor: 0, connections: 0, latency95: nil).factor < 0.01)
        #expect(CompositeLoad(processor: 1, connections: 1, latency95: 1).factor > 0.95)
        #expect(CompositeLoad(processor: .nan, connections: -1, latency95: -1).factor < 0.01)
        var before = 0.0
        for step in 0...10 {
            let load = CompositeLoad(processor: Double(step) / 10, connections: 0.2, latency95: 0.001).factor
            #expect(load >= before)
            before = load
        }
        #expect(before > 0.8)
    }

    @Test func onePartAtItsLimitIsEnough() {
        #expect(CompositeLoad(processor: 1, connections: 0, latency95: 0).factor > 0.75)
        #expect(CompositeLoad(processor: 0, connections: 1, latency95: 0).factor > 0.75)
        #expect(CompositeLoad(processor: 0, connections: 0, latency95: 0.01).factor > 0.75)
        #expect(CompositeLoad(processor: 0.5, connections: 0.5, latency95: 0.0025).factor < 0.5)
    }

    /// When the advice changes, given a load for each second.
    private func changes(_ rule: inout ScaleRule, _ seconds: Range<Int>, _ load: (Int) -> Double) -> [Int] {
        var changes: [Int] = []
        for second in seconds where rule.update(load: load(second), time: Double(second)) { changes.append(second) }
        return changes
    }

    @Test func adviceTakesAMinute_andEndsAfterOne() {
        var rule = ScaleRule()
        let begun = changes(&rule, 0..<100) { _ in 0.8 }
        #expect(begun == [60])
        #expect(rule.isAdvising)
        // Between the limits nothing changes.
        let kept = changes(&rule, 100..<200) { _ in 0.7 }
        #expect(kept == [])
        let ended = changes(&rule, 200..<300) { _ in 0.5 }
        #expect(ended == [260])
        #expect(!rule.isAdvising)
    }

    @Test func adviceWaits_whenLoadFallsInBetween() {
        var rule = ScaleRule()
        let changes = changes(&rule, 0..<600) { $0 % 50 == 49 ? 0.7 : 0.9 }
        #expect(changes == [])
    }

    @Test func readsLinesOfTheSystem() {
        var figures = ProcessFigures()
        figures.take(
            stat: "7 (a )b) S 1 7 7 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 9 0 100 123456 300 18446744073709551615\n")
        #expect(figures.processorSeconds == 3)
        #expect(figures.threadCount == 9)
        #expect(figures.residentByteCount > 300_000)
        figures.take(stat: "nonsense")
        #expect(figures.threadCount == 9)
        #expect(ProcessFigures.quota(ofSecondVersion: "150000 100000\n") == 1.5)
        #expect(ProcessFigures.quota(ofSecondVersion: "max 100000\n") == nil)
        #expect(ProcessFigures.quota(ofFirstVersion: "-1\n", "100000\n") == nil)
        #expect(ProcessFigures.quota(ofFirstVersion: "50000\n", "100000\n") == 0.5)
        #expect(ProcessFigures.current().processorCount > 0)
    }
}
