import Testing

@testable import Strata

@Suite struct DeadlineHeapTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func returnsItemsInOrder_whenPushedAndPoppedAtRandom(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var heap = DeadlineHeap()
        var model: [Int64] = []
        for _ in 0..<20_000 {
            if random.chance(2) || model.isEmpty {
                let deadline = Int64(random.number(0..<1000))
                heap.push(DeadlineHeap.Item(deadline: deadline, hash: UInt64(deadline) &* 7))
                model.append(deadline)
            } else {
                let least = model.min()
                let item = heap.popFirst()
                #expect(item?.deadline == least, "seed \(seed)")
                #expect(item.map { $0.hash } == least.map { UInt64($0) &* 7 }, "seed \(seed)")
                if let index = model.firstIndex(of: least ?? 0) { model.remove(at: index) }
            }
            #expect(heap.count == model.count)
        }
        heap.deallocate()
    }

    @Test func staysAHeap_whenAnyItemIsTaken() {
        var random = SeededGenerator(seed: 4)
        var heap = DeadlineHeap()
        for _ in 0..<500 { heap.push(DeadlineHeap.Item(deadline: Int64(random.number(0..<1000)), hash: 0)) }
        for _ in 0..<200 { _ = heap.popAny() }
        var last = Int64.min
        while let item = heap.popFirst() {
            #expect(item.deadline >= last)
            last = item.deadline
        }
        heap.deallocate()
        #expect(heap.byteCount == 0)
    }

    @Test func givesMemoryBack_whenItEmpties() {
        var heap = DeadlineHeap()
        for deadline in 0..<10_000 { heap.push(DeadlineHeap.Item(deadline: Int64(deadline), hash: 0)) }
        let full = heap.byteCount
        for _ in 0..<9_900 { _ = heap.popFirst() }
        #expect(heap.byteCount < full / 16)
        heap.deallocate()
        #expect(heap.earliest == Deadline.none)
    }
}
