public import Strata

extension TieredHash {
    /// How a tiered hash behaves, where a call doesn't say otherwise.
    public struct Configuration: Sendable {
        /// The first tier.
        public struct Local: Sendable {
            /// The most memory it takes, in bytes; 0 for no limit.
            public var maximumBytes = 256 << 20
            /// What goes when that is used up.
            public var evictionPolicy = EvictionPolicy.allKeysLFU
            /// For how long something read is believed at most, whatever the second tier says of its deadline.
            public var maximumLifetime = Duration.seconds(300)
            /// For how long it is believed that the second tier has no such field.
            public var missingLifetime = Duration.seconds(30)
            /// How many parts the tier has that are written independently; see `HashStore/Configuration/shardCount`.
            public var shardCount = 16
            /// Values up to this length lie in one block with the others of their hash.
            public var maximumCompactValueLength = 1024
            /// Seed of the hash function; `nil` draws one.
            ///
            /// For tests that must repeat exactly.
            public var hashSeed: UInt64?

            /// The defaults: 256 MiB, five minutes.
            public init() {}
        }

        /// Its name in logs, metrics and spans.
        public var name = "cache"
        /// The first tier.
        public var local = Local()
        /// Which keys are observed; one empty prefix for all of them.
        ///
        /// Keys without one of these prefixes are kept by deadlines alone.
        public var prefixes: [[UInt8]] = [[]]

        /// The time that a call may take, all tiers together.
        public var callBudget = Duration.seconds(2)
        /// The time that one call of the second tier may take.
        public var remoteTimeout = Duration.milliseconds(500)
        /// How many calls of one shard may be under way at once.
        public var remoteCallsPerShard = 256
        /// How many calls of one shard may wait for their turn.
        public var remoteWaitersPerShard = 4096
        /// When a shard that fails is left alone.
        public var breaker = CircuitBreaker.Configuration()

        /// For how long a value lives that was written or loaded without saying so.
        public var defaultLifetime = Duration.seconds(600)
        /// How much longer the key in the second tier lives than the longest of its fields.
        public var keyLifetimeFactor = 1.2
        /// By how much lifetimes in the second tier vary at random, as a part of them, so that what was written together doesn't end together.
        public var lifetimeJitter = 0.1

        /// How long after its deadline a value is served while it is fetched again.
        public var staleWhileRevalidate = Duration.zero
        /// How long after its deadline a value is served when it can't be fetched.
        public var staleIfError = Duration.zero
        /// For how long a value is served whose changes may have gone unreported, because the stream of invalidations broke.
        public var suspectBound = Duration.seconds(30)
        /// The part of its lifetime after which a hot value is fetched again ahead of time; `nil` for never.
        public var eagerRefreshThreshold: Double? = 0.8
        /// How often a key must have been used to count as hot: see `OBJECT FREQ`, a logarithmic counter.
        public var hotFrequency: UInt8 = 10

        /// The time that a loader may take.
        public var loaderTimeout = Duration.seconds(10)
        /// After how long a caller is served an old value, if there is one, while the loader goes on.
        public var softLoaderTimeout: Duration?
        /// How many loaders may run at once.
        public var concurrentLoads = 64
        /// How many loads may wait for their turn.
        public var waitingLoads = 4096
        /// Whether processes agree by leases on who loads, where the store has leases.
        public var usesLeases = true
        /// For how long a lease lasts; longer than ``loaderTimeout``, so that it outlives its holder's load.
        public var leaseLifetime = Duration.seconds(15)
        /// How often somebody who waits for another process's load looks for himself, if nothing wakes him.
        public var leasePollInterval = Duration.milliseconds(250)

        /// How many keys may wait to be written behind.
        public var writeBehindCapacity = 10_000
        /// How many of them are written at once.
        public var writeBehindConcurrency = 16
        /// How long to wait after a failed attempt; doubled each time, up to thirty times as much.
        public var writeBehindRetryDelay = Duration.milliseconds(100)
        /// How long a shutdown waits until everything is written.
        public var shutdownTimeout = Duration.seconds(10)

        /// How many suspect or stale keys are fetched again in a second, by all that isn't waited for.
        public var revalidationsPerSecond = 1000.0
        /// For how long a key is left alone that was fetched again without being waited for, in vain; doubled each time, up to thirty
        /// times as much.
        public var refreshRetryDelay = Duration.seconds(1)
        /// How many of the hottest keys of a shard are fetched again when its stream is back.
        public var revalidatedKeysPerShard = 10_000
        /// How long a shard's first canary may take, before its coherence counts as degraded.
        public var selfTestTimeout = Duration.seconds(5)
        /// How long canaries may stay away before the stream counts as dead.
        public var maximumSilence = Duration.seconds(15)
        /// How often housekeeping is done.
        public var maintenanceInterval = Duration.milliseconds(100)
        /// How often figures are handed to swift-metrics.
        public var metricsInterval = Duration.seconds(10)

        /// The defaults.
        public init() {}
    }
}
