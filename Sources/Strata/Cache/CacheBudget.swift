import Synchronization

/// What the entries of a cache may weigh together, and how its shards divide that up.
///
/// Each shard may hold its allowance. It begins with half of an equal share and takes more from the common rest, a sixty-fourth
/// of a share at a time, until that is used up; then it evicts. A shard from which much was removed gives back what it
/// doesn't need. So a cache evicts nothing before it is all but full, however unevenly its keys lie, and in the long run no
/// write touches a word that all shards share.
///
/// Invariants:
/// - I1. The allowances of all shards and `unassigned` add up to `maximum`, but for amounts on their way from one to the other.
/// - I2. An allowance is read and written under its shard's lock. The atomics are relaxed: amounts, nothing else is
///   published with them.
@usableFromInline
struct CacheBudget: ~Copyable {
    let maximum: Atomic<Int64>
    /// Negative after the maximum was lowered, until the shards have given enough back.
    let unassigned: Atomic<Int64>
    let shardCount: Int64

    /// Larger bounds are cut to this one, so that sums can't overflow.
    static let limit = Int64.max / 4

    init(maximum: UInt64, shardCount: Int) {
        let maximum = Self.bounded(maximum)
        self.shardCount = Int64(shardCount)
        self.maximum = Atomic(maximum)
        unassigned = Atomic(maximum - Self.initialAllowance(maximum, shardCount) * Int64(shardCount))
    }

    static func bounded(_ weight: UInt64) -> Int64 { Int64(clamping: min(weight, UInt64(limit))) }

    /// What a shard begins with: everything if it is alone.
    static func initialAllowance(_ maximum: Int64, _ shardCount: Int) -> Int64 {
        shardCount == 1 ? maximum : maximum / Int64(shardCount) / 2
    }

    /// The bound in force.
    var maximumWeight: Int64 { maximum.load(ordering: .relaxed) }

    /// An equal share.
    var share: Int64 { maximumWeight / shardCount }

    /// What a shard takes and gives at a time.
    var step: Int64 { max(share / 64, 1) }

    /// Takes from the common rest.
    ///
    /// - Returns: What was taken: at most the larger of `amount` and `step`, 0 if nothing is left.
    borrowing func take(_ amount: Int64) -> Int64 {
        var rest = unassigned.load(ordering: .relaxed)
        guard rest > 0 else { return 0 }
        let wanted = max(amount, step)
        while rest > 0 {
            let taken = min(rest, wanted)
            let result = unassigned.compareExchange(expected: rest, desired: rest - taken, ordering: .relaxed)
            if result.exchanged { return taken }
            rest = result.original
        }
        return 0
    }

    /// Gives back to the common rest.
    borrowing func give(_ amount: Int64) { unassigned.add(amount, ordering: .relaxed) }
}
