import Testing

@testable import Strata

@Suite
struct SlotDeadlinesTests {
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func handsOutSlotsInOrder_whateverHappens(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var deadlines = SlotDeadlines(capacity: 16)
        var capacity = 16
        // What each slot's deadline really is; items may be earlier.
        var real: [UInt32: Int64] = [:]
        for _ in 0..<4_000 {
            if generator.below(500) == 0, capacity < 128 {
                capacity *= 2
                deadlines.grow(capacity: capacity)
            }
            let slot = UInt32(generator.below(capacity))
            switch generator.below(4) {
            case 0...1:
                let deadline = Int64(generator.below(1_000))
                deadlines.set(deadline, of: slot)
                real[slot] = deadline
            case 2: real[slot] = nil
            default:
                guard deadlines.earliest != CacheBlock.noDeadline else { continue }
                let first = deadlines.firstSlot
                if let deadline = real[first], deadline > deadlines.earliest {
                    deadlines.postponeFirst(to: deadline)
                } else {
                    #expect(real[first].map { $0 == deadlines.earliest } ?? true)
                    #expect(real.values.allSatisfy { $0 >= deadlines.earliest })
                    deadlines.removeFirst()
                    real[first] = nil
                }
            }
            let problems = deadlines.checkInvariants { real[$0] }
            #expect(problems == [], "seed \(seed)")
            if !problems.isEmpty { return }
        }
        #expect(deadlines.count <= capacity)
    }
}
