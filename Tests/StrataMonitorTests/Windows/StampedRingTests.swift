import Testing

@testable import StrataMonitor

@Suite struct StampedRingTests {
    @Test func keepsTheNewestOfEachPlace() {
        let ring = StampedRing(capacity: 4, wordCount: 2)
        var words: [UInt64] = []
        let isThere = ring.read(0, &words)
        #expect(!isThere)
        for stamp in 0..<6 as Range<UInt64> {
            let isWritten = ring.write(stamp) { UInt64($0) + stamp * 10 }
            #expect(isWritten)
        }
        let isOldThere = ring.read(1, &words)
        #expect(!isOldThere)
        _ = ring.read(5, &words)
        #expect(words == [50, 51])
        _ = ring.read(2, &words)
        #expect(words == [20, 21])
    }

    /// Records whose words belong together are never seen mixed.
    @Test func readsWholeRecords_whileOthersWrite() async {
        let ring = StampedRing(capacity: 8, wordCount: 3)
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<2 as Range<UInt64> {
                group.addTask {
                    for number in 0..<50_000 as Range<UInt64> {
                        let stamp = number * 2 + writer
                        ring.write(stamp) { stamp &* [3, 5, 7][$0] }
                    }
                }
            }
            group.addTask {
                var words: [UInt64] = []
                for stamp in 0..<100_000 as Range<UInt64> where ring.read(stamp, &words) {
                    #expect(words == [stamp * 3, stamp * 5, stamp * 7])
                }
            }
        }
        var words: [UInt64] = []
        let isLastThere = ring.read(99_998, &words) || ring.read(99_999, &words)
        #expect(isLastThere)
    }
}
