import Synchronization
import Testing

@testable import Strata

/// Keys that have a pattern end up in the table like keys that have none.
///
/// Counted, not timed: how many groups a reader looks at until it finds an entry.
@Suite
struct MapKeyShapeTests {
    enum Shape: String, CaseIterable, CustomTestStringConvertible {
        case lowBitsAllTheSame, sequential, highBitsOnly, stridesOfPages, byteReversed, sparseBits

        var testDescription: String { rawValue }

        func key(_ number: UInt64) -> UInt64 {
            switch self {
            case .lowBitsAllTheSame: number << 8 | 127
            case .sequential: number
            case .highBitsOnly: number << 44
            case .stridesOfPages: number << 12
            case .byteReversed: number.byteSwapped
            // Every third bit, so that all of the word is used and the keys still differ in few bits.
            case .sparseBits: (0..<20).reduce(0) { $0 | (number >> UInt64($1) & 1) << UInt64($1 * 3) }
            }
        }
    }

    private static let count: UInt64 = 25_000

    private func map(_ shardCount: Int, _ hashKey: HashKey, _ key: (UInt64) -> UInt64) -> ConcurrentMap<UInt64, UInt64>
    {
        let map = ConcurrentMap<UInt64, UInt64>(shardCount: shardCount, hashKey: hashKey)
        for number in 0..<Self.count { map.updateValue(number, forKey: key(number)) }
        return map
    }

    /// The groups looked at for all entries together.
    private func lookedAt(_ statistics: MapStatistics) -> Int {
        statistics.probeLengths.enumerated().reduce(0) { $0 + ($1.offset + 1) * $1.element }
    }

    /// With one shard the capacity depends on the number of keys alone, so that probe lengths compare.
    @Test(arguments: Shape.allCases, [1, 2] as [UInt64])
    func probesLikeRandomKeys(shape: Shape, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let hashKey = HashKey(seed: random.next(), random.next())
        let patterned = map(1, hashKey, shape.key).statistics
        let scattered = map(1, hashKey) { _ in random.next() }.statistics
        #expect(patterned.count == Int(Self.count))
        #expect(patterned.capacity == scattered.capacity)
        let mean = Double(lookedAt(patterned)) / Double(Self.count)
        let usual = Double(lookedAt(scattered)) / Double(Self.count)
        #expect(mean < usual * 1.1, "\(mean) groups for each entry, \(usual) with random keys; seed \(seed)")
        let collisions = Double(patterned.collisionCount)
        #expect(collisions < Double(scattered.collisionCount) * 1.5 + 250, "\(patterned) beside \(scattered)")
        let longest = patterned.probeLengths.lastIndex { $0 > 0 } ?? 0
        let usuallyLongest = scattered.probeLengths.lastIndex { $0 > 0 } ?? 0
        #expect(longest <= usuallyLongest + 3, "\(patterned.probeLengths) beside \(scattered.probeLengths)")
    }

    /// Shards get equal parts: each within six standard deviations of what chance gives.
    @Test(arguments: Shape.allCases, [1, 2] as [UInt64])
    func spreadsOverShards(shape: Shape, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let map = map(16, HashKey(seed: random.next(), random.next()), shape.key)
        let expected = Double(Self.count) / 16
        for index in 0..<map.shardCount {
            let count = Double(map.shards[index].liveCount.load(ordering: .relaxed))
            #expect(abs(count - expected) < 6 * expected.squareRoot(), "shard \(index) has \(count); seed \(seed)")
        }
    }
}
