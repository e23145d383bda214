import Strata
import Synchronization
import Testing

/// What a cache is beside: a dictionary with deadlines.
///
/// What the cache evicts for room, its listener tells the model.
private final class CacheModel {
    struct Item {
        var value: Int
        var written: Int64
        var deadline: Int64
    }

    var items: [Int: Item] = [:]
    var now: Int64 = 0
    let afterWrite: Int64?
    let afterAccess: Int64?

    init(afterWrite: Int64?, afterAccess: Int64?) {
        self.afterWrite = afterWrite
        self.afterAccess = afterAccess
    }

    func value(_ key: Int) -> Int? {
        guard let item = items[key], item.deadline > now else { return nil }
        return item.value
    }

    func put(_ key: Int, _ value: Int) {
        items[key] = Item(value: value, written: now, deadline: deadline(written: now))
    }

    func touch(_ key: Int) {
        guard let item = items[key], item.deadline > now else { return }
        items[key]?.deadline = deadline(written: item.written)
    }

    private func deadline(written: Int64) -> Int64 {
        min(afterWrite.map { written + $0 } ?? .max, afterAccess.map { now + $0 } ?? .max)
    }
}

/// Seeded random operations on a cache and a model of it, with time, weights and eviction.
@Suite(.tags(.model))
struct CacheModelTests {
    struct Spec: Sendable, CustomTestStringConvertible {
        var maximum: UInt64 = 1 << 40
        var isWeighed = false
        var shardCount = 1
        var afterWrite: Int64?
        var afterAccess: Int64?

        var testDescription: String {
            "maximum \(maximum), weighed \(isWeighed), shards \(shardCount), \(afterWrite ?? 0), \(afterAccess ?? 0)"
        }
    }

    static let specs = [
        Spec(), Spec(shardCount: 4, afterWrite: 400), Spec(shardCount: 2, afterWrite: 900, afterAccess: 300),
        Spec(maximum: 50), Spec(maximum: 50, afterWrite: 300), Spec(maximum: 120, shardCount: 4, afterAccess: 200),
        Spec(maximum: 500, isWeighed: true), Spec(maximum: 500, isWeighed: true, shardCount: 4, afterWrite: 500),
        Spec(maximum: 30, isWeighed: true, afterAccess: 100),
    ]

    @Test(arguments: specs, [11, 12, 13] as [UInt64])
    func behavesLikeModel(spec: Spec, seed: UInt64) {
        let clock = ManualClock()
        let departures = Departures<Int, Int>()
        let cache: Cache<Int, Int> = makeCache {
            $0.maximumWeight = spec.maximum
            $0.weigher = { _, value in spec.isWeighed ? Self.weight(value) : 1 }
            $0.shardCount = spec.shardCount
            $0.clock = clock.clock
            $0.expireAfterWrite = spec.afterWrite.map { .milliseconds($0) }
            $0.expireAfterAccess = spec.afterAccess.map { .milliseconds($0) }
            $0.removalListener = departures.listener
        }
        let model = CacheModel(afterWrite: spec.afterWrite, afterAccess: spec.afterAccess)
        var generator = SeededGenerator(seed: seed)
        for step in 0..<6_000 {
            if generator.below(8) == 0 {
                let milliseconds = Int64(generator.below(60))
                clock.advance(by: .milliseconds(milliseconds))
                model.now += milliseconds
            }
            let problem = Self.step(step, cache, model, departures, spec, &generator)
            #expect(problem == nil, "seed \(seed), step \(step)")
            if problem != nil { return }
            if step % 500 == 0 { expectValid(cache, "seed \(seed), step \(step)") }
        }
        expectValid(cache, "seed \(seed)")
        let live = model.items.filter { $0.value.deadline > model.now }.mapValues(\.value)
        #expect(cache.snapshot() == live, "seed \(seed)")
        let sum = model.items.values.reduce(0) { $0 + (spec.isWeighed ? UInt64(Self.weight($1.value)) : 1) }
        #expect(cache.totalWeight == sum, "seed \(seed)")
        cache.performMaintenance()
        #expect(cache.count == live.count, "seed \(seed)")
    }

    private static func weight(_ value: Int) -> UInt32 { UInt32(value % 40) }

    /// One random operation on both.
    ///
    /// - Returns: What is wrong, `nil` if nothing is.
    private static func step(
        _ step: Int, _ cache: Cache<Int, Int>, _ model: CacheModel, _ departures: Departures<Int, Int>, _ spec: Spec,
        _ generator: inout SeededGenerator
    ) -> String? {
        let key = generator.below(150)
        let before = model.value(key)
        var problem: String?
        func expect(_ result: Int?, _ expected: Int?, _ operation: String) {
            if result != expected { problem = "\(operation) of \(key): \(result ?? -1), not \(expected ?? -1)" }
        }
        switch generator.below(20) {
        case 0..<4:
            cache.put(step, forKey: key)
            model.put(key, step)
        case 4:
            expect(cache.updateValue(step, forKey: key), before, "updateValue")
            model.put(key, step)
        case 5:
            expect(cache.putIfAbsent(step, forKey: key), before, "putIfAbsent")
            if before == nil { model.put(key, step) } else { model.touch(key) }
        case 6:
            expect(cache.remove(key), before, "remove")
            model.items[key] = nil
        case 7:
            cache.update(key) { value in
                expect(value, before, "update")
                value = value == nil ? step : step % 2 == 0 ? nil : step
            }
            if before == nil || step % 2 == 1 { model.put(key, step) } else { model.items[key] = nil }
        case 8:
            expect(cache.peek(key), before, "peek")
        case 9:
            if cache.contains(key) != (before != nil) { problem = "contains \(key)" }
        case 10:
            expect(cache.values(forKeys: [key])[0], before, "values")
            model.touch(key)
        case 11:
            expect(cache.get(key) { step }, before ?? step, "get or insert")
            if before == nil { model.put(key, step) } else { model.touch(key) }
        case 12 where step % 40 == 0:
            cache.performMaintenance()
        case 13 where step % 40 == 0:
            let chosen = model.items.filter { $0.value.deadline > model.now && $0.key % 7 == 0 }
            if cache.removeAll(where: { key, _ in key % 7 == 0 }) != chosen.count { problem = "removeAll(where:)" }
            for key in chosen.keys { model.items[key] = nil }
        case 14 where step % 400 == 0:
            cache.removeAll()
            model.items = [:]
        default:
            expect(cache[key], before, "get")
            model.touch(key)
        }
        return problem ?? follow(departures, model, spec, cache)
    }

    /// Takes out of the model what the cache has evicted, and judges that.
    private static func follow(
        _ departures: Departures<Int, Int>, _ model: CacheModel, _ spec: Spec, _ cache: Cache<Int, Int>
    ) -> String? {
        for departure in departures.take() where departure.cause.isEviction {
            // Of several values of one key the model has the last.
            guard let item = model.items[departure.key], item.value == departure.value else { continue }
            if departure.cause == .expired, item.deadline > model.now { return "\(departure) is early" }
            model.items[departure.key] = nil
        }
        if cache.totalWeight > spec.maximum { return "weighs \(cache.totalWeight)" }
        return cache.count == model.items.count ? nil : "\(cache.count) entries, not \(model.items.count)"
    }
}
