/// What a tiered hash has done since it was made, and how it stands.
///
/// Taken while others work, the figures needn't belong to one moment.
public struct TieredStatistics: Sendable {
    /// Peeks that the first tier answered.
    public var peekHitCount = 0
    /// Peeks that it didn't.
    public var peekMissCount = 0
    /// Fields that the first tier answered, in other calls.
    public var localHitCount = 0
    /// Fields that it didn't.
    public var localMissCount = 0
    /// Fields that the second tier answered.
    public var remoteHitCount = 0
    /// Reads of the second tier.
    public var remoteReadCount = 0
    /// Writes of the second tier.
    public var remoteWriteCount = 0
    /// Calls of the second tier that failed, those that the breaker didn't let pass included.
    public var remoteFailureCount = 0
    /// Loaders that were run.
    public var loadCount = 0
    /// Loads that failed.
    public var loadFailureCount = 0
    /// Fields that were served although they might be out of date.
    public var staleServedCount = 0
    /// Reads that another caller's read of the second tier served.
    public var coalescedReadCount = 0
    /// Loads that another caller's load served.
    public var coalescedLoadCount = 0
    /// How often another process's lease was waited for.
    public var leaseWaitCount = 0
    /// Loads whose result wasn't kept, because the key was changed meanwhile.
    public var lostLeaseCount = 0
    /// Fields that were fetched again behind the scenes.
    public var refreshCount = 0
    /// Those among them that were fetched ahead of time.
    public var eagerRefreshCount = 0
    /// Refreshes that were left for later: by the rate, after a failure, or because a breaker was open.
    public var refreshPutOffCount = 0
    /// Writes that were queued.
    public var queuedWriteCount = 0
    /// Keys that wait to be written.
    public var queueDepth = 0
    /// Keys that others were reported to have changed.
    public var invalidatedKeyCount = 0
    /// How often all keys of a shard were reported to have gone.
    public var wholeInvalidationCount = 0
    /// Keys that were fetched again because their stream was back.
    public var revalidatedKeyCount = 0
    /// Keys in the first tier.
    public var localKeyCount = 0
    /// Memory of the first tier, in bytes.
    public var localByteCount = 0
    /// Tasks that are under way.
    public var taskCount = 0
    /// How long reports of changes take.
    public var invalidationLag = LagHistogram()
    /// How the first tier is kept coherent.
    public var coherence = CoherenceReport.Mode.starting
    /// Each shard that was used.
    public var shards: [Shard] = []

    /// How one shard stands.
    public struct Shard: Sendable {
        /// Which one.
        public var shard: ShardID
        /// What its breaker lets pass.
        public var breaker = CircuitBreaker.State.closed
        /// How often its breaker has opened.
        public var breakerOpeningCount = 0
        /// Calls under way.
        public var runningCallCount = 0
        /// Calls that wait for their turn.
        public var waitingCallCount = 0
        /// Whether changes of its keys are being reported.
        public var isConnected = false
        /// Its epoch.
        public var epoch: UInt64 = 0
        /// How often its stream of reports was lost.
        public var lossCount = 0
        /// How old a value from the first tier can be at most; `nil` while that isn't known.
        public var stalenessBound: Duration?
    }

    /// Statistics of a hash that has done nothing.
    public init() {}

    /// The part of all reads of fields that the first tier answered; 0 without reads.
    public var localHitRatio: Double {
        let hits = peekHitCount + localHitCount
        let all = hits + peekMissCount + localMissCount
        return all == 0 ? 0 : Double(hits) / Double(all)
    }
}
