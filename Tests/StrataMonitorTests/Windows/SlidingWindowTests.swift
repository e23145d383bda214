import Testing

@testable import StrataMonitor

@Suite struct SlidingWindowTests {
    @Test func isEmpty_beforeAnythingIsAdded() {
        let window = SlidingWindow()
        #expect(window.sum(over: 30, at: 100).amount == 0)
        #expect(window.sum(over: 30, at: 100).ratio == nil)
    }

    @Test func forgetsWhatIsOlderThanTheWindow() {
        let window = SlidingWindow()
        window.add(10, of: 20, at: 100)
        window.add(1, of: 2, at: 129)
        #expect(window.sum(over: 30, at: 129).amount == 11)
        #expect(window.sum(over: 30, at: 130).amount == 1)
        #expect(window.sum(over: 900, at: 130).amount == 11)
        #expect(window.sum(over: 86_400, at: 130).ratio == 0.5)
        #expect(window.sum(over: 30, at: 200).amount == 0)
        #expect(window.totals.amount == 11)
    }

    @Test func stepsAreContinuous_whenSomeSecondsHaveNone() {
        let window = SlidingWindow()
        window.add(5, at: 1000)
        window.add(7, at: 1004)
        let steps = window.steps(.seconds, at: 1005)
        #expect(steps.map(\.amount) == [5, 7, 0])
        #expect(steps.map(\.start) == [1000, 1004, 1005])
        #expect(steps.map(\.seconds) == [4, 1, 1])
        #expect(steps[0].rate == 1.25)
    }

    /// Random amounts at random moments, compared with a list of all of them.
    ///
    /// The window may credit nothing to another step here: one thread writes.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func agreesWithAList(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let window = SlidingWindow()
        var all: [(second: Int, amount: Int, base: Int)] = []
        var second = 1_000_000
        for _ in 0..<2000 {
            second += random.next() % 3 == 0 ? Int(random.next() % 40) : 0
            let base = Int(random.next() % 10)
            let amount = Int(random.next() % 10) % (base + 1)
            window.add(amount, of: base, at: second)
            all.append((second, amount, base))
            guard random.next() % 50 == 0 else { continue }
            for length in [1, 7, 30] {
                let sum = window.sum(over: length, at: second)
                let expected = all.filter { $0.second > second - length }
                // A second without additions has no boundary of its own: what was added before it counts to where the last boundary is.
                let boundary = all.last { $0.second <= second - length }?.second
                #expect(
                    sum.amount == expected.reduce(0) { $0 + $1.amount },
                    "seed \(seed), \(length) s at \(second), boundary \(boundary ?? -1)")
                #expect(sum.base == expected.reduce(0) { $0 + $1.base }, "seed \(seed), \(length) s at \(second)")
            }
        }
        #expect(window.totals.amount == all.reduce(0) { $0 + $1.amount })
    }

    /// Several threads add while time goes on and others read: nothing is lost, nothing counted twice, and no step is negative.
    @Test func losesNothing_whenThreadsRace() async {
        let window = SlidingWindow()
        let time = ManualTime()
        let start = Int(time.now)
        let perWriter = 20_000
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    for index in 0..<perWriter {
                        if index % 1000 == 999 { time.advance(seconds: 1) }
                        window.add(1, of: 2, at: Int(time.now))
                    }
                }
            }
            group.addTask {
                for _ in 0..<500 {
                    let now = Int(time.now)
                    for step in window.steps(.seconds, at: now) {
                        #expect(step.amount >= 0 && step.base >= 0 && step.seconds > 0)
                    }
                }
            }
        }
        #expect(window.totals.amount == 3 * perWriter)
        #expect(window.totals.base == 6 * perWriter)
        #expect(Int(time.now) == start + 60)
        #expect(window.sum(over: 86_400, at: Int(time.now)).amount == 3 * perWriter)
    }
}
