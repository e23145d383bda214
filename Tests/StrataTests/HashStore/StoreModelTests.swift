import Testing

@testable import Strata

/// Random operations with an injected time against plain dictionaries.
@Suite struct StoreModelTests {
    struct ModelField: Equatable {
        var value: String
        var deadline: Int64?
    }

    enum ModelValue: Equatable {
        case string(String)
        case hash([String: ModelField])
    }

    struct ModelEntry: Equatable {
        var value: ModelValue
        var deadline: Int64?
    }

    /// The expected state: the same semantics without any cleverness.
    struct Model {
        var entries: [String: ModelEntry] = [:]

        mutating func collect(_ now: Int64) {
            entries = entries.filter { ($0.value.deadline ?? .max) > now }
            for (key, entry) in entries {
                guard case .hash(let fields) = entry.value else { continue }
                entries[key]?.value = .hash(fields.filter { ($0.value.deadline ?? .max) > now })
            }
        }

        func fields(_ key: String) -> [String: ModelField] {
            if case .hash(let fields)? = entries[key]?.value { fields } else { [:] }
        }

        func isString(_ key: String) -> Bool { if case .string? = entries[key]?.value { true } else { false } }
        func isHash(_ key: String) -> Bool { if case .hash? = entries[key]?.value { true } else { false } }
    }

    @Test(arguments: [(1, 8), (2, 8), (3, 40), (4, 40), (5, 3), (6, 16)] as [(UInt64, Int)])
    func behavesLikeDictionaries(seed: UInt64, fieldLimit: Int) {
        var random = SeededGenerator(seed: seed)
        var configuration = HashStore.Configuration()
        configuration.shardCount = 4
        configuration.encoding = EncodingLimits(maximumCompactFieldCount: fieldLimit, maximumCompactValueLength: 20)
        configuration.hashSeed = seed
        let store = HashStore(configuration: configuration, now: 0)
        let other = HashStore(configuration: configuration, budget: store.budget, now: 0)
        var model = Model()
        var now: Int64 = 1000
        let keyCount = 30
        for step in 0..<12_000 {
            if random.chance(4) { now += Int64(random.number(0..<40)) }
            collect(&model, store, now)
            let key = "key:\(random.number(0..<keyCount))"
            apply(random.number(0..<17), key, &random, store, other, &model, now)
            collect(&model, store, now)
            if step % 16 == 0 {
                compare(store, model, now, "seed \(seed) step \(step)")
            }
            if step % 200 == 0 { store.maintain(now: now) }
        }
        compare(store, model, now, "seed \(seed) at the end")
        // What is empty because all fields have expired is collected when asked for.
        while store.expire(now: now, limit: 100) > 0 {}
        let live = model.entries
        #expect(Set(store.allKeys(now: now)) == Set(live.keys), "seed \(seed)")
        #expect(store.keyCount == live.count, "seed \(seed)")
        #expect(store.expiringKeyCount == live.values.count { $0.deadline != nil }, "seed \(seed)")
    }

    /// Drops what has expired from the model.
    ///
    /// A hash whose fields have all expired is there until somebody looks or `expire` comes by, which is left open on
    /// purpose: take it out of both.
    private func collect(_ model: inout Model, _ store: HashStore, _ now: Int64) {
        model.collect(now)
        for (key, entry) in model.entries where entry.value == .hash([:]) {
            store.drop(key, now: now)
            model.entries[key] = nil
        }
    }

    /// Takes a hash without live fields out of both: if expired fields are left, the store still has it.
    private func dropEmpty(_ key: String, _ model: inout Model, _ store: HashStore, _ now: Int64) {
        store.drop(key, now: now)
        model.entries[key] = nil
    }

    private func apply(
        _ operation: Int, _ key: String, _ random: inout SeededGenerator, _ store: HashStore, _ other: HashStore,
        _ model: inout Model, _ now: Int64
    ) {
        let deadline = now + Int64(random.number(1..<200))
        switch operation {
        case 0:
            let value = value(&random)
            let change: HashStore.DeadlineChange = random.chance(2) ? .clear : random.chance(2) ? .keep : .set(deadline)
            let kept = model.entries[key]?.deadline
            store.put(key, value, change, now: now)
            model.entries[key] = ModelEntry(value: .string(value), deadline: applied(change, kept))
        case 1 where !model.isHash(key):
            let suffix = value(&random)
            let length = store.exclusively(key, now) { key, access in withBytes(suffix) { access.append(key, $0) } }
            var old = ""
            if case .string(let string)? = model.entries[key]?.value { old = string }
            model.entries[key] = ModelEntry(value: .string(old + suffix), deadline: model.entries[key]?.deadline)
            #expect(length == (old + suffix).utf8.count)
        case 2 where model.isString(key):
            guard case .string(let old)? = model.entries[key]?.value else { return }
            let offset = random.number(0..<(old.utf8.count + 5))
            let patch = value(&random)
            _ = store.exclusively(key, now) { key, access in withBytes(patch) { access.overwrite(key, at: offset, $0) }
            }
            guard !patch.isEmpty else { return }
            var bytes = Array(old.utf8)
            while bytes.count < offset + patch.utf8.count { bytes.append(0) }
            bytes.replaceSubrange(offset..<(offset + patch.utf8.count), with: patch.utf8)
            model.entries[key]?.value = .string(String(decoding: bytes, as: UTF8.self))
        case 3, 4, 5, 6, 7:
            guard !model.isString(key) else { return }
            let many = random.chance(6) ? 30 : 4
            let fields = (0..<random.number(1..<many)).map { _ in ("f\(random.number(0..<45))", value(&random)) }
            let change: HashStore.DeadlineChange = random.chance(2) ? .clear : random.chance(2) ? .keep : .set(deadline)
            var expected = model.fields(key)
            var created = 0
            for (name, value) in fields {
                if expected[name] == nil { created += 1 }
                expected[name] = ModelField(value: value, deadline: applied(change, expected[name]?.deadline))
            }
            #expect(store.putFields(key, fields, change, now: now) == created)
            model.entries[key] = ModelEntry(value: .hash(expected), deadline: model.entries[key]?.deadline)
        case 8, 9, 10:
            guard model.isHash(key) else { return }
            let names = (0..<random.number(1..<8)).map { _ in "f\(random.number(0..<45))" }
            var expected = model.fields(key)
            let removed = names.count { expected.removeValue(forKey: $0) != nil }
            #expect(store.dropFields(key, names, now: now) == removed)
            if removed > 0 { model.entries[key]?.value = .hash(expected) }
            if expected.isEmpty, removed > 0 { dropEmpty(key, &model, store, now) }
        case 11:
            let new: Int64? = random.chance(3) ? nil : random.chance(8) ? now : deadline
            let exists = model.entries[key] != nil
            #expect(store.setKeyDeadline(key, new, now: now) == exists)
            if exists { model.entries[key]?.deadline = new }
        case 12, 13:
            guard model.isHash(key) else { return }
            let name = "f\(random.number(0..<45))"
            let new: Int64? = random.chance(3) ? nil : random.chance(8) ? now : deadline
            var fields = model.fields(key)
            let exists = fields[name] != nil
            #expect(store.setDeadline(key, field: name, new, now: now) == exists)
            guard exists else { return }
            fields[name]?.deadline = new
            if new == now { fields[name] = nil }
            model.entries[key]?.value = .hash(fields)
            if fields.isEmpty { dropEmpty(key, &model, store, now) }
        case 14:
            #expect(store.drop(key, now: now) == (model.entries.removeValue(forKey: key) != nil))
        case 15:
            let destination = "key:\(random.number(0..<30))"
            move(key, destination, random.chance(2), store, other, &model, now)
        default:
            store.expire(now: now, limit: random.number(1..<40))
        }
    }

    private func move(
        _ source: String, _ destination: String, _ isCopy: Bool, _ store: HashStore, _ other: HashStore,
        _ model: inout Model, _ now: Int64
    ) {
        let arena = ByteArena()
        withExtendedLifetime(arena) {
            let from = store.key(arena.bytes(source))
            let to = store.key(arena.bytes(destination))
            store.withExclusiveAccess(to: [from, to], now: now) { access in
                if isCopy {
                    access.copy(from, to: to, in: access)
                    // And by way of another store, which shares the hash seed.
                    other.withExclusiveAccess(to: [from, to], now: now) { access.copy(from, to: from, in: $0) }
                } else {
                    access.rename(from, to: to)
                }
            }
            guard let entry = model.entries[source] else { return }
            model.entries[destination] = entry
            if !isCopy, source != destination { model.entries[source] = nil }
            if isCopy { compareEntry(other, source, entry, now, "copy in another store") }
        }
    }

    private func applied(_ change: HashStore.DeadlineChange, _ old: Int64?) -> Int64? {
        switch change {
        case .keep: old
        case .clear: nil
        case .set(let new): new
        }
    }

    private func value(_ random: inout SeededGenerator) -> String {
        let length = random.chance(20) ? random.number(0..<300) : random.number(0..<15)
        return String((0..<length).map { _ in "abcdefghij".randomElement(using: &random).unsafelyUnwrapped })
    }

    private func compare(_ store: HashStore, _ model: Model, _ now: Int64, _ place: String) {
        for (key, entry) in model.entries { compareEntry(store, key, entry, now, place) }
        let stored = store.allKeys(now: now, limit: 3)
        #expect(Set(stored).isSubset(of: Set(model.entries.keys)), "\(place)")
        #expect(Set(stored).count == stored.count, "\(place)")
    }

    private func compareEntry(_ store: HashStore, _ key: String, _ expected: ModelEntry, _ now: Int64, _ place: String)
    {
        switch expected.value {
        case .string(let string):
            #expect(store.string(key, now: now) == string, "\(place) \(key)")
        case .hash(let fields):
            #expect(store.fields(key, now: now) == fields.mapValues(\.value), "\(place) \(key)")
            store.withEntry(key, now: now) { entry in
                #expect(entry?.liveFieldCount(now: now) == fields.count, "\(place) \(key)")
                entry?.forEachField(now: now) { name, _, deadline in
                    #expect(deadline == fields[text(name)]?.deadline, "\(place) \(key) \(text(name))")
                }
            }
            for name in fields.keys.prefix(3) {
                #expect(store.fieldValue(key, name, now: now) == fields[name]?.value, "\(place) \(key) \(name)")
            }
        }
        #expect(store.withEntry(key, now: now) { $0?.deadline } == expected.deadline, "\(place) \(key)")
    }
}
