import Synchronization
import Testing

@testable import Strata

/// Threads against each other on few keys, so that every window between two steps of a write is hit; then the books.
///
/// What is written describes itself: a string is its key over and over, a field's value begins with key and field and
/// ends with the number of the write. A reader that is shown another entry's memory, half of a write, or memory that was
/// freed, notices. Under the address sanitizer the last is certain.
@Suite(.tags(.stress))
struct StoreStressTests {
    private static let stringKeys = (0..<6).map { "string:\($0)" }
    private static let hashKeys = (0..<6).map { "hash:\($0)" }
    /// Pairs that are renamed to each other; their values name the pair and not the key.
    private static let movedKeys = (0..<3).map { ("moved:\($0):a", "moved:\($0):b", "moved:\($0)") }

    private func makeStore(_ shardCount: Int, _ budget: MemoryBudget = MemoryBudget()) -> HashStore {
        var configuration = HashStore.Configuration()
        configuration.shardCount = shardCount
        configuration.encoding = EncodingLimits(maximumCompactFieldCount: 12, maximumCompactValueLength: 40)
        configuration.hashSeed = 42
        return HashStore(configuration: configuration, budget: budget, now: 0)
    }

    private func value(_ owner: String, _ field: String, _ number: UInt64) -> String {
        "\(owner)/\(field)=" + String(repeating: "x", count: Int(number % 23)) + ";\(number)"
    }

    private func isValue(_ bytes: Bytes, _ owner: String, _ field: String) -> Bool {
        let value = text(bytes)
        guard value.hasPrefix("\(owner)/\(field)="), let end = value.lastIndex(of: ";"),
            let number = UInt64(value[value.index(after: end)...])
        else { return false }
        return value == self.value(owner, field, number)
    }

    // MARK: Writers

    private func write(_ store: HashStore, _ random: inout SeededGenerator, _ now: Int64) {
        switch random.number(0..<20) {
        case 0..<4: writeString(store, &random, now)
        case 4..<12:
            let key = Self.hashKeys.randomElement(using: &random).unsafelyUnwrapped
            changeHash(store, key, owner: key, &random, now)
        case 12..<16: move(store, &random, now)
        case 16: store.expire(now: now, limit: 20)
        case 17: store.maintain(now: now)
        default:
            let key = (Self.stringKeys + Self.hashKeys).randomElement(using: &random).unsafelyUnwrapped
            if random.chance(3) {
                store.drop(key, now: now)
            } else {
                store.setKeyDeadline(key, random.chance(2) ? nil : now + Int64(random.number(1..<30)), now: now)
            }
        }
    }

    private func writeString(_ store: HashStore, _ random: inout SeededGenerator, _ now: Int64) {
        let key = Self.stringKeys.randomElement(using: &random).unsafelyUnwrapped
        let piece = key + ","
        store.exclusively(key, now) { key, access in
            withBytes(piece) { piece in
                switch random.number(0..<6) {
                case 0: access.setString(key, piece, deadline: .clear)
                case 1: access.setString(key, piece, deadline: .set(now + 20))
                case 2:
                    let length = access.entry(key)?.stringBytes.count ?? 0
                    let start = length / piece.count / 2 * piece.count
                    access.overwrite(key, at: start, piece)
                case 3 where (access.entry(key)?.stringBytes.count ?? 0) > 4_000: access.remove(key)
                default: access.append(key, piece)
                }
            }
        }
    }

    private func changeHash(
        _ store: HashStore, _ key: String, owner: String, _ random: inout SeededGenerator, _ now: Int64
    ) {
        if random.chance(5) {
            store.dropFields(key, (0..<random.number(1..<20)).map { _ in "f\(random.number(0..<24))" }, now: now)
        } else if random.chance(4) {
            let deadline = random.chance(3) ? nil : now + Int64(random.number(1..<30))
            store.setDeadline(key, field: "f\(random.number(0..<24))", deadline, now: now)
        } else {
            let number = random.next() >> 8
            // Few fields keep a hash compact, many make it a table: it goes back and forth.
            let count = random.chance(3) ? random.number(10..<24) : random.number(1..<5)
            let fields = (0..<count).map { _ -> (String, String) in
                let field = "f\(random.number(0..<24))"
                return (field, value(owner, field, number))
            }
            let change: HashStore.DeadlineChange = random.chance(3) ? .set(now + 25) : random.chance(2) ? .keep : .clear
            store.putFields(key, fields, change, now: now)
        }
    }

    private func move(_ store: HashStore, _ random: inout SeededGenerator, _ now: Int64) {
        let (first, second, owner) = Self.movedKeys.randomElement(using: &random).unsafelyUnwrapped
        let (from, to) = random.chance(2) ? (first, second) : (second, first)
        if random.chance(2) { return changeHash(store, from, owner: owner, &random, now) }
        let arena = ByteArena()
        withExtendedLifetime(arena) {
            let keys = [store.key(arena.bytes(from)), store.key(arena.bytes(to))]
            store.withExclusiveAccess(to: keys, now: now) { access in
                if random.chance(3) {
                    access.copy(keys[0], to: keys[1], in: access)
                } else {
                    access.rename(keys[0], to: keys[1])
                }
            }
        }
    }

    // MARK: Readers

    private func read(_ store: HashStore, _ random: inout SeededGenerator, _ now: Int64) -> String? {
        switch random.number(0..<8) {
        case 0, 1:
            let key = Self.stringKeys.randomElement(using: &random).unsafelyUnwrapped
            guard let string = store.string(key, now: now) else { return nil }
            let piece = key + ","
            let repeated = String(repeating: piece, count: string.utf8.count / piece.utf8.count)
            return string == repeated ? nil : "\(key) is \(string)"
        case 2...6:
            let pair = Self.movedKeys.randomElement(using: &random).unsafelyUnwrapped
            let hash = Self.hashKeys.randomElement(using: &random).unsafelyUnwrapped
            let (key, owner) = random.chance(3) ? (random.chance(2) ? pair.0 : pair.1, pair.2) : (hash, hash)
            return readHash(store, key, owner, "f\(random.number(0..<24))", now)
        default:
            let known = Set(Self.stringKeys + Self.hashKeys + Self.movedKeys.flatMap { [$0.0, $0.1] })
            return store.allKeys(now: now, limit: 3).first { !known.contains($0) }
        }
    }

    private func readHash(_ store: HashStore, _ key: String, _ owner: String, _ name: String, _ now: Int64) -> String? {
        withBytes(key) { bytes in
            store.read(store.key(bytes), now: now) { entry -> String? in
                guard let entry else { return nil }
                guard entry.kind == .hash, text(entry.keyBytes) == key else { return "another entry for \(key)" }
                if let field = withBytes(name, { entry.field($0, now: now) }), !isValue(field.value, owner, name) {
                    return "\(key) \(name) is \(text(field.value))"
                }
                guard !entry.isTable else { return nil }
                var wrong: String?
                var count = 0
                entry.forEachField(now: .min) { name, value, _ in
                    count += 1
                    if !isValue(value, owner, text(name)) { wrong = "\(key) \(text(name)) is \(text(value))" }
                }
                return wrong
                    ?? (count == entry.fieldCount ? nil : "\(key) has \(count) fields and says \(entry.fieldCount)")
            }
        }
    }

    // MARK: Tests

    @Test(arguments: [1, 4])
    func readersSeeOnlyWhatWasWritten_whateverWritersDo(shardCount: Int) {
        let budget = MemoryBudget()
        let store = makeStore(shardCount, budget)
        let clock = Atomic<Int>(1)
        let wrong = Mutex<[String]>([])
        runThreads(4) { index in
            var random = SeededGenerator(seed: UInt64(shardCount * 100 + index))
            for _ in 0..<8_000 {
                let now = Int64(clock.load(ordering: .relaxed))
                if random.chance(50) { clock.add(1, ordering: .relaxed) }
                if index < 2 {
                    write(store, &random, now)
                } else if let problem = read(store, &random, now) {
                    wrong.withLock { $0.append(problem) }
                }
            }
        }
        #expect(wrong.withLock { $0.prefix(3) } == [])

        let end = Int64(clock.load(ordering: .relaxed)) + 1_000
        store.settle(now: end)
        while store.expire(now: end, limit: 1_000) > 0 {}
        for key in store.allKeys(now: end) { store.drop(key, now: end) }
        store.settle(now: end)
        #expect(store.keyCount == 0)
        #expect(store.expiringKeyCount == 0)
        #expect(budget.retiredBytes == 0)
        // Lists and tables may stay a little larger than those of a new store.
        let emptyBytes = makeStore(shardCount).byteCount
        #expect(store.byteCount < emptyBytes + 32_768 * shardCount, "holds \(store.byteCount), a new one \(emptyBytes)")
        #expect(budget.usedBytes == store.byteCount)
    }
}
