import Testing

@testable import Strata

@Suite struct StoreExpiryTests {
    private func store(fields: Int = 8, shards: Int = 4) -> HashStore {
        var configuration = HashStore.Configuration()
        configuration.shardCount = shards
        configuration.encoding = EncodingLimits(maximumCompactFieldCount: fields, maximumCompactValueLength: 16)
        return HashStore(configuration: configuration, now: 0)
    }

    private func itemCount(_ store: HashStore) -> Int {
        (0..<store.shardCount).reduce(0) { $0 + store.shards[$1].deadlines.itemCount }
    }

    @Test func hidesExpiredKeys_untilSomebodyCollects() {
        let store = store()
        store.put("k", "v", .set(100))
        #expect(store.string("k", now: 99) == "v")
        #expect(store.string("k", now: 100) == nil)
        #expect(store.keyCount == 1, "reading removes nothing")
        #expect(store.expiringKeyCount == 1)
        #expect(store.allKeys(now: 100).isEmpty)
        #expect(store.randomKey(now: 100) == nil)
        #expect(store.withEntry("k", now: 100) { $0 == nil })
        #expect(store.keyCount == 0)
        #expect(store.expiringKeyCount == 0)
    }

    @Test func collectsEverythingDue_inBoundedSlices() {
        let store = store()
        for index in 0..<1_000 { store.put("k\(index)", "v", .set(Int64(index + 1))) }
        store.put("stays", "v")
        var removed = 0
        for _ in 0..<200 {
            let slice = store.expire(now: 500, limit: 7)
            #expect(slice <= 7)
            removed += slice
        }
        #expect(removed == 500)
        #expect(store.keyCount == 501)
        #expect(store.expire(now: 500, limit: 1_000) == 0)
        #expect(store.expire(now: 10_000, limit: 10_000) == 500)
        #expect(store.keyCount == 1)
        #expect(itemCount(store) == 0)
    }

    @Test func findsKeys_whoseDeadlineMoved() {
        let store = store()
        for index in 0..<100 { store.put("k\(index)", "v", .set(1_000)) }
        for index in 0..<50 { store.setKeyDeadline("k\(index)", 100) }
        for index in 50..<100 { store.setKeyDeadline("k\(index)", 5_000) }
        #expect(store.expire(now: 100, limit: 1_000) == 50)
        #expect(store.expire(now: 1_000, limit: 1_000) == 0)
        #expect(store.expire(now: 5_000, limit: 1_000) == 50)
    }

    @Test func forgetsDeadlines_whenTheyAreTakenAway() {
        let store = store()
        for index in 0..<100 { store.put("k\(index)", "v", .set(100)) }
        for index in 0..<100 { store.setKeyDeadline("k\(index)", nil) }
        #expect(store.expiringKeyCount == 0)
        #expect(itemCount(store) == 0)
        #expect(store.expire(now: 100, limit: 1_000) == 0)
        #expect(store.keyCount == 100)
    }

    @Test func keepsTheIndexSmall_whenKeysWithDeadlinesComeAndGo() {
        let store = store(shards: 1)
        for index in 0..<50 { store.put("stays\(index)", "v", .set(Int64.max - 1)) }
        for index in 0..<20_000 {
            store.put("lock", "owner", .set(1_000_000 + Int64(index)))
            store.drop("lock")
            store.put("session\(index)", "v", .set(2_000_000))
            store.drop("session\(index)")
        }
        #expect(itemCount(store) < 1_000)
        #expect(store.expire(now: Int64.max - 1, limit: 10_000) == 50)
    }

    @Test func keepsTheIndexSmall_whenDeadlinesGoBackAndForth() {
        let store = store(shards: 1)
        for index in 0..<10_000 {
            store.put("k\(index % 20)", "v", .set(1_000_000))
            store.setKeyDeadline("k\(index % 20)", 500_000 - Int64(index % 1_000))
        }
        #expect(itemCount(store) < 1_000)
        #expect(store.expire(now: 500_000, limit: 10_000) == 20)
    }

    @Test(arguments: [8, 2])
    func collectsFields(limit: Int) {
        let store = store(fields: limit)
        for key in 0..<20 {
            store.putFields("h\(key)", (0..<6).map { ("f\($0)", "v") })
            for field in 0..<3 { store.setDeadline("h\(key)", field: "f\(field)", Int64(100 * (field + 1))) }
        }
        #expect(store.expire(now: 99, limit: 10_000) == 0)
        #expect(store.expire(now: 100, limit: 10_000) == 20)
        #expect(store.withEntry("h3", now: 100) { $0?.fieldCount } == 5)
        #expect(store.withEntry("h3", now: 250) { $0?.liveFieldCount(now: 250) } == 4)
        #expect(store.expire(now: 300, limit: 10_000) == 40)
        #expect(store.withEntry("h3", now: 300) { $0?.fieldCount } == 3)
        for key in 0..<20 { store.putFields("h\(key)", (3..<6).map { ("f\($0)", "v") }, .set(400), now: 300) }
        #expect(store.expire(now: 400, limit: 10_000) == 60)
        #expect(store.keyCount == 0)
        #expect(itemCount(store) == 0)
    }

    @Test func collectsFieldsOfALargeHashInSlices() {
        let store = store()
        store.putFields("h", (0..<1_000).map { ("f\($0)", "v") }, .set(100))
        store.putFields("h", [("stays", "v")])
        var calls = 0
        while store.withEntry("h", now: 100, { $0?.fieldCount ?? 0 }) > 1 {
            let removed = store.expire(now: 100, limit: 50)
            #expect(removed <= 50)
            calls += 1
            #expect(calls < 100)
            if calls >= 100 { break }
        }
        #expect(calls >= 20)
        #expect(store.fields("h", now: 100) == ["stays": "v"])
        #expect(store.encoding("h", now: 100) == .compact)
    }

    @Test func keyDeadlineWins_overFieldDeadlines() {
        let store = store()
        store.putFields("h", [("a", "1")], .set(500))
        store.setKeyDeadline("h", 100)
        #expect(store.fieldValue("h", "a", now: 100) == nil)
        #expect(store.expire(now: 100, limit: 10) == 1)
        #expect(store.keyCount == 0)
    }

    @Test func deadlinesSurviveChangesOfTheForm() {
        let store = store(fields: 4)
        store.putFields("h", [("a", "1")], .set(100))
        store.setKeyDeadline("h", 1_000)
        store.putFields("h", (0..<10).map { ("f\($0)", "v") })
        #expect(store.encoding("h") == .table)
        store.dropFields("h", (0..<9).map { "f\($0)" })
        #expect(store.encoding("h") == .compactWithDeadlines)
        #expect(store.expire(now: 100, limit: 10) == 1)
        #expect(store.fields("h", now: 100) == ["f9": "v"])
        #expect(store.expire(now: 1_000, limit: 10) == 1)
        #expect(store.keyCount == 0)
    }
}
