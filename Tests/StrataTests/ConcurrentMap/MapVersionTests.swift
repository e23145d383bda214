import Strata
import Testing

@Suite
struct MapVersionTests {
    @Test
    func failsOnlyAfterAChange_withValuesInTheTable() { check { UInt64($0) } }

    @Test
    func failsOnlyAfterAChange_withWideValues() { check { WideValue($0) } }

    @Test
    func failsOnlyAfterAChange_withAllocatedEntries() { check { "\($0)" } }

    private func check<Value: Equatable & Sendable>(_ value: (Int) -> Value) {
        let map = ConcurrentMap<UInt64, Value>(shardCount: 1)
        for key in 0..<100 { map.updateValue(value(0), forKey: UInt64(key)) }

        let (first, version) = map.versionedValue(forKey: 1)
        #expect(first == value(0))
        #expect(version != .absent)
        #expect(map.versionedValue(forKey: 1).version == version)

        // Other keys change, and so does the table; this entry doesn't.
        for key in 2..<3000 { map.updateValue(value(key), forKey: UInt64(key)) }
        for key in 2..<3000 { map.removeValue(forKey: UInt64(key)) }
        #expect(map.versionedValue(forKey: 1).version == version)
        let second = map.updateValue(value(1), forKey: 1, ifVersion: version)
        #expect(second != nil)
        #expect(map.versionedValue(forKey: 1).version == second)
        #expect(map.versionedValue(forKey: 1).value == value(1))

        // An old version fails, and changes nothing.
        #expect(map.updateValue(value(2), forKey: 1, ifVersion: version) == nil)
        #expect(map[1] == value(1))

        // An equal value is a change too.
        map.updateValue(value(1), forKey: 1)
        #expect(map.updateValue(value(3), forKey: 1, ifVersion: second!) == nil)

        // So is removal, also when the key comes back with the same value.
        let third = map.versionedValue(forKey: 1).version
        map.removeValue(forKey: 1)
        #expect(map.versionedValue(forKey: 1).version == .absent)
        #expect(map.updateValue(value(1), forKey: 1, ifVersion: third) == nil)
        map.updateValue(value(1), forKey: 1)
        #expect(map.updateValue(value(4), forKey: 1, ifVersion: third) == nil)
        #expect(!map.removeValue(forKey: 1, ifVersion: third))
        #expect(map[1] == value(1))
        #expect(map.removeValue(forKey: 1, ifVersion: map.versionedValue(forKey: 1).version))
        #expect(map[1] == nil)
        #expect(!map.removeValue(forKey: 1, ifVersion: .absent))

        // Absent is a version as well.
        #expect(map.updateValue(value(5), forKey: 7, ifVersion: .absent) != nil)
        #expect(map.updateValue(value(6), forKey: 7, ifVersion: .absent) == nil)
        #expect(map[7] == value(5))
        map.removeAll()
        #expect(map.versionedValue(forKey: 7).version == .absent)
    }

    @Test
    func losesNoIncrement_whenThreadsRetry() {
        let map = ConcurrentMap<String, Int>()
        let numbers = ConcurrentMap<Int, Int>()
        runThreads(4) { _ in
            for _ in 0..<2_000 {
                while true {
                    let (value, version) = map.versionedValue(forKey: "n")
                    if map.updateValue((value ?? 0) + 1, forKey: "n", ifVersion: version) != nil { break }
                }
                while true {
                    let (value, version) = numbers.versionedValue(forKey: 1)
                    if numbers.updateValue((value ?? 0) + 1, forKey: 1, ifVersion: version) != nil { break }
                }
            }
        }
        #expect(map["n"] == 8_000)
        #expect(numbers[1] == 8_000)
    }
}
