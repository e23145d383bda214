import Testing

@testable import Strata

/// A key whose hashes are all but useless: only four different ones.
struct ClusteredKey: Hashable, Sendable {
    var number: Int

    func hash(into hasher: inout Hasher) { hasher.combine(number & 3) }
}

/// Random operations against a plain dictionary.
@Suite(.tags(.model))
struct MapModelTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func agreesWithDictionary_withPlainKeysAndValues(seed: UInt64) {
        compare(seed: seed, steps: 60_000, keyCount: 5_000, key: { UInt64($0) << 8 | 127 }, value: { $0 })
    }

    @Test
    func agreesWithDictionary_withFewKeys() {
        compare(seed: 4, steps: 20_000, keyCount: 20, shardCount: 1, key: { $0 }, value: { $0 })
        compare(seed: 5, steps: 20_000, keyCount: 20, shardCount: 1, key: { "\($0)" }, value: { $0 })
    }

    @Test
    func agreesWithDictionary_withStringValues() {
        compare(seed: 6, steps: 30_000, keyCount: 3_000, key: { $0 }, value: { "value number \($0)" })
    }

    @Test
    func agreesWithDictionary_withStringKeys() {
        compare(seed: 7, steps: 30_000, keyCount: 3_000, key: { "key number \($0)" }, value: { [$0] })
    }

    @Test
    func agreesWithDictionary_withOptionalValues() {
        compare(seed: 8, steps: 30_000, keyCount: 3_000, key: { $0 }, value: { $0 % 3 == 0 ? nil : Int($0) })
        compare(seed: 9, steps: 30_000, keyCount: 3_000, key: { $0 }, value: { $0 % 3 == 0 ? nil : Int32($0 % 1000) })
    }

    @Test(arguments: [12, 13] as [UInt64])
    func agreesWithDictionary_withWideValues(seed: UInt64) {
        compare(
            seed: seed, steps: 40_000, keyCount: 3_000, key: { ShortBytes("key \($0)") ?? "" },
            value: { WideValue(Int($0)) })
        compare(seed: seed, steps: 20_000, keyCount: 20, shardCount: 1, key: { $0 }, value: { WideValue(Int($0)) })
    }

    @Test
    func agreesWithDictionary_withByteStrings() {
        compare(seed: 14, steps: 30_000, keyCount: 3_000, key: { ByteString("a key that is \($0)") }, value: { $0 })
        compare(seed: 15, steps: 30_000, keyCount: 3_000, key: { Array("key \($0)".utf8) }, value: { $0 })
    }

    @Test
    func agreesWithDictionary_whenHashesCollide() {
        compare(seed: 10, steps: 6_000, keyCount: 300, key: { ClusteredKey(number: $0) }, value: { $0 })
        compare(
            seed: 16, steps: 6_000, keyCount: 300, key: { ClusteredKey(number: $0) }, value: { WideValue(Int($0)) })
        compare(seed: 11, steps: 6_000, keyCount: 300, key: { [ClusteredKey(number: $0)] }, value: { $0 })
    }

    /// Runs phases of mostly insertions and mostly removals, and compares every result and, now and then, everything.
    private func compare<Key: Hashable & Sendable, Value: Equatable & Sendable>(
        seed: UInt64, steps: Int, keyCount: Int, shardCount: Int = 4, key: (Int) -> Key, value: (UInt64) -> Value
    ) {
        let map = ConcurrentMap<Key, Value>(shardCount: shardCount, hashKey: HashKey(seed: seed))
        var model: [Key: Value] = [:]
        var generator = SeededGenerator(seed: seed)
        for step in 0..<steps {
            let grows = (step * 6 / steps) % 2 == 0
            let key = key(generator.below(keyCount))
            let value = value(generator.next() % 100_000)
            switch (generator.below(20), grows) {
            case (0, _):
                let old = model[key]
                if old == nil { model[key] = value }
                #expect(map.insertIfAbsent(value, forKey: key) == old, "seed \(seed), step \(step)")
            case (1, _):
                #expect(map[key] == model[key], "seed \(seed), step \(step)")
                #expect(map.contains(key) == (model[key] != nil), "seed \(seed), step \(step)")
            case (2, _):
                let old = map.update(key) { entry -> Value? in
                    defer { entry = entry == nil ? value : nil }
                    return entry
                }
                #expect(old == model[key], "seed \(seed), step \(step)")
                model[key] = old == nil ? value : nil
            case (3, _):
                let (found, version) = map.versionedValue(forKey: key)
                #expect(found == model[key], "seed \(seed), step \(step)")
                #expect(map.updateValue(value, forKey: key, ifVersion: version) != nil, "seed \(seed), step \(step)")
                #expect(map.updateValue(value, forKey: key, ifVersion: version) == nil, "seed \(seed), step \(step)")
                model[key] = value
            case (4..<14, true), (4..<6, false):
                #expect(map.updateValue(value, forKey: key) == model[key], "seed \(seed), step \(step)")
                model[key] = value
            default:
                #expect(map.removeValue(forKey: key) == model[key], "seed \(seed), step \(step)")
                model[key] = nil
            }
            if step % (steps / 10) == 0 { expectEqual(map, model) }
        }
        expectEqual(map, model)
        map.removeAll()
        expectEqual(map, [:])
        #expect(map.statistics.maximumSlotsMoved <= 64)
    }

    private func expectEqual<Key, Value: Equatable>(_ map: ConcurrentMap<Key, Value>, _ model: [Key: Value]) {
        #expect(map.count == model.count)
        #expect(map.snapshot() == model)
        let keys = Array(model.keys)
        #expect(map.values(forKeys: keys) == keys.map { model[$0] })
        let walked = map.map { ($0.key, $0.value) }
        #expect(walked.count == model.count)
        #expect(Dictionary(walked, uniquingKeysWith: { first, _ in first }) == model)
        let statistics = map.statistics
        #expect(statistics.count == model.count)
        #expect(statistics.probeLengths.reduce(0, +) == model.count)
    }
}
