import Testing

@testable import Strata

@Suite struct StoreScanTests {
    @Test(arguments: [1, 10, 1_000])
    func visitsEachKeyOnce_whenNothingChanges(limit: Int) {
        let store = HashStore(now: 0)
        for index in 0..<2_000 { store.put("k\(index)", "v") }
        let keys = store.allKeys(limit: limit)
        #expect(keys.count == 2_000)
        #expect(Set(keys).count == 2_000)
    }

    @Test func visitsNothing_whenEmpty() {
        let store = HashStore(now: 0)
        #expect(store.allKeys().isEmpty)
        #expect(store.randomKey(now: 0) == nil)
        #expect(store.scan(cursor: .max, limit: 10, now: 0) { _, _ in } == 0)
    }

    @Test func boundsTheWorkOfACall() {
        let store = HashStore(now: 0)
        for index in 0..<5_000 { store.put("k\(index)", "v") }
        var cursor: UInt64 = 0
        repeat {
            var visited = 0
            cursor = store.scan(cursor: cursor, limit: 10, now: 0) { _, _ in visited += 1 }
            #expect(visited <= 40)
            #expect(cursor < 1 << 53, "clients keep cursors in floating-point numbers")
        } while cursor != 0
    }

    @Test(arguments: [11, 12, 13, 14] as [UInt64])
    func missesNoKeyThatStays_whileTheTableGrowsAndShrinks(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var configuration = HashStore.Configuration()
        configuration.shardCount = 2
        configuration.hashSeed = seed
        let store = HashStore(configuration: configuration, now: 0)
        for index in 0..<300 { store.put("stays\(index)", "v") }
        var passing = 0
        for _ in 0..<20 {
            var seen = Set<String>()
            var cursor: UInt64 = 0
            let grows = random.chance(2)
            // A scan never ends in a table that grows faster than it is scanned.
            var left = 1_500
            repeat {
                cursor = store.scan(cursor: cursor, limit: 5, now: 0) { key, _ in seen.insert(text(key)) }
                // Change the size in the middle of it, by up to a factor of four.
                for _ in 0..<min(random.number(0..<120), left) {
                    left -= 1
                    if grows {
                        store.put("passing\(passing)", "v")
                        passing += 1
                    } else if passing > 0 {
                        passing -= 1
                        store.drop("passing\(passing)")
                    }
                }
            } while cursor != 0
            #expect((0..<300).allSatisfy { seen.contains("stays\($0)") }, "seed \(seed)")
        }
    }

    @Test(arguments: [21, 22, 23] as [UInt64])
    func missesNoFieldThatStays_whileItsTableChanges(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let store = HashStore(now: 0)
        store.putFields("h", (0..<200).map { ("stays\($0)", "v") })
        var passing = 0
        for _ in 0..<20 {
            var seen = Set<String>()
            var cursor: UInt64 = 0
            let grows = random.chance(2)
            // A scan never ends in a table that grows faster than it is scanned.
            var left = 1_500
            repeat {
                cursor = store.withEntry("h") { entry in
                    entry?.scanFields(cursor: cursor, limit: 5, now: 0) { name, _ in seen.insert(text(name)) } ?? 0
                }
                for _ in 0..<min(random.number(0..<60), left) {
                    left -= 1
                    if grows {
                        store.putFields("h", [("passing\(passing)", "v")])
                        passing += 1
                    } else if passing > 0 {
                        passing -= 1
                        store.dropFields("h", ["passing\(passing)"])
                    }
                }
            } while cursor != 0
            #expect((0..<200).allSatisfy { seen.contains("stays\($0)") }, "seed \(seed)")
        }
    }

    @Test func visitsAllFields_whenATableBecomesCompactInBetween() {
        let store = HashStore(now: 0)
        store.putFields("h", (0..<200).map { ("f\($0)", "v") })
        var seen = Set<String>()
        var cursor: UInt64 = 0
        var calls = 0
        repeat {
            cursor = store.withEntry("h") { entry in
                entry?.scanFields(cursor: cursor, limit: 10, now: 0) { name, _ in seen.insert(text(name)) } ?? 0
            }
            calls += 1
            if calls == 3 { store.dropFields("h", (20..<200).map { "f\($0)" }) }
        } while cursor != 0
        #expect(store.encoding("h") == .compact)
        #expect((0..<20).allSatisfy { seen.contains("f\($0)") })
    }

    @Test func drawsEveryKeySometimes() {
        let store = HashStore(now: 0)
        for index in 0..<64 { store.put("k\(index)", "v") }
        var draws: [[UInt8]: Int] = [:]
        for _ in 0..<64 * 200 {
            if let key = store.randomKey(now: 0) { draws[key, default: 0] += 1 }
        }
        #expect(draws.count == 64)
        #expect(draws.values.allSatisfy { (100...320).contains($0) })
    }

    @Test func worksUnderAllLocks() {
        let store = HashStore(now: 0)
        for index in 0..<100 { store.put("k\(index)", "v") }
        store.withExclusiveAccessToAll(now: 0) { _ in
            var seen = 0
            var cursor: UInt64 = 0
            repeat {
                cursor = store.scan(cursor: cursor, limit: 10, now: 0, isLocked: true) { _, _ in seen += 1 }
            } while cursor != 0
            #expect(seen == 100)
            #expect(store.randomKey(now: 0, isLocked: true) != nil)
        }
    }
}
