package import Strata

/// The first tier: parts of hashes in a hash store, each field with its times, each key with the epoch it was read in.
///
/// A key's block begins with a ``LocalHeader``; the fields follow as ``LocalRecord``s. So everything that a read has to check
/// lies in the block that it reads anyway, and reading stays what it is in the hash store: one pinned look, without a lock and
/// without an allocation.
///
/// Invariants:
/// - I1. All fields of a block were read in the epoch that its header names: what is stored under another one replaces the block.
/// - I2. A block without a header doesn't exist.
/// - I3. While `completeUntil` lies ahead, a field that isn't in the block isn't in the second tier.
package final class LocalTier: Sendable {
    /// Where it all is.
    package let store: HashStore
    let clock: TieringClock
    /// What is known of the streams of reports.
    package let epochs: ShardEpochs
    let generations: GenerationStripes
    let rules: FreshnessRules
    /// The part of its lifetime after which a value may be fetched ahead of time; infinite if none is.
    let eagerThreshold: Double

    /// An empty tier.
    package init(_ configuration: TieredHash.Configuration, clock: TieringClock, epochs: ShardEpochs) {
        var layout = HashStore.Configuration()
        layout.shardCount = configuration.local.shardCount
        layout.hashSeed = configuration.local.hashSeed
        layout.encoding = EncodingLimits(
            maximumCompactFieldCount: 128, maximumCompactValueLength: configuration.local.maximumCompactValueLength)
        layout.clock = { clock.now().tick }
        let budget = MemoryBudget(
            maximumBytes: configuration.local.maximumBytes, policy: configuration.local.evictionPolicy)
        store = HashStore(configuration: layout, budget: budget, now: clock.now().tick)
        self.clock = clock
        self.epochs = epochs
        generations = GenerationStripes()
        eagerThreshold = configuration.eagerRefreshThreshold ?? .infinity
        rules = FreshnessRules(
            staleWhileRevalidate: configuration.staleWhileRevalidate, staleIfError: configuration.staleIfError,
            suspectBound: configuration.suspectBound)
    }

    /// Calls a closure with the key of the store; valid during the call.
    func withKey<Result>(_ key: [UInt8], _ body: (HashStore.Key) -> Result) -> Result {
        key.withUnsafeBytes { body(store.key($0)) }
    }

    /// The hash of a key, for generations.
    func hash(of key: [UInt8]) -> UInt64 { withKey(key) { $0.hash } }

    /// The count of changes of a key.
    func generation(of key: [UInt8]) -> UInt64 { generations.generation(ofHash: hash(of: key)) }

    /// Whether a key has anything in the tier.
    func contains(_ key: [UInt8], now: Instant) -> Bool {
        withKey(key) { store.read($0, now: now.tick) { $0 != nil } }
    }
}

extension Instant {
    /// Whole milliseconds, the unit of the hash store.
    @inline(__always)
    package var tick: Int64 { nanoseconds / 1_000_000 }

    /// The moment of a tick.
    package init(tick: Int64) {
        let (nanoseconds, isTooMuch) = tick.multipliedReportingOverflow(by: 1_000_000)
        self.init(nanoseconds: isTooMuch ? (tick < 0 ? .min : .max) : nanoseconds)
    }
}
