/// Says which key is asked for next.
///
/// Keys are numbered: those of a population of n have the ranks 0 to n - 1. What key a rank stands for is a ``KeyShape``'s business.
package protocol RankDistribution: Sendable {
    /// The rank of the next key that is asked for.
    mutating func next(using random: inout SeededRandom) -> Int
    /// Learns that the population has grown.
    mutating func extend(to count: Int)
}

extension RankDistribution {
    /// Ignores the growth: new keys are not asked for.
    package mutating func extend(to count: Int) {}
}

/// Every key is as likely as any other.
package struct UniformRanks: RankDistribution {
    private var count: Int

    /// Asks for the keys of a population.
    package init(count: Int) {
        self.count = count
    }

    /// The rank of the next key that is asked for.
    @inline(__always)
    package mutating func next(using random: inout SeededRandom) -> Int { random.next(below: count) }

    /// New keys are as likely as the others.
    package mutating func extend(to count: Int) { self.count = count }
}

/// New keys are asked for most: the key that is i places from the newest has the probability of rank i in ``ZipfRanks``.
package struct LatestRanks: RankDistribution {
    private let ages: ZipfRanks
    private var count: Int

    /// Asks for the keys of a population, the newest of which has the highest rank.
    package init(count: Int, theta: Double) {
        ages = ZipfRanks(count: count, theta: theta)
        self.count = count
    }

    /// The rank of the next key that is asked for.
    package mutating func next(using random: inout SeededRandom) -> Int {
        max(count - 1 - ages.sample(using: &random), 0)
    }

    /// Moves the favour on to the new keys.
    package mutating func extend(to count: Int) { self.count = count }
}

/// One key after the other, from the first to the last and again: what a report or a backup does to a cache.
package struct ScanRanks: RankDistribution {
    private var count: Int
    private var position: Int

    /// Goes over a population, beginning anywhere.
    package init(count: Int, start: Int = 0) {
        self.count = count
        position = start % count
    }

    /// The rank of the next key that is asked for.
    package mutating func next(using random: inout SeededRandom) -> Int {
        defer { position = position + 1 == count ? 0 : position + 1 }
        return position
    }

    /// Scans new keys too.
    package mutating func extend(to count: Int) { self.count = count }
}

/// A part of the keys gets a part of the requests, evenly within both parts: 30 % of the keys 70 % of the requests, say.
package struct HotspotRanks: RankDistribution {
    private let count: Int
    private let hotCount: Int
    private let hotShare: Double

    /// Favours the lowest ranks.
    ///
    /// - Parameters:
    ///   - count: The size of the population.
    ///   - hotKeys: The part of the keys that is hot, from 0 to 1.
    ///   - hotShare: The part of the requests that go to hot keys, from 0 to 1.
    package init(count: Int, hotKeys: Double, hotShare: Double) {
        self.count = count
        hotCount = min(max(Int(Double(count) * hotKeys), 1), count)
        self.hotShare = hotCount == count ? 1 : hotShare
    }

    /// The rank of the next key that is asked for.
    package mutating func next(using random: inout SeededRandom) -> Int {
        random.nextUnit() < hotShare
            ? random.next(below: hotCount) : hotCount + random.next(below: count - hotCount)
    }
}

/// Zipf's distribution whose favourites change: after every `period` requests each key takes the place of the one before it.
///
/// A cache that keeps what was popular once falls behind.
package struct DriftingRanks: RankDistribution {
    private let ranks: ZipfRanks
    private let period: Int
    private var untilShift: Int
    private var shift = 0

    /// Favours low ranks at first.
    package init(count: Int, theta: Double, period: Int) {
        ranks = ZipfRanks(count: count, theta: theta)
        self.period = max(period, 1)
        untilShift = self.period
    }

    /// The rank of the next key that is asked for.
    package mutating func next(using random: inout SeededRandom) -> Int {
        if untilShift == 0 {
            untilShift = period
            shift = shift + 1 == ranks.count ? 0 : shift + 1
        }
        untilShift -= 1
        let rank = ranks.sample(using: &random) + shift
        return rank >= ranks.count ? rank - ranks.count : rank
    }
}

/// The keys of a recorded trace, in its order, again from its start when it ends.
package struct TraceRanks: RankDistribution {
    private let ranks: [Int]
    private var position: Int
    /// How many different keys there are.
    package let count: Int

    /// Numbers the keys of a trace by their first appearance.
    ///
    /// - Parameters:
    ///   - trace: The trace; it must not be empty.
    ///   - start: Where to begin, so that several threads are at different places.
    package init(_ trace: Trace, start: Int = 0) {
        precondition(!trace.keys.isEmpty, "a trace has requests")
        var known: [UInt64: Int] = [:]
        ranks = trace.keys.map { key in
            if let rank = known[key] { return rank }
            known[key] = known.count
            return known.count - 1
        }
        count = known.count
        position = start % ranks.count
    }

    /// The rank of the next key that is asked for.
    package mutating func next(using random: inout SeededRandom) -> Int {
        defer { position = position + 1 == ranks.count ? 0 : position + 1 }
        return ranks[position]
    }

    /// The same requests from another place on.
    package func starting(at position: Int) -> TraceRanks {
        var copy = self
        copy.position = position % ranks.count
        return copy
    }
}
