/// What one read wants otherwise than the configuration says.
public struct TieredReadOptions: Sendable {
    /// The time it may take, all tiers together; `nil` for the configured one.
    public var budget: Duration?
    /// How old a value may be, measured from the last moment at which it was known to be the one in the second tier; `nil` for
    /// whatever the bounds of the configuration allow.
    public var maximumStaleness: Duration?
    /// Told where the answer came from.
    public var provenance: ReadProvenance?

    /// As the configuration says.
    public init(budget: Duration? = nil, maximumStaleness: Duration? = nil, provenance: ReadProvenance? = nil) {
        self.budget = budget
        self.maximumStaleness = maximumStaleness
        self.provenance = provenance
    }
}

/// What one write wants otherwise than the configuration says.
public struct TieredWriteOptions: Sendable {
    /// The order in which the tiers are told.
    public enum Policy: Hashable, Sendable {
        /// The tiers forget, the source is written, the tiers are filled.
        case cacheAside
        /// The source is written, if there is one, then the second tier, then the first.
        case writeThrough
        /// The first tier has it at once, the second one as soon as it can be.
        case writeBehind
    }

    /// What a failure of the second tier means.
    public enum Assurance: Hashable, Sendable {
        /// The write fails.
        case required
        /// The first tier has the value for a while, and the outcome says so.
        case bestEffort
    }

    /// The order in which the tiers are told.
    public var policy: Policy
    /// What a failure of the second tier means.
    public var assurance: Assurance
    /// The time it may take; `nil` for the configured one.
    public var budget: Duration?

    /// Through to the second tier, which must take it.
    public init(policy: Policy = .writeThrough, assurance: Assurance = .required, budget: Duration? = nil) {
        self.policy = policy
        self.assurance = assurance
        self.budget = budget
    }
}

/// What became of a write.
public struct TieredWriteOutcome: Hashable, Sendable {
    /// The tiers that have it.
    public var tiers: Set<Tier>
    /// Whether the second tier is to get it later.
    public var isQueued: Bool
    /// Why the second tier doesn't have it, where that is no reason to fail.
    public var failure: RemoteStoreError?

    /// An outcome as given.
    public init(tiers: Set<Tier>, isQueued: Bool = false, failure: RemoteStoreError? = nil) {
        self.tiers = tiers
        self.isQueued = isQueued
        self.failure = failure
    }
}

/// A place where values are.
public enum Tier: String, Hashable, Sendable, CaseIterable {
    /// This process.
    case local
    /// The store outside of it.
    case remote
    /// Where values come from.
    case source
}
