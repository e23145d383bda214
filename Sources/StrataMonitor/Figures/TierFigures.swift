/// The figures of something made of tiers, such as a tiered hash: what each tier answered, and how its breakers stand.
public struct TierFigures: Hashable, Codable, Sendable {
    /// One tier.
    public struct Tier: Hashable, Codable, Sendable {
        /// `local`, `remote` or `source`, as a rule.
        public var name: String
        /// What it answered.
        public var hitTotal: Int
        /// What it couldn't answer.
        public var missTotal: Int
        /// Calls that failed.
        public var failureTotal: Int

        /// A tier's figures.
        public init(name: String, hitTotal: Int = 0, missTotal: Int = 0, failureTotal: Int = 0) {
            self.name = name
            self.hitTotal = hitTotal
            self.missTotal = missTotal
            self.failureTotal = failureTotal
        }
    }

    /// What a breaker lets pass.
    public enum BreakerState: Int, Codable, Sendable {
        /// Everything.
        case closed
        /// A trial.
        case halfOpen
        /// Nothing.
        case open
    }

    /// One breaker.
    public struct Breaker: Hashable, Codable, Sendable {
        /// Its shard or peer.
        public var name: String
        /// What it lets pass.
        public var state: BreakerState
        /// How often it has opened.
        public var openingTotal: Int
        /// Whether changes are being reported by the shard; `nil` where they aren't.
        public var isConnected: Bool?

        /// A breaker's figures.
        public init(name: String, state: BreakerState, openingTotal: Int = 0, isConnected: Bool? = nil) {
            self.name = name
            self.state = state
            self.openingTotal = openingTotal
            self.isConnected = isConnected
        }
    }

    /// The tiers, the nearest first.
    public var tiers: [Tier] = []
    /// The breakers.
    public var breakers: [Breaker] = []
    /// Values served although they might be out of date.
    public var staleServedTotal = 0
    /// Writes that wait.
    public var queueDepth = 0
    /// The 99th percentile of how long reports of changes take, in seconds.
    public var invalidationLagSeconds: Double?

    /// Figures of nothing.
    public init() {}
}
