import Strata
import Testing

@Suite
struct ConcurrentMapTests {
    @Test
    func returnsNil_whenKeyIsMissing() {
        let map = ConcurrentMap<UInt64, UInt64>()
        #expect(map[1] == nil)
        #expect(!map.contains(1))
        #expect(map.isEmpty)
        #expect(map.count == 0)
        #expect(map.removeValue(forKey: 1) == nil)
        #expect(map.value(forKey: 1, default: 7) == 7)
        #expect(map[1] == nil)
    }

    @Test
    func returnsOldValue_whenKeyIsSetAgain() {
        let map = ConcurrentMap<Int, String>()
        #expect(map.updateValue("a", forKey: 1) == nil)
        #expect(map.updateValue("b", forKey: 1) == "a")
        #expect(map[1] == "b")
        #expect(map.count == 1)
        #expect(map.removeValue(forKey: 1) == "b")
        #expect(map[1] == nil)
        #expect(map.isEmpty)
    }

    @Test
    func keepsFirstValue_whenInsertedIfAbsent() {
        let map = ConcurrentMap<Int, Int>()
        #expect(map.insertIfAbsent(1, forKey: 5) == nil)
        #expect(map.insertIfAbsent(2, forKey: 5) == 1)
        #expect(map[5] == 1)
        #expect(map.value(forKey: 5, orInsert: { 3 }) == 1)
        #expect(map.value(forKey: 6, orInsert: { 3 }) == 3)
        #expect(map[6] == 3)
    }

    @Test
    func setsChangesAndRemoves_whenUpdated() {
        let map = ConcurrentMap<String, Int>()
        map.update("x") { $0 = ($0 ?? 0) + 1 }
        map.update("x") { $0 = ($0 ?? 0) + 1 }
        #expect(map["x"] == 2)
        let seen = map.update("x") { value in
            defer { value = nil }
            return value
        }
        #expect(seen == 2)
        #expect(map["x"] == nil)
        map.update("x") { #expect($0 == nil) }
        #expect(map.isEmpty)
    }

    private struct Refusal: Error {}

    @Test(arguments: [true, false])
    func staysUnchanged_whenClosureThrows(_ isPresent: Bool) {
        let map = ConcurrentMap<String, [Int]>()
        if isPresent { map.updateValue([1], forKey: "x") }
        #expect(throws: Refusal.self) {
            try map.update("x") { value throws(Refusal) in
                value = [2, 3]
                throw Refusal()
            }
        }
        #expect(throws: Refusal.self) {
            try map.update("x") { value throws(Refusal) in
                value = nil
                throw Refusal()
            }
        }
        #expect(map["x"] == (isPresent ? [1] : nil))
        // The lock was released.
        map.updateValue([4], forKey: "x")
        #expect(throws: Refusal.self) { try map.merge([5], forKey: "x") { _, _ throws(Refusal) in throw Refusal() } }
        #expect(throws: Refusal.self) { try map.value(forKey: "y") { () throws(Refusal) in throw Refusal() } }
        #expect(map["x"] == [4])
        #expect(map["y"] == nil)
    }

    @Test
    func combinesValues_whenMerged() {
        let map = ConcurrentMap<String, Int>()
        #expect(map.merge(1, forKey: "a", +) == 1)
        #expect(map.merge(2, forKey: "a", +) == 3)
        map.merge([("a", 10), ("b", 1), ("b", 2), ("b", 3)], uniquingKeysWith: +)
        #expect(map.snapshot() == ["a": 13, "b": 6])
    }

    @Test
    func readsInOrderOfKeys_whenKeysAreGivenTwice() {
        let map = ConcurrentMap<Int, Int>()
        for key in 0..<100 where key % 2 == 0 { map.updateValue(key * 10, forKey: key) }
        let keys = (0..<100).flatMap { [$0, $0, 98] }
        let values = map.values(forKeys: keys)
        #expect(values == keys.map { $0 % 2 == 0 ? $0 * 10 : nil })
        #expect(map.values(forKeys: [Int]()) == [])
        #expect(map.removeValues(forKeys: [0, 0, 1, 2, 2]) == 2)
        #expect(map.count == 48)
    }

    @Test
    func keepsNilApart_whenValuesAreOptional() {
        let map = ConcurrentMap<Int, Int?>()
        map.updateValue(nil, forKey: 1)
        map.updateValue(5, forKey: 2)
        #expect(map[1] == .some(nil))
        #expect(map[2] == .some(5))
        #expect(map[3] == nil)
        #expect(map.count == 2)
        #expect(map.removeValue(forKey: 1) == .some(nil))
        #expect(map[1] == nil)
    }

    @Test
    func comparesKeysAsTheyWish_whenBitsDiffer() {
        let map = ConcurrentMap<Double, Int>()
        map.updateValue(1, forKey: 0.0)
        #expect(map[-0.0] == 1)
        #expect(map.updateValue(2, forKey: -0.0) == 1)
        #expect(map.count == 1)
        map.updateValue(3, forKey: .nan)
        #expect(map[.nan] == nil)
    }

    private struct Point: Hashable, Sendable {
        var x: Int32
        var y: Int64
    }

    private enum Color: UInt8, Hashable, Sendable { case red, green, blue }

    @Test
    func storesPlainTypesOfAllSizes() {
        expectRoundTrip(0..<50) {
            Int8($0)
        } value: {
            $0 % 2 == 0
        }
        expectRoundTrip(0..<1000) {
            UInt16($0)
        } value: {
            Float($0)
        }
        expectRoundTrip(0..<1000) {
            UInt32($0)
        } value: {
            UInt8($0 & 0xff)
        }
        expectRoundTrip(0..<1000) {
            Point(x: Int32($0), y: Int64($0) << 40)
        } value: {
            Int32($0)
        }
        expectRoundTrip(0..<1000) {
            Point(x: Int32($0), y: -1)
        } value: {
            Point(x: 0, y: Int64($0))
        }
        expectRoundTrip(0..<3) {
            Color(rawValue: UInt8($0))!
        } value: {
            Color(rawValue: UInt8(2 - $0))!
        }
        expectRoundTrip(0..<1000) {
            Double($0) / 3
        } value: {
            Optional(Int32($0))
        }
        expectRoundTrip(0..<1) {
            $0 == 0
        } value: { _ in
            Color.blue
        }
        expectRoundTrip(0..<1000) {
            "key \($0)"
        } value: {
            $0
        }
        expectRoundTrip(0..<1000) {
            $0
        } value: {
            "value \($0)"
        }
        expectRoundTrip(0..<1000) {
            [$0, $0]
        } value: {
            [$0: "\($0)"]
        }
    }

    private func expectRoundTrip<Key: Hashable & Sendable, Value: Equatable & Sendable>(
        _ range: Range<Int>, key: (Int) -> Key, value: (Int) -> Value
    ) {
        let map = ConcurrentMap<Key, Value>()
        for index in range { #expect(map.updateValue(value(index), forKey: key(index)) == nil) }
        #expect(map.count == range.count)
        for index in range { #expect(map[key(index)] == value(index)) }
        for index in range where index % 2 == 0 { #expect(map.removeValue(forKey: key(index)) == value(index)) }
        for index in range { #expect(map[key(index)] == (index % 2 == 0 ? nil : value(index))) }
    }

    @Test
    func isASet_whenValuesAreEmpty() {
        let set = ConcurrentMap<Int, Void>()
        for key in 0..<1_000 { #expect(set.insertIfAbsent((), forKey: key) == nil) }
        #expect(set.insertIfAbsent((), forKey: 5) != nil)
        #expect(set.contains(999) && !set.contains(1_000))
        #expect(set.count == 1_000)
        #expect(set.map(\.key).sorted() == Array(0..<1_000))
    }

    @Test
    func storesFunctions() {
        let map = ConcurrentMap<String, @Sendable (Int) -> Int>()
        for factor in 0..<200 { map.updateValue({ $0 * factor }, forKey: "times \(factor)") }
        for factor in 0..<200 { #expect(map["times \(factor)"]?(7) == 7 * factor) }
    }

    @Test
    func isEmpty_whenAllIsRemoved() {
        let numbers = ConcurrentMap<Int, Int>()
        let strings = ConcurrentMap<String, String>()
        for key in 0..<5000 {
            numbers.updateValue(key, forKey: key)
            strings.updateValue("\(key)", forKey: "\(key)")
        }
        numbers.removeAll()
        strings.removeAll()
        #expect(numbers.isEmpty && strings.isEmpty)
        #expect((0..<5000).allSatisfy { numbers[$0] == nil && strings["\($0)"] == nil })
        numbers.updateValue(1, forKey: 1)
        strings.updateValue("1", forKey: "1")
        #expect(numbers.snapshot() == [1: 1])
        #expect(strings.snapshot() == ["1": "1"])
    }

    @Test
    func returnsAllEntries_whenNobodyWrites() {
        let map = ConcurrentMap<Int, Int>(shardCount: 4)
        var model: [Int: Int] = [:]
        for key in 0..<3000 {
            map.updateValue(-key, forKey: key)
            model[key] = -key
        }
        #expect(map.snapshot() == model)
        #expect(Dictionary(uniqueKeysWithValues: map.map { ($0.key, $0.value) }) == model)
        #expect(map.reduce(0) { $0 + $1.key } == (0..<3000).reduce(0, +))
    }

    @Test
    func seesOldEntriesOnce_whenWalkedOverDuringGrowthAndRemoval() {
        let map = ConcurrentMap<Int, Int>(shardCount: 2)
        for key in 0..<2000 { map.updateValue(key, forKey: key) }
        var seen: [Int: Int] = [:]
        var next = 2000
        var removed = 2000
        for (key, value) in map {
            #expect(key == value)
            seen[key, default: 0] += 1
            for _ in 0..<5 {
                map.updateValue(next, forKey: next)
                next += 1
            }
            if next - removed > 4000 {
                for key in removed..<next { map.removeValue(forKey: key) }
                removed = next
            }
        }
        #expect((0..<2000).allSatisfy { seen[$0] == 1 })
        #expect(seen.values.allSatisfy { $0 == 1 })
    }
}
