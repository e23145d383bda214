import Synchronization
import Testing

@testable import Strata

@Suite struct ValueArenaTests {
    @Test func findsWhatWasInserted_untilItIsRemoved() throws {
        let arena = ValueArena<UInt64>(capacity: 3)
        let first = try #require(arena.insert(10))
        let second = try #require(arena.insert(20))
        #expect(arena[first] == 10)
        #expect(arena[second] == 20)
        #expect(arena.remove(first) == 10)
        #expect(arena.remove(first) == nil)
        #expect(arena[first] == nil)
        let third = try #require(arena.insert(30))
        #expect(third.place == first.place, "the last to go is the first to come")
        #expect(third != first)
        #expect(arena[first] == nil)
        #expect(arena[third] == 30)
        #expect(arena.count == 2)
    }

    @Test func isFull_andHasRoomAgain() throws {
        let arena = ValueArena<Int>(capacity: 100)
        let indices = (0..<100).compactMap { arena.insert($0) }
        #expect(indices.count == 100)
        #expect(arena.insert(0) == nil)
        arena.remove(indices[50])
        #expect(arena.insert(7) != nil)
        #expect(ValueArena<Int>(capacity: 0).insert(1) == nil)
    }

    @Test func refusesIndicesThatNeverWere() {
        let arena = ValueArena<Int>(capacity: 2)
        #expect(arena[.init(place: 9, generation: 1)] == nil)
        #expect(arena[.init(place: 0, generation: 0)] == nil)
        #expect(arena.remove(.init(place: 0, generation: 0)) == nil)
        #expect(arena.remove(.init(place: 9, generation: 1)) == nil)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func agreesWithADictionary(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let arena = ValueArena<UInt64>(capacity: 50)
        var model: [ValueArena<UInt64>.Index: UInt64] = [:]
        var gone: [ValueArena<UInt64>.Index] = []
        for _ in 0..<20_000 {
            if Bool.random(using: &generator) {
                let value = generator.next()
                let index = arena.insert(value)
                #expect((index == nil) == (model.count == 50))
                if let index {
                    #expect(model.updateValue(value, forKey: index) == nil)
                }
            } else if let (index, value) = model.randomElement(using: &generator) {
                #expect(arena.remove(index) == value)
                model[index] = nil
                gone.append(index)
            }
            if let index = gone.randomElement(using: &generator) { #expect(arena[index] == nil) }
            if let (index, value) = model.randomElement(using: &generator) { #expect(arena[index] == value) }
        }
        #expect(arena.count == model.count)
    }

    @Test func handsOutEachPlaceOnce_underThreads() {
        let arena = ValueArena<UInt64>(capacity: 64)
        let wrong = Atomic<Int>(0)
        runThreads(4) { thread in
            var generator = SeededGenerator(seed: UInt64(thread) + 1)
            var mine: [(ValueArena<UInt64>.Index, UInt64)] = []
            for step in 0..<30_000 as Range<UInt64> {
                if mine.count < 14, generator.next() % 2 == 0 {
                    let value = UInt64(thread) << 32 | step
                    guard let index = arena.insert(value) else { continue }
                    mine.append((index, value))
                } else if !mine.isEmpty {
                    let (index, value) = mine.remove(at: Int(generator.next() % UInt64(mine.count)))
                    if arena[index] != value || arena.remove(index) != value {
                        wrong.wrappingAdd(1, ordering: .relaxed)
                    }
                }
            }
            for (index, value) in mine where arena.remove(index) != value { wrong.wrappingAdd(1, ordering: .relaxed) }
        }
        #expect(wrong.load(ordering: .relaxed) == 0)
        #expect(arena.count == 0)
        #expect((0..<64).compactMap { arena.insert($0) }.count == 64)
    }
}
