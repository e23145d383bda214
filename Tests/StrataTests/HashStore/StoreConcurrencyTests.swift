import Synchronization
import Testing

@testable import Strata

/// Readers, writers, growth, shrink, expiry and eviction at once.
@Suite(.tags(.stress))
struct StoreConcurrencyTests {
    /// A value from which its key, its own number and its length can be checked: a torn or stale read shows.
    private static func value(_ key: Int, _ number: Int) -> String {
        let core = "\(key):\(number);"
        return core + String(repeating: "\(number % 10)", count: number % 40)
    }

    private static func isIntact(_ bytes: Bytes, _ key: Int) -> Bool {
        let parts = text(bytes).split(separator: ";", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        let numbers = parts[0].split(separator: ":").compactMap { Int($0) }
        guard numbers.count == 2, numbers[0] == key else { return false }
        return parts[1].count == numbers[1] % 40 && parts[1].allSatisfy { $0 == Character("\(numbers[1] % 10)") }
    }

    @Test func everythingAtOnce() {
        var configuration = HashStore.Configuration()
        configuration.shardCount = 4
        configuration.encoding = EncodingLimits(maximumCompactFieldCount: 6, maximumCompactValueLength: 100)
        let store = HashStore(configuration: configuration, budget: MemoryBudget(policy: .allKeysLRU), now: 0)
        let empty = store.byteCount
        let time = Atomic<Int64>(1_000)
        let stop = Atomic<Bool>(false)
        let torn = Atomic<Int>(0)
        let keyCount = 400
        let rounds = 4_000

        let writer: @Sendable (UInt64) -> Void = { seed in
            var random = SeededGenerator(seed: seed)
            for round in 0..<rounds {
                let now = time.add(random.chance(8) ? 1 : 0, ordering: .relaxed).newValue
                let key = random.number(0..<keyCount)
                let fieldCount = random.number(1..<(random.chance(10) ? 20 : 4))
                let name = key % 2 == 0 ? "s\(key)" : "h\(key)"
                switch random.number(0..<10) {
                case 0: store.drop(name, now: now)
                case 1: store.setKeyDeadline(name, now + Int64(random.number(1..<50)), now: now)
                case 2 where key % 2 == 1:
                    store.dropFields(name, (0..<fieldCount).map { "f\($0)" }, now: now)
                case 3 where key % 2 == 1:
                    store.setDeadline(name, field: "f1", now + Int64(random.number(1..<50)), now: now)
                default:
                    if key % 2 == 0 {
                        store.put(name, Self.value(key, round), .keep, now: now)
                    } else {
                        let value = Self.value(key, round)
                        store.putFields(name, (0..<fieldCount).map { ("f\($0)", value) }, now: now)
                    }
                }
                if random.chance(16) {
                    // A burst of short-lived keys: growth and, later, shrinking.
                    for index in 0..<100 { store.put("burst\(seed)-\(index)", "v", .set(now + 20), now: now) }
                }
            }
        }
        let reader: @Sendable (UInt64) -> Void = { seed in
            var random = SeededGenerator(seed: seed)
            while !stop.load(ordering: .relaxed) {
                let now = time.load(ordering: .relaxed)
                let key = random.number(0..<keyCount)
                withBytes(key % 2 == 0 ? "s\(key)" : "h\(key)") { name in
                    store.read(store.key(name), now: now) { entry in
                        guard let entry else { return }
                        entry.touch(now: now, tick: 0)
                        if key % 2 == 0 {
                            if !Self.isIntact(entry.stringBytes, key) { torn.add(1, ordering: .relaxed) }
                            return
                        }
                        for field in ["f0", "f1", "f7"] {
                            withBytes(field) {
                                if let field = entry.field($0, now: now), !Self.isIntact(field.value, key) {
                                    torn.add(1, ordering: .relaxed)
                                }
                            }
                        }
                        if !entry.isTable {
                            entry.forEachField(now: now) { _, value, _ in
                                if !Self.isIntact(value, key) { torn.add(1, ordering: .relaxed) }
                            }
                        }
                    }
                }
            }
        }
        let keeper: @Sendable () -> Void = {
            var random = SeededGenerator(seed: 77)
            while !stop.load(ordering: .relaxed) {
                let now = time.load(ordering: .relaxed)
                store.expire(now: now, limit: 50)
                store.maintain(now: now)
                if random.chance(4) {
                    store.budget.maximumBytes = store.byteCount * 9 / 10
                    _ = store.evictIfNeeded(now: now)
                    store.budget.maximumBytes = 0
                }
                var cursor: UInt64 = 0
                repeat {
                    cursor = store.scan(cursor: cursor, limit: 20, now: now) { key, entry in
                        if entry.kind == .hash, text(key).first != "h" { torn.add(1, ordering: .relaxed) }
                    }
                } while cursor != 0
                _ = store.randomKey(now: now)
            }
        }
        let writersLeft = Atomic<Int>(2)
        runThreads(5) { index in
            switch index {
            case 0, 1:
                writer(UInt64(index + 1))
                if writersLeft.subtract(1, ordering: .relaxed).newValue == 0 { stop.store(true, ordering: .relaxed) }
            case 2, 3: reader(UInt64(index + 1))
            default: keeper()
            }
        }
        #expect(torn.load(ordering: .relaxed) == 0)
        let now = time.load(ordering: .relaxed)
        let keys = store.allKeys(now: 0)
        #expect(keys.count == store.keyCount)
        for key in keys { store.drop(key, now: now) }
        store.settle(now: now)
        #expect(store.keyCount == 0)
        #expect(store.expiringKeyCount == 0)
        for index in 0..<store.shardCount {
            #expect(store.shards[index].deadlines.itemCount == 0)
            #expect(store.shards[index].retired.count == 0)
        }
        let rings = (0..<store.shardCount).reduce(0) { $0 + store.shards[$1].retired.ringByteCount }
        #expect(store.byteCount - rings <= empty)
        #expect(abs(store.budget.usedBytes - store.byteCount) <= store.shardCount * StoreShard.reportingStep)
        #expect(store.budget.retiredBytes == 0)
    }

    @Test func appendsAreSeenWhole() {
        let store = HashStore(now: 0)
        let stop = Atomic<Bool>(false)
        let torn = Atomic<Int>(0)
        let appends = 3_000
        store.put("log", "")
        runThreads(2) { thread in
            guard thread == 1 else {
                for index in 0..<appends {
                    _ = store.exclusively("log", 0) { key, access in
                        withBytes(String(UnicodeScalar(UInt8(97 + index % 26)))) { access.append(key, $0) }
                    }
                }
                return stop.store(true, ordering: .relaxed)
            }
            var longest = 0
            while !stop.load(ordering: .relaxed) {
                withBytes("log") { name in
                    store.read(store.key(name), now: 0) { entry in
                        let bytes = entry?.stringBytes ?? Bytes(start: nil, count: 0)
                        if bytes.count < longest { torn.add(1, ordering: .relaxed) }
                        longest = bytes.count
                        for (index, byte) in bytes.enumerated() where byte != UInt8(97 + index % 26) {
                            torn.add(1, ordering: .relaxed)
                        }
                    }
                }
            }
        }
        #expect(torn.load(ordering: .relaxed) == 0)
        #expect(store.string("log")?.count == appends)
    }

    @Test func locksOfSeveralKeysNeverBlockEachOther() {
        var configuration = HashStore.Configuration()
        configuration.shardCount = 8
        let store = HashStore(configuration: configuration, now: 0)
        for index in 0..<32 { store.put("k\(index)", "1") }
        let mover: @Sendable (UInt64) -> Void = { seed in
            var random = SeededGenerator(seed: seed)
            for _ in 0..<3_000 {
                let arena = ByteArena()
                let keys = (0..<random.number(1..<6)).map { _ in store.key(arena.bytes("k\(random.number(0..<32))")) }
                store.withExclusiveAccess(to: keys, now: 0) { access in
                    if let first = keys.first, let last = keys.last { access.rename(first, to: last) }
                    if access.entry(keys[0]) == nil {
                        withBytes("1") { access.setString(keys[0], $0, deadline: .clear) }
                    }
                }
                if random.chance(50) { store.withExclusiveAccessToAll(now: 0) { _ in } }
                withExtendedLifetime(arena) {}
            }
        }
        runThreads(3) { mover(UInt64($0 + 1)) }
        #expect(store.keyCount == 32)
        #expect(store.allKeys().count == 32)
    }
}
