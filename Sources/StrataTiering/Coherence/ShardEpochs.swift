import Synchronization

/// The epochs of all shards, in a form that a read checks with one load.
///
/// An entry carries a word: its shard in the upper 16 bits, its epoch in the lower 48. For each shard there is the word that
/// valid entries have, or 0 when none are. Whoever reads compares both; only when they differ the ``ShardEpoch`` is asked.
package final class ShardEpochs: @unchecked Sendable {
    // Sendable because the addresses are immutable and what they point to are atomic words.

    private let epochs = Guarded<[Int: ShardEpoch]>([:])
    /// Written under the lock of `epochs`, read by anyone.
    private let valid: UnsafeMutablePointer<Atomic<UInt64>>
    private let current: UnsafeMutablePointer<Atomic<UInt64>>
    private let isUntracked = Atomic(false)

    /// Clusters have up to a thousand primaries; numbers of those that are gone aren't used again.
    package static let capacity = 1 << 11

    /// Shards that nothing is known of.
    package init() {
        valid = .allocate(capacity: Self.capacity)
        current = .allocate(capacity: Self.capacity)
        for index in 0..<Self.capacity {
            (valid + index).initialize(to: Atomic(0))
            (current + index).initialize(to: Atomic(Self.word(index, ShardEpoch().number)))
        }
    }

    deinit {
        valid.deallocate()
        current.deallocate()
    }

    private static func word(_ shard: Int, _ epoch: UInt64) -> UInt64 { UInt64(shard) << 48 | epoch }

    /// The word for what is read from a shard from here on.
    package func word(of shard: ShardID) -> UInt64 {
        // acquiring: pairs with the store in `update`. A shard too many is one that nothing is ever reported of.
        shard.index < Self.capacity ? current[shard.index].load(ordering: .acquiring) : Self.word(0xffff, 1)
    }

    /// Whether an entry with this word may be used without a further look.
    @inline(__always)
    package func isValid(_ word: UInt64) -> Bool {
        let shard = Int(truncatingIfNeeded: word >> 48)
        // acquiring: pairs with the store in `update`.
        return word != 0 && shard < Self.capacity && valid[shard].load(ordering: .acquiring) == word
    }

    /// What an entry is worth.
    package func standing(word: UInt64, filled: Instant, now: Instant) -> ShardEpoch.Standing {
        let shard = Int(truncatingIfNeeded: word >> 48)
        return epochs.withLock { epochs in
            let epoch = epochs[shard] ?? fresh()
            return epoch.standing(epoch: word & 0xffff_ffff_ffff, filled: filled, now: now)
        }
    }

    /// Changes what is known of a shard.
    package func update<Result>(_ shard: ShardID, _ change: (inout ShardEpoch) -> Result) -> Result {
        epochs.withLock { epochs in
            var epoch = epochs[shard.index] ?? fresh()
            let result = change(&epoch)
            epochs[shard.index] = epoch
            publish(epoch, shard.index)
            return result
        }
    }

    /// There are no reports, for any shard.
    package func giveUpTracking() {
        epochs.withLock { epochs in
            // releasing: as in `publish`.
            isUntracked.store(true, ordering: .releasing)
            for shard in 0..<Self.capacity {
                var epoch = epochs[shard] ?? fresh()
                epoch.giveUpTracking()
                if epochs[shard] != nil { epochs[shard] = epoch }
                publish(epoch, shard)
            }
        }
    }

    /// What is known of each shard that was heard of.
    package var all: [(shard: ShardID, epoch: ShardEpoch)] {
        epochs.withLock { $0.map { (ShardID($0.key), $0.value) } }.sorted { $0.shard.index < $1.shard.index }
    }

    /// What is known of a shard that wasn't heard of.
    private func fresh() -> ShardEpoch {
        var epoch = ShardEpoch()
        // relaxed: under the lock.
        if isUntracked.load(ordering: .relaxed) { epoch.giveUpTracking() }
        return epoch
    }

    private func publish(_ epoch: ShardEpoch, _ shard: Int) {
        guard shard < Self.capacity else { return }
        let word = Self.word(shard, epoch.number)
        // releasing: pairs with the loads in `word` and `isValid`. Invalid before current: what is read meanwhile is older.
        valid[shard].store(epoch.isValid ? word : 0, ordering: .releasing)
        current[shard].store(word, ordering: .releasing)
    }
}
