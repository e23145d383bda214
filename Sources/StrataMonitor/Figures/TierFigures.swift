/// Something made of tiers that reports their figures when asked: a tiered hash, a breaker, a client of a remote store.
public protocol TierFigureSource: AnyObject, Sendable {
    /// The figures of this moment.
    ///
    /// Called once a second, and when metrics are asked for: it should take microseconds and must not wait.
    func tierFigures() -> TierFigures
}

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

    /// One server of a remote store.
    public struct Server: Hashable, Codable, Sendable {
        /// Its address, as `host:port`.
        public var name: String
        /// Connections that are up.
        public var connectionCount: Int
        /// Calls under way or waiting for a connection.
        public var callCount: Int

        /// A server's figures.
        public init(name: String, connectionCount: Int = 0, callCount: Int = 0) {
            self.name = name
            self.connectionCount = connectionCount
            self.callCount = callCount
        }
    }

    /// The tiers, the nearest first.
    public var tiers: [Tier] = []
    /// The breakers.
    public var breakers: [Breaker] = []
    /// The servers of a remote store.
    public var servers: [Server] = []
    /// Values served although they might be out of date; `nil` where that can't be.
    public var staleServedTotal: Int? = 0
    /// Writes that wait; `nil` where none ever do.
    public var queueDepth: Int? = 0
    /// The 99th percentile of how long reports of changes take, in seconds.
    public var invalidationLagSeconds: Double?

    /// Figures of nothing.
    public init() {}
}
