import Strata
import Synchronization
import Testing

/// Threads against each other, and objects counted at the end.
@Suite(.tags(.stress, .lifetime))
struct MapStressTests {
    /// A key with a reference in it.
    private struct TrackedKey: Hashable, Sendable {
        let object: Tracked

        static func == (left: Self, right: Self) -> Bool { left.object.number == right.object.number }
        func hash(into hasher: inout Hasher) { hasher.combine(object.number) }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func keepsObjectsAliveAndFreesThem_underReadersAndWriters(seed: UInt64) {
        let count = LiveCount()
        do {
            let map = ConcurrentMap<TrackedKey, Tracked>(shardCount: 2)
            runThreads(4) { thread in
                var generator = SeededGenerator(seed: seed &* 100 &+ UInt64(thread))
                for step in 0..<15_000 {
                    // Phases in which the map fills and empties.
                    let range = (step / 2_500) % 2 == 0 ? 1_500 : 60
                    let number = UInt64(generator.below(range))
                    let key = TrackedKey(object: Tracked(number, count))
                    switch (thread < 2, generator.below(12)) {
                    case (true, 0..<4): map.updateValue(Tracked(number, count), forKey: key)
                    case (true, 4..<8): map.removeValue(forKey: key)
                    case (true, 8): map.insertIfAbsent(Tracked(number, count), forKey: key)
                    case (true, 9):
                        map.update(key) { value in value = value == nil ? Tracked(number, count) : nil }
                    case (true, 10) where step % 500 == 0: map.removeAll()
                    case (false, 0) where step % 200 == 0:
                        for (key, value) in map { #expect(key.object.number == value.number && value.isAlive) }
                    case (false, 1) where step % 200 == 0:
                        for (key, value) in map.snapshot() { #expect(key.object.number == value.number) }
                    case (false, 2):
                        for value in map.values(forKeys: [key, key]) { #expect(value.map { $0.isAlive } ?? true) }
                    default:
                        if let value = map[key] { #expect(value.isAlive && value.number == number) }
                    }
                }
            }
            #expect(count.value > 0 || map.isEmpty)
            map.removeAll()
            reclaimAll(map)
            #expect(count.value == 0, "seed \(seed): removed objects are freed without the map going")
            for number in 0..<500 as Range<UInt64> {
                map.updateValue(Tracked(number, count), forKey: TrackedKey(object: Tracked(number, count)))
            }
            for number in 0..<250 as Range<UInt64> {
                map.removeValue(forKey: TrackedKey(object: Tracked(number, count)))
            }
        }
        #expect(count.value == 0, "seed \(seed): a map that goes leaves nothing")
    }

    @Test
    func copiesOnlyLiveObjects_whenReadersFollowOneWriter() {
        // The readers are always at the entry that is being replaced or removed.
        let count = LiveCount()
        do {
            let map = ConcurrentMap<Int, Tracked>(shardCount: 1)
            let isDone = Atomic<Bool>(false)
            runThreads(3) { thread in
                if thread == 0 {
                    for step in 0..<60_000 as Range<UInt64> {
                        map.updateValue(Tracked(step * 2, count), forKey: 0)
                        map.updateValue(Tracked(step * 2 + 1, count), forKey: 1)
                        map.removeValue(forKey: 1)
                    }
                    isDone.store(true, ordering: .releasing)
                } else {
                    var wrong = 0
                    while !isDone.load(ordering: .acquiring) {
                        for key in 0..<2 {
                            guard let object = map[key] else { continue }
                            if !object.isAlive || object.number % 2 != UInt64(key) { wrong += 1 }
                        }
                    }
                    #expect(wrong == 0)
                }
            }
        }
        #expect(count.value == 0)
    }

    @Test
    func seesOnlyValuesOfTheKey_underReadersAndWriters() {
        let map = ConcurrentMap<UInt64, UInt64>(shardCount: 2)
        let keyCount = 3_000
        runThreads(4) { thread in
            var generator = SeededGenerator(seed: UInt64(thread))
            for step in 0..<60_000 {
                let key = UInt64(generator.below((step / 10_000) % 2 == 0 ? keyCount : 50))
                if thread < 2 {
                    switch generator.below(4) {
                    case 0: map.removeValue(forKey: key)
                    case 1: map.update(key) { $0 = ($0 ?? key << 32) + 1 }
                    default: map.updateValue(key << 32 | UInt64(step), forKey: key)
                    }
                } else if let value = map[key] {
                    #expect(value >> 32 == key)
                }
            }
        }
        for (key, value) in map { #expect(value >> 32 == key) }
        #expect(map.statistics.maximumSlotsMoved <= 64)
    }

    @Test
    func seesWholeValues_underReadersAndWriters() {
        let map = ConcurrentMap<UInt64, WideValue>(shardCount: 2)
        runThreads(4) { thread in
            var generator = SeededGenerator(seed: UInt64(thread))
            for step in 0..<60_000 {
                let key = generator.below((step / 10_000) % 2 == 0 ? 3_000 : 20)
                if thread < 2 {
                    switch generator.below(6) {
                    case 0: map.removeValue(forKey: UInt64(key))
                    case 1: map.update(UInt64(key)) { $0 = WideValue(($0?.number ?? key << 32) + 1) }
                    default: map.updateValue(WideValue(key << 32 | step), forKey: UInt64(key))
                    }
                } else if let value = map[UInt64(key)] {
                    #expect(value.isWhole && value.number >> 32 == key)
                }
            }
        }
        for (key, value) in map { #expect(value.isWhole && value.number >> 32 == Int(key)) }
        #expect(map.statistics.maximumSlotsMoved <= 64)
    }

    @Test
    func findsEntriesThatStay_whileTheTableMoves() {
        expectStaying {
            UInt64($0)
        } value: {
            UInt64($0)
        }
        expectStaying {
            UInt64($0)
        } value: {
            WideValue($0)
        }
        expectStaying {
            "\($0)"
        } value: {
            [$0]
        }
    }

    /// A few entries stay while others come and go in their shard, so that the table grows, shrinks and is cleaned without
    /// a pause: no read may miss one of them.
    private func expectStaying<Key: Hashable & Sendable, Value: Equatable & Sendable>(
        key: @escaping @Sendable (Int) -> Key, value: @escaping @Sendable (Int) -> Value
    ) {
        let map = ConcurrentMap<Key, Value>(shardCount: 1)
        let stayingCount = 48
        for index in 0..<stayingCount { map.updateValue(value(index), forKey: key(index)) }
        let isDone = Atomic<Bool>(false)
        runThreads(3) { thread in
            if thread == 0 {
                let deadline = monotonicNanoseconds() + 500_000_000
                var round = 0
                while monotonicNanoseconds() < deadline {
                    round += 1
                    let first = 1_000 + round % 7 * 100
                    let others = first..<(first + 100 + round % 11 * 100)
                    for index in others { map.updateValue(value(index), forKey: key(index)) }
                    for index in others { map.removeValue(forKey: key(index)) }
                }
                isDone.store(true, ordering: .releasing)
            } else {
                let keys = (0..<stayingCount).map { (key: key($0), value: value($0)) }
                var missed = 0
                while !isDone.load(ordering: .acquiring) {
                    for (key, value) in keys where map[key] != value { missed += 1 }
                }
                #expect(missed == 0)
            }
        }
    }

    @Test
    func losesNoIncrement_whenThreadsUpdateOneKey() {
        let map = ConcurrentMap<String, Int>()
        runThreads(4) { thread in
            for step in 0..<5_000 {
                map.update("all") { $0 = ($0 ?? 0) + 1 }
                map.merge(1, forKey: "thread \(thread)", +)
                map.merge(1, forKey: "step \(step % 10)", +)
            }
        }
        #expect(map["all"] == 20_000)
        for thread in 0..<4 { #expect(map["thread \(thread)"] == 5_000) }
        for step in 0..<10 { #expect(map["step \(step)"] == 2_000) }
    }

    @Test
    func makesValueOnce_whenThreadsAskAtTheSameTime() {
        let map = ConcurrentMap<Int, Tracked>()
        let count = LiveCount()
        let found = PerThread<[UInt64]>(count: 4)
        runThreads(4) { thread in
            found[thread] = (0..<2_000).map { key in
                map.value(forKey: key) { Tracked(UInt64(thread), count) }.number
            }
        }
        #expect(count.total == 2_000)
        for other in found.all { #expect(other == found[0]) }
    }

    @Test
    func countsEntries_whenThreadsInsertTheirOwn() {
        let map = ConcurrentMap<Int, Int>()
        runThreads(4) { thread in
            for index in 0..<20_000 { map.updateValue(index, forKey: thread << 32 | index) }
        }
        #expect(map.count == 80_000)
        #expect(map.snapshot().count == 80_000)
        runThreads(4) { thread in
            for index in 0..<20_000 { #expect(map.removeValue(forKey: thread << 32 | index) == index) }
        }
        #expect(map.isEmpty)
        #expect(Array(map).isEmpty)
    }

    /// Uses the map it was in when it goes: it must not be destroyed while a shard is locked.
    private final class Leaver: Sendable {
        let number: Int
        private let leave: @Sendable (Int) -> Void

        init(_ number: Int, leave: @escaping @Sendable (Int) -> Void) {
            self.number = number
            self.leave = leave
        }

        deinit { leave(number) }
    }

    @Test
    func letsDestructorsUseTheMap() {
        let gone = ConcurrentMap<Int, Int>(shardCount: 1)
        do {
            let map = ConcurrentMap<Int, Leaver>(shardCount: 1)
            let leave: @Sendable (Int) -> Void = { [weak map] number in
                gone.updateValue(number, forKey: number)
                _ = map?[number]
                map?.removeValue(forKey: -1)
            }
            for number in 0..<20_000 { map.updateValue(Leaver(number, leave: leave), forKey: number % 100) }
            reclaimAll(map)
            #expect(gone.count == 19_900)
        }
        #expect(gone.count == 20_000)
    }
}
