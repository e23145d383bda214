import Foundation
import Strata

/// Predicts the memory of a `ConcurrentMap` from its rules, without making one.
///
/// The entries are spread over the shards by their hashes, so the number in a shard is a sum of chances: normal, with the mean n/s and
/// about its root as deviation. What a shard with c entries holds follows from how tables grow: filled to 14 of 16 slots, then twice as
/// large, with the sizes of neighbouring shards staggered.
///
/// What is predicted is a map at rest: while tables grow, old ones are still there for a while, until later writes or
/// `ConcurrentMap.reclaim()` have given them back. Where a quarter of the shards is just about to grow, chance adds or takes a few
/// percent.
package struct MapMemoryPlan: Sendable {
    /// The number of entries.
    package var entryCount: Int
    /// The size of a key, as `MemoryLayout<Key>.size`.
    package var keyByteCount: Int
    /// The size of a value, as `MemoryLayout<Value>.size`.
    package var valueByteCount: Int
    /// The number of shards; by default what the map takes on this machine.
    package var shardCount: Int

    /// A plan for a map of plain values without references.
    package init(entryCount: Int, keyByteCount: Int, valueByteCount: Int, shardCount: Int? = nil) {
        self.entryCount = entryCount
        self.keyByteCount = keyByteCount
        self.valueByteCount = valueByteCount
        self.shardCount = shardCount ?? ConcurrentMap<UInt64, UInt64>().shardCount
    }

    /// The bytes of one shard without its table.
    private static let shardByteCount = 384
    /// Hash and version in front of an entry on the heap.
    private static let entryHeaderByteCount = 16

    /// Whether keys and values are in the tables, and not on the heap.
    package var isInline: Bool { keyByteCount <= 16 && valueByteCount <= 48 }

    /// Bytes of a slot.
    private var slotByteCount: Int {
        guard isInline else { return 8 }
        let keyAndWord = keyByteCount <= 8 ? 16 : 24
        guard valueByteCount > 8 else { return keyAndWord }
        // A pointer beside the value; what fills most of a cache line gets a whole one.
        let needed = keyAndWord + Self.rounded(valueByteCount, to: 8)
        return needed == 56 ? 64 : needed
    }

    /// The memory of tables and shards.
    package var tableByteCount: Double {
        let mean = Double(entryCount) / Double(shardCount)
        var tables = 0.0
        for stagger in 0..<4 {
            tables += Spread(mean: mean).expected { tableByteCount(entries: $0, stagger: stagger) } / 4
        }
        return (tables + Double(Self.shardByteCount)) * Double(shardCount)
    }

    /// The memory of entries on the heap.
    package var entryByteCount: Double {
        guard !isInline else { return 0 }
        // Key and value lie as in a structure, at multiples of 8 where they are larger than that.
        let key = Self.rounded(keyByteCount, to: 8)
        return Double(entryCount) * Double(Allocation.blockByteCount(Self.entryHeaderByteCount + key + valueByteCount))
    }

    /// Everything.
    package var byteCount: Double { tableByteCount + entryByteCount }

    /// What a shard's tables hold when it got so many entries and lost none.
    private func tableByteCount(entries: Int, stagger: Int) -> Double {
        guard entries > 0 else { return 0 }
        var groups = 1
        while groups * 14 < entries { groups = groups == 1 ? 2 : groups == 2 ? 4 + stagger : groups * 2 }
        return Double(regionByteCount(groups))
    }

    private func regionByteCount(_ groups: Int) -> Int { groups * 16 * (1 + slotByteCount) + 64 }

    static func rounded(_ count: Int, to multiple: Int) -> Int { (count + multiple - 1) / multiple * multiple }
}

/// What the C library's allocator takes.
enum Allocation {
    /// The memory for a block of this size: a multiple of 16 with a word of its own, at least 32; whole pages for very large ones.
    static func blockByteCount(_ byteCount: Int) -> Int {
        byteCount + 16 > 128 << 10
            ? MapMemoryPlan.rounded(byteCount + 16, to: 4_096) : max(MapMemoryPlan.rounded(byteCount + 8, to: 16), 32)
    }
}

/// How many of many things one of many places gets.
struct Spread {
    let mean: Double

    /// The expected value of something that depends on the number.
    ///
    /// Sums over the numbers within five deviations, in steps of at most a fiftieth of one.
    func expected(_ value: (Int) -> Double) -> Double {
        guard mean >= 1 else { return mean * value(1) }
        let deviation = mean.squareRoot()
        let low = max(mean - 5 * deviation, 0)
        let step = max(deviation / 50, 1)
        var sum = 0.0
        var weights = 0.0
        for index in 0...Int(((mean + 5 * deviation) - low) / step) {
            let number = low + Double(index) * step
            let distance = (number - mean) / deviation
            let weight = exp(-distance * distance / 2)
            sum += weight * value(Int(number.rounded()))
            weights += weight
        }
        return sum / weights
    }
}
