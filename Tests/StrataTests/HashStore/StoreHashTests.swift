import Testing

@testable import Strata

@Suite struct StoreHashTests {
    private func store(fields: Int = 8, length: Int = 16) -> HashStore {
        var configuration = HashStore.Configuration()
        configuration.encoding = EncodingLimits(maximumCompactFieldCount: fields, maximumCompactValueLength: length)
        return HashStore(configuration: configuration, now: 0)
    }

    private func names(_ store: HashStore, _ key: String) -> [String] {
        store.withEntry(key) { entry in
            var names: [String] = []
            entry?.forEachField(now: 0) { name, _, _ in names.append(text(name)) }
            return names
        }
    }

    @Test func keepsTheOrderOfFirstSetting_whenCompact() {
        let store = store()
        #expect(store.putFields("h", [("b", "1"), ("a", "2"), ("b", "3")]) == 2)
        #expect(store.putFields("h", [("c", "4"), ("a", "5")]) == 1)
        #expect(names(store, "h") == ["b", "a", "c"])
        #expect(store.fields("h") == ["a": "5", "b": "3", "c": "4"])
        #expect(store.encoding("h") == .compact)
    }

    @Test func becomesATable_whenItHasTooManyFields_andCompactAgainAtHalf() {
        let store = store(fields: 8)
        for index in 0..<8 { store.putFields("h", [("f\(index)", "v")]) }
        #expect(store.encoding("h") == .compact)
        store.putFields("h", [("f8", "v")])
        #expect(store.encoding("h") == .table)
        store.dropFields("h", ["f0", "f1", "f2", "f3"])
        #expect(store.encoding("h") == .table, "five are more than half of eight")
        store.dropFields("h", ["f4"])
        #expect(store.encoding("h") == .compact)
        #expect(store.fields("h") == ["f5": "v", "f6": "v", "f7": "v", "f8": "v"])
        #expect(store.dropFields("h", ["f5", "f6", "f7", "f8"]) == 4)
        #expect(store.keyCount == 0)
    }

    @Test func becomesATable_whenAValueIsTooLong_andCompactAgainWithout() {
        let store = store(length: 16)
        let long = String(repeating: "x", count: 17)
        store.putFields("h", [("a", "1"), ("b", long)])
        #expect(store.encoding("h") == .table)
        store.putFields("h", [("b", "short")])
        #expect(store.encoding("h") == .compact)
        store.putFields("h", [(long, "1")])
        #expect(store.encoding("h") == .table)
        store.dropFields("h", [long])
        #expect(store.encoding("h") == .compact)
        #expect(store.fields("h") == ["a": "1", "b": "short"])
    }

    /// With limits of tens of thousands, every change would copy a block of megabytes.
    @Test func isATableAboveABound_whateverTheLimits_andSaysSoOnlyInside() {
        let store = store(fields: 60_000, length: 60_000)
        store.putFields("many", (0..<1000).map { ("f\($0)", "v") })
        store.putFields("long", (0..<4).map { ("f\($0)", String(repeating: "x", count: 20_000)) })
        for key in ["many", "long"] {
            #expect(store.encoding(key) == .table)
            #expect(store.nominalEncoding(key) == .compact)
        }
        store.putFields("many", [("g", String(repeating: "x", count: 60_001))])
        #expect(store.nominalEncoding("many") == .table)
        let large = (0..<60_000).map { ("f\($0)", "v") }
        store.putFields("larger", large)
        #expect(store.nominalEncoding("larger") == .compact)
        store.dropFields("larger", (0..<59_900).map { "f\($0)" })
        // The table gives its memory back in steps, and is small when it has: a few more changes, by chance of the hashes.
        for number in 59_900..<59_950 where store.encoding("larger") == .table {
            store.dropFields("larger", ["f\(number)"])
        }
        #expect(store.encoding("larger") == .compact)
    }

    @Test func followsChangedLimits_withTheNextWrite() {
        let store = store(fields: 4)
        store.putFields("h", (0..<5).map { ("f\($0)", "v") })
        #expect(store.encoding("h") == .table)
        store.limits.maximumCompactFieldCount = 100
        store.putFields("h", [("f0", "w")])
        #expect(store.encoding("h") == .compact)
        store.limits.maximumCompactValueLength = 0
        store.putFields("h", [("f0", "x")])
        #expect(store.encoding("h") == .table)
        store.limits.maximumCompactFieldCount = 1_000_000
        store.limits.maximumCompactValueLength = 1_000_000
        store.putFields("h", [("long", String(repeating: "y", count: 70_000))])
        #expect(store.encoding("h") == .table, "a block keeps within its own limits")
        #expect(store.fieldValue("h", "long")?.count == 70_000)
    }

    @Test func encodesLengthsAtTheVarintBoundaries() {
        let store = store(fields: 1_000, length: 65_536)
        for (name, value) in [(16_383, 16_384), (16_384, 16_383), (65_000, 1), (1, 65_000)] {
            var expected: [String: String] = [:]
            // A block has room for one long field at a time.
            for (name, value) in [0, 1, 63, 64, 127, 128, 129].map({ ($0, $0) }) + [(name, value)] {
                let (name, value) = (String(repeating: "n", count: name), String(repeating: "v", count: value))
                store.putFields("h\(expected.count)", [(name, value)])
                store.putFields("h", [(name, value)])
                expected[name] = value
            }
            #expect(store.encoding("h") == (name + value < 60_000 ? .compact : .table))
            #expect(store.fields("h") == expected)
            #expect(store.encoding("h7") == .compact)
            store.exclusively("h", 0) { key, access in _ = access.remove(key) }
            store.exclusively("h7", 0) { key, access in _ = access.remove(key) }
        }
    }

    @Test func countsOneField_whenTheSameNameFillsATable() {
        let store = store(fields: 4)
        #expect(store.putFields("h", (0..<50).map { ("f", "\($0)") }) == 1)
        #expect(store.fieldValue("h", "f") == "49")
        #expect(store.withEntry("h") { $0?.fieldCount } == 1)
    }

    @Test(arguments: [8, 2])
    func fieldDeadlinesFollowTheRule_whenSet(limit: Int) {
        let store = store(fields: limit)
        store.putFields("h", [("a", "1"), ("b", "2"), ("c", "3")])
        #expect(store.encoding("h") == (limit == 2 ? .table : .compact))
        #expect(store.setDeadline("h", field: "a", 100))
        #expect(!store.setDeadline("h", field: "none", 100))
        #expect(store.encoding("h") == (limit == 2 ? .table : .compactWithDeadlines))
        store.putFields("h", [("a", "4")], .keep)
        #expect(deadline(store, "a") == 100)
        store.putFields("h", [("a", "5")], .clear)
        #expect(deadline(store, "a") == nil)
        store.putFields("h", [("a", "6"), ("b", "7")], .set(300))
        #expect(deadline(store, "b") == 300)
        #expect(store.setDeadline("h", field: "b", nil))
        #expect(deadline(store, "b") == nil)
        #expect(store.fieldValue("h", "a", now: 299) == "6")
        #expect(store.fieldValue("h", "a", now: 300) == nil)
        #expect(store.putFields("h", [("a", "8")], .keep, now: 300) == 1, "an expired field counts as new")
        #expect(deadline(store, "a", now: 300) == nil, "and has no deadline to keep")
        store.putFields("h", [("b", "9")], .set(300), now: 300)
        #expect(store.fieldValue("h", "b", now: 300) == nil)
        #expect(store.fields("h", now: 300) == ["a": "8", "c": "3"])
    }

    private func deadline(_ store: HashStore, _ field: String, now: Int64 = 0) -> Int64? {
        store.withEntry("h", now: now) { entry in
            withBytes(field) { name in entry?.field(name, now: now).flatMap(\.deadline) }
        }
    }

    @Test(arguments: [8, 200])
    func drawsFieldsUniformly(count: Int) {
        let store = store(fields: 8)
        store.putFields("h", (0..<count).map { ("f\($0)", "v") })
        var random = SeededGenerator(seed: 8)
        var draws: [String: Int] = [:]
        store.withEntry("h") { entry in
            for _ in 0..<(count * 200) {
                if let (name, _) = entry?.randomField(now: 0, using: &random) { draws[text(name), default: 0] += 1 }
            }
        }
        #expect(draws.count == count)
        #expect(draws.values.allSatisfy { (120...290).contains($0) })
    }

    @Test func givesTheWholeBlockAtOnce_whenACompactHashIsScanned() {
        let store = store()
        store.putFields("h", [("a", "1"), ("b", "2")])
        var seen: [String] = []
        let cursor = store.withEntry("h") { entry in
            entry?.scanFields(cursor: 7, limit: 1, now: 0) { name, value in seen.append(text(name) + text(value)) }
        }
        #expect(cursor == 0)
        #expect(seen == ["a1", "b2"])
    }

    @Test func movesAndCopiesTables() {
        let store = store(fields: 4)
        let fields = (0..<100).map { ("f\($0)", "v\($0)") }
        store.putFields("a", fields)
        store.setDeadline("a", field: "f1", 500)
        store.setKeyDeadline("a", 1_000)
        let arena = ByteArena()
        let from = store.key(arena.bytes("a"))
        let to = store.key(arena.bytes("b"))
        store.withExclusiveAccess(to: [from, to], now: 0) { $0.rename(from, to: to) }
        #expect(store.fields("a") == nil)
        #expect(store.fields("b")?.count == 100)
        #expect(store.withEntry("b") { $0?.deadline } == 1_000)
        store.withExclusiveAccess(to: [from, to], now: 0) { $0.copy(to, to: from, in: $0) }
        store.drop("b")
        store.settle()
        #expect(store.fields("a")?.count == 100)
        #expect(store.expire(now: 500, limit: 1_000) == 1)
        #expect(store.fields("a", now: 500)?.count == 99)
        #expect(store.expire(now: 1_000, limit: 1_000) == 1)
        #expect(store.keyCount == 0)
        withExtendedLifetime(arena) {}
    }

    @Test func tellsTheObserver() {
        final class Recorder: HashStoreObserver, @unchecked Sendable {
            // Sendable because: used by one thread only.
            var changes: [String] = []
            func keyChanged(_ key: Bytes, in store: HashStore, _ change: KeyChange) {
                changes.append("\(text(key)) \(change)")
            }
        }
        let store = store()
        let recorder = Recorder()
        store.observer = recorder
        func expect(_ expected: [String], sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(recorder.changes == expected, sourceLocation: sourceLocation)
            recorder.changes = []
        }
        store.put("k", "v")
        expect(["k written"])
        store.setKeyDeadline("k", 10)
        expect(["k written"])
        _ = store.withEntry("k", now: 10) { $0 == nil }
        expect(["k expired"])
        store.putFields("h", [("a", "1"), ("b", "2")])
        expect(["h written"])
        store.setDeadline("h", field: "a", 20)
        expect(["h written"])
        #expect(store.expire(now: 20, limit: 10) == 1)
        expect(["h fieldExpired"])
        store.dropFields("h", ["b"], now: 20)
        expect(["h removed"])
        store.putFields("h", [("a", "1")], .set(30))
        recorder.changes = []
        #expect(store.expire(now: 30, limit: 10) == 1)
        expect(["h fieldExpired", "h removed"])
    }
}
