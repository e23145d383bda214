import Synchronization
import Testing

@testable import Strata

/// Serialized: the epoch is one per process, and these tests hold it back on purpose.
@Suite(.serialized, .tags(.lifetime))
struct RetireListTests {
    private func element(_ number: Int) -> UnsafeMutableRawPointer { UnsafeMutableRawPointer(bitPattern: number << 4)! }

    @Test
    func keepsWhatAReaderMayHold_untilItUnpins() {
        var list = RetireList()
        var freed = 0
        let pin = Epoch.pin()
        for number in 1...1_000 { list.retire(element(number), byteCount: 8) { _, _ in freed += 1 } }
        for _ in 0..<10 { Epoch.advance() }
        list.collect(limit: .max) { _, _ in freed += 1 }
        #expect(freed == 0)
        pin.end()
        // Other suites pin now and then: try until they have let go.
        while list.count > 0 { list.flush { _, _ in freed += 1 } }
        #expect(freed == 1_000)
        #expect(list.byteCount == 0)
    }

    @Test
    func nestedPinsHoldUntilTheOutermostEnds() {
        var list = RetireList()
        var freed = 0
        let outer = Epoch.pin()
        let inner = Epoch.pin()
        list.retire(element(1), byteCount: 8) { _, _ in freed += 1 }
        inner.end()
        for _ in 0..<5 { list.flush { _, _ in freed += 1 } }
        #expect(freed == 0)
        outer.end()
        while list.count > 0 { list.flush { _, _ in freed += 1 } }
        #expect(freed == 1)
    }

    @Test
    func freesEachElementOnce_inOrder_throughManyRoundsOfTheRing() {
        var list = RetireList()
        var freed: [Int] = []
        for number in 1...10_000 {
            list.retire(element(number), byteCount: 8) { pointer, _ in freed.append(Int(bitPattern: pointer) >> 4) }
        }
        list.drain { pointer, _ in freed.append(Int(bitPattern: pointer) >> 4) }
        #expect(freed == Array(1...10_000))
    }

    @Test
    func steadyRetirementStaysBounded() {
        var list = RetireList()
        var longest = 0
        for number in 1...100_000 {
            list.retire(element(number), byteCount: 64) { _, _ in }
            longest = max(longest, list.count)
        }
        list.drain { _, _ in }
        // Two to three intervals wait for their grace period; other tests' pins may stretch that.
        #expect(longest < 100_000 / 2)
    }
}
