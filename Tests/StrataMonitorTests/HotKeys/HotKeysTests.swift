import Testing

@testable import StrataMonitor

@Suite struct HotKeysTests {
    /// Zipf-like streams: counts are never too low by more than was dropped, never too high by more than stated, and frequent keys are never missing.
    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func countsAreWithinTheirBounds(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let hotKeys = HotKeys(capacity: 32)
        var exact: [UInt64: Int] = [:]
        for _ in 0..<20_000 {
            // The kth key about as often as 1/k.
            let key = UInt64(1 / (Double(random.next() % 1_000_000 + 1) / 1_000_000))
            exact[key, default: 0] += 1
            hotKeys.record(hash: key, text: { "\(key)" })
        }
        let top = hotKeys.top(32)
        let bound = hotKeys.bounds
        #expect(bound.total == 20_000)
        for key in top {
            let real = Double(exact[UInt64(key.text)!]!)
            #expect(key.count >= real && key.count - key.overcount <= real, "seed \(seed), key \(key.text)")
            #expect(key.overcount <= bound.overcount, "seed \(seed), key \(key.text)")
        }
        for (key, count) in exact where Double(count) > bound.overcount {
            #expect(top.contains { $0.text == "\(key)" }, "seed \(seed), key \(key)")
        }
        #expect(top.first?.text == "\(exact.max { $0.value < $1.value }!.key)", "seed \(seed)")
    }

    @Test func oldKeysMakeRoom() {
        let hotKeys = HotKeys(capacity: 4)
        hotKeys.record(hash: 1, weight: 1000) { "old" }
        hotKeys.decay(seconds: Double(HotKeys.halfLife))
        #expect(hotKeys.top(1).first?.count == 500)
        hotKeys.record(hash: 2, weight: 600) { "young" }
        #expect(hotKeys.top(1).first?.text == "young")
        hotKeys.decay(seconds: 3600)
        #expect(hotKeys.top(1).isEmpty)
    }

    @Test func textsAreCutAndHarmless() {
        #expect(HotKeys.shown("plain ü 🙂") == "plain ü 🙂")
        #expect(HotKeys.shown("a\u{1b}[2J\n") == "a\\u{1b}[2J\\u{a}")
        #expect(HotKeys.shown("\u{202e}x") == "\\u{202e}x")
        #expect(HotKeys.shown(String(repeating: "x", count: 500)).count == HotKeys.maximumTextLength + 1)
    }
}
