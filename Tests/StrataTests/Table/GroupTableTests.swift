import Synchronization
import Testing

@testable import Strata

/// Elements are plain numbers with the hash in them: the table sees nothing else.
private struct NumberSlot: TableSlot {
    var number: UInt64
    static var wordDecides: Bool { false }
}

@Suite(.tags(.model))
struct GroupTableTests {
    private let key = HashKey(seed: 7)

    private func hashOf(_ slot: UnsafeMutablePointer<NumberSlot>) -> UInt64 { key.hash(slot.pointee.number) }

    private func insert(_ number: UInt64, into table: borrowing GroupTable<NumberSlot>) {
        table.insert(key.hash(number), hashOf: hashOf) { $0.initialize(to: NumberSlot(number: number)) }
    }

    private func contains(_ number: UInt64, _ table: borrowing GroupTable<NumberSlot>) -> Bool {
        Epoch.withPin { table.read(key.hash(number)) { $0.pointee.number == number ? true : nil } } ?? false
    }

    private func remove(_ number: UInt64, from table: borrowing GroupTable<NumberSlot>) -> Bool {
        guard let position = table.find(key.hash(number), { $0.pointee.number == number }) else { return false }
        table.remove(position, hashOf: hashOf)
        return true
    }

    @Test(arguments: [1, 2, 3, 5, 7])
    func agreesWithSet_underRandomInsertionsAndRemovals(minimumGroupCount: Int) {
        let table = GroupTable<NumberSlot>(minimumGroupCount: minimumGroupCount)
        var model = Set<UInt64>()
        var generator = SeededGenerator(seed: UInt64(minimumGroupCount))
        for round in 0..<40_000 {
            // The set grows for a while, then shrinks, then grows again.
            let growing = (round / 8_000) % 2 == 0
            let number = UInt64.random(in: 0..<6_000, using: &generator)
            if Int.random(in: 0..<10, using: &generator) < (growing ? 8 : 2) {
                if model.insert(number).inserted { insert(number, into: table) }
            } else {
                let removed = remove(number, from: table)
                #expect(removed == (model.remove(number) != nil))
            }
            if round % 997 == 0 {
                let count = table.count
                #expect(count == model.count)
                for number in stride(from: UInt64(0), to: 6_000, by: 13) {
                    let isFound = contains(number, table)
                    #expect(isFound == model.contains(number))
                }
            }
        }
        var seen = Set<UInt64>()
        table.forEach { slot in
            let isNew = seen.insert(slot.pointee.number).inserted
            #expect(isNew)
        }
        #expect(seen == model)
        let figures = table.figures
        #expect(figures.maximumSlotsMoved <= 64)
    }

    @Test
    func givesMemoryBack_afterMassDeletion() {
        let table = GroupTable<NumberSlot>()
        let empty = table.figures.byteCount
        for number in 0..<UInt64(200_000) { insert(number, into: table) }
        let full = table.figures.byteCount
        var removed = 0
        for number in 0..<UInt64(200_000) where remove(number, from: table) { removed += 1 }
        #expect(removed == 200_000)
        while table.step(additional: 0, hashOf: hashOf) { Epoch.advance() }
        let figures = table.figures
        #expect(figures.count == 0)
        #expect(full > 200_000 * 9)
        #expect(figures.byteCount < empty + 8_192)
        #expect(figures.maximumSlotsMoved <= 64)
    }

    @Test
    func scanSeesEveryElementPresentThroughout_whileTheTableChangesSize() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20 {
            let table = GroupTable<NumberSlot>()
            let permanent = Set((0..<2_000).map { _ in UInt64.random(in: 0..<1_000_000, using: &generator) })
            for number in permanent { insert(number, into: table) }
            var passing: [UInt64] = []
            var seen = Set<UInt64>()
            var position: UInt64? = 0
            let growsFirst = Bool.random(using: &generator)
            while let next = position {
                position = table.scan(from: next, groupCount: 2, mask: ~0xffff, hashOf: hashOf) {
                    seen.insert($0.pointee.number)
                }
                if (seen.count < 1_000) == growsFirst {
                    for _ in 0..<200 {
                        let number = UInt64.random(in: 1_000_000..<2_000_000_000, using: &generator)
                        if !contains(number, table) {
                            insert(number, into: table)
                            passing.append(number)
                        }
                    }
                } else {
                    for _ in 0..<min(400, passing.count) {
                        let removed = remove(passing.removeLast(), from: table)
                        #expect(removed)
                    }
                }
            }
            #expect(permanent.isSubset(of: seen))
        }
    }

    @Test
    func randomElementsAreEvenlySpread() {
        let table = GroupTable<NumberSlot>()
        for number in 0..<UInt64(100) { insert(number, into: table) }
        var generator = SeededGenerator(seed: 11)
        var counts = [Int](repeating: 0, count: 100)
        var drawn = 0
        while drawn < 100_000 {
            if let slot = table.randomElement(using: &generator) {
                counts[Int(slot.pointee.number)] += 1
                drawn += 1
            }
        }
        // Chi-square with 99 degrees of freedom: beyond 160 in one of ten thousand runs.
        let chiSquare = counts.reduce(0.0) { $0 + Double(($1 - 1_000) * ($1 - 1_000)) / 1_000 }
        #expect(chiSquare < 160)
    }
}
