import Testing

@testable import Strata

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Hit ratios on generated workloads: floors that a change of the policy may not fall below.
@Suite struct CachePolicyWorkloadTests {
    @Test(arguments: [60, 800])
    func keepsAPartOfALoop_thatIsLargerThanTheCache(capacity: Int) {
        let length = capacity * 3 / 2
        let requests = (0..<length * 60).map { UInt64($0 % length) }
        // The optimum is two thirds less the first rounds; recency has none.
        #expect(hitRatio(requests, capacity: capacity) > 0.5)
    }

    @Test(arguments: [100, 1000])
    func beatsRecency_onPopularKeysWithScans(capacity: Int) {
        var generator = SeededGenerator(seed: 21)
        let keys = PopularKeys(count: capacity * 20, skew: 0.9)
        var requests: [UInt64] = []
        var scanned: UInt64 = 1 << 40
        while requests.count < capacity * 200 {
            for _ in 0..<capacity { requests.append(keys.next(using: &generator)) }
            for _ in 0..<capacity {
                requests.append(scanned)
                scanned += 1
            }
        }
        #expect(hitRatio(requests, capacity: capacity) > recencyHitRatio(requests, capacity: capacity) + 0.05)
    }

    @Test(arguments: [0.7, 0.9, 1.1])
    func comesNearTheMostPopularKeys(skew: Double) {
        var generator = SeededGenerator(seed: 22)
        let capacity = 500
        let keys = PopularKeys(count: 10_000, skew: skew)
        let requests = (0..<300_000).map { _ in keys.next(using: &generator) }
        // Where popularity differs little, it takes longer to tell than this lasts.
        let slack = skew < 0.8 ? 0.08 : 0.03
        #expect(hitRatio(requests, capacity: capacity) > keys.share(ofFirst: capacity) - slack)
    }

    @Test func followsRecency_whereItIsRight() {
        // Each request goes back a geometrically distributed number of places in a stack of keys.
        var generator = SeededGenerator(seed: 23)
        var stack = Array(0..<2000 as Range<UInt64>)
        let requests = (0..<150_000).map { _ in
            var depth = 0
            while depth < stack.count - 1, generator.below(150) != 0 { depth += 1 }
            let key = stack.remove(at: depth)
            stack.insert(key, at: 0)
            return key
        }
        #expect(hitRatio(requests, capacity: 200) > recencyHitRatio(requests, capacity: 200) - 0.02)
    }

    @Test func followsAChangeOfPhase() {
        var generator = SeededGenerator(seed: 24)
        let capacity = 400
        var requests: [UInt64] = []
        for phase in 0..<6 as Range<UInt64> {
            if phase.isMultiple(of: 2) {
                let keys = PopularKeys(count: 8000, skew: 1)
                requests += (0..<40_000).map { _ in keys.next(using: &generator) + phase << 32 }
            } else {
                requests += (0..<40_000).map { UInt64($0 % (capacity * 5 / 4)) + phase << 32 }
            }
        }
        // Recency reaches 0.26 here: nothing in the loops.
        #expect(hitRatio(requests, capacity: capacity) > 0.5)
    }

    @Test func followsDriftingPopularity() {
        var generator = SeededGenerator(seed: 25)
        let keys = PopularKeys(count: 4000, skew: 1)
        let requests = (0..<300_000).map { keys.next(using: &generator) + UInt64($0 / 100) }
        #expect(hitRatio(requests, capacity: 300) > recencyHitRatio(requests, capacity: 300) - 0.01)
    }

    @Test func prefersLightEntries_whereAllAreEquallyPopular() {
        var generator = SeededGenerator(seed: 26)
        var policy = CachePolicy(maximumWeight: 1000, expectedCount: 200, slotCapacity: 1000)
        var slots: [UInt64: UInt32] = [:]
        var keys: [UInt32: UInt64] = [:]
        for _ in 0..<100_000 {
            let key = UInt64(generator.below(1000))
            if let slot = slots[key] {
                policy.recorder.recordHit(slot, hash: spread(key))
                continue
            }
            let slot = policy.insert(hash: spread(key), weight: key.isMultiple(of: 2) ? 1 : 9)
            slots[key] = slot
            keys[slot] = key
            while policy.isOverBudget, let victim = policy.victim() {
                keys.removeValue(forKey: victim).map { slots[$0] = nil }
                policy.evict(victim)
            }
        }
        let light = slots.keys.count { $0.isMultiple(of: 2) }
        #expect(light > 400, "of 500 that weigh 1, \(light) are resident")
    }
}

// MARK: - Measuring
/// A hash of a key number.
private func spread(_ key: UInt64) -> UInt64 {
    var generator = SeededGenerator(seed: key)
    return generator.next()
}

/// The share of requests that hit, from an empty cache.
private func hitRatio(_ requests: [UInt64], capacity: Int) -> Double {
    var policy = CachePolicy(maximumWeight: UInt64(capacity), expectedCount: capacity)
    var slots: [UInt64: UInt32] = [:]
    var keys = [UInt64](repeating: 0, count: policy.slotCapacity)
    var hits = 0
    for key in requests {
        let hash = spread(key)
        if let slot = slots[key] {
            hits += 1
            policy.recorder.recordHit(slot, hash: hash)
            continue
        }
        let slot = policy.insert(hash: hash)
        slots[key] = slot
        keys[Int(slot)] = key
        while policy.isOverBudget, let victim = policy.victim() {
            slots[keys[Int(victim)]] = nil
            policy.evict(victim)
        }
    }
    expect(policy.checkInvariants() == [])
    return Double(hits) / Double(requests.count)
}

/// What an exact LRU of the same capacity reaches.
private func recencyHitRatio(_ requests: [UInt64], capacity: Int) -> Double {
    var lastRequest: [UInt64: Int] = [:]
    var queue: [(key: UInt64, request: Int)] = []
    var head = 0
    var hits = 0
    for (number, key) in requests.enumerated() {
        if lastRequest[key] != nil { hits += 1 }
        lastRequest[key] = number
        queue.append((key, number))
        while lastRequest.count > capacity {
            let (oldest, request) = queue[head]
            head += 1
            if lastRequest[oldest] == request { lastRequest[oldest] = nil }
        }
    }
    return Double(hits) / Double(requests.count)
}

/// Keys whose popularity falls with a power of their rank (Zipf).
private struct PopularKeys {
    /// The chance of a key up to each.
    private let cumulated: [Double]

    init(count: Int, skew: Double) {
        var sum = 0.0
        var sums: [Double] = []
        for rank in 1...count {
            sum += 1 / pow(Double(rank), skew)
            sums.append(sum)
        }
        cumulated = sums.map { $0 / sum }
    }

    func next(using generator: inout SeededGenerator) -> UInt64 {
        let draw = Double(generator.next() >> 11) / Double(1 << 53 as UInt64)
        var low = 0
        var high = cumulated.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulated[middle] < draw { low = middle + 1 } else { high = middle }
        }
        return UInt64(low)
    }

    /// What the most popular keys are asked for together.
    func share(ofFirst count: Int) -> Double { cumulated[count - 1] }
}
