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

/// Who holds which place of an arena of one: an insertion that succeeds is followed by the removal of its index.
@Suite(.tags(.linearizability))
struct ValueArenaLinearizabilityTests {
    private enum OnePlace: SequentialModel {
        enum Operation: Sendable {
            case insert(UInt64, generation: UInt32?)
            case remove(generation: UInt32, UInt64?)
        }

        struct State: Hashable {
            var value: UInt64?
            var generation: UInt32 = 0
        }

        static let initialState = State()

        static func state(after operation: Operation, in state: State) -> State? {
            switch operation {
            case .insert(let value, let generation?):
                guard state.value == nil, generation == state.generation + 1 else { return nil }
                return State(value: value, generation: generation)
            case .insert(_, nil):
                return state.value == nil ? nil : state
            case .remove(let generation, let value?):
                guard state.value == value, state.generation == generation else { return nil }
                return State(value: nil, generation: generation + 1)
            case .remove(let generation, nil):
                return state.value != nil && state.generation == generation ? nil : state
            }
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func explainsHistories(seed: UInt64) {
        let arena = ValueArena<UInt64>(capacity: 1)
        let logs = PerThread<HistoryLog<OnePlace.Operation>>(count: 4)
        let shared = Mutex<ValueArena<UInt64>.Index?>(nil)
        runThreads(4) { thread in
            var generator = SeededGenerator(seed: seed &* 1000 &+ UInt64(thread))
            var log = HistoryLog<OnePlace.Operation>(capacity: 400)
            for step in 0..<400 {
                if generator.below(2) == 0 {
                    let value = UInt64(thread * 1_000_000 + step)
                    var index: ValueArena<UInt64>.Index?
                    log.record {
                        index = arena.insert(value)
                        return .insert(value, generation: index?.generation)
                    }
                    if let index { shared.withLock { $0 = index } }
                } else if let index = shared.withLock({ $0 }) {
                    // Several threads try to remove the same one.
                    log.record { .remove(generation: index.generation, arena.remove(index)) }
                }
            }
            logs[thread] = log
        }
        let operations = logs.all.flatMap(\.operations)
        let removals = operations.filter { if case .remove(_, .some) = $0.operation { true } else { false } }
        // As documented, an insertion may find nothing free while a removal is under way; at any other time it says that there is none.
        let history = operations.filter { operation in
            guard case .insert(_, nil) = operation.operation else { return true }
            return !removals.contains { $0.start <= operation.end && operation.start <= $0.end }
        }
        let isExplained = LinearizabilityChecker<OnePlace>.check(history)
        #expect(isExplained, "seed \(seed)")
    }
}
