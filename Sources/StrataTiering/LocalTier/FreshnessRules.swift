/// Decides what a field in the first tier is good for: pure.
package struct FreshnessRules: Sendable {
    /// What a field is good for, from best to worst.
    package enum Verdict: Hashable, Sendable {
        /// To be served.
        case fresh
        /// To be served, and fetched again behind the scenes.
        case servable(MissReason)
        /// To be served only if nothing better can be had.
        case onlyInNeed(MissReason)
        /// Nothing.
        case unusable(MissReason)
    }

    /// How long after its deadline a value is served while it is fetched again.
    package var staleWhileRevalidate: Duration
    /// How long after its deadline a value is served when it can't be fetched.
    package var staleIfError: Duration
    /// How long a value is served whose changes may have gone unreported.
    package var suspectBound: Duration

    /// Rules as given.
    package init(staleWhileRevalidate: Duration, staleIfError: Duration, suspectBound: Duration) {
        self.staleWhileRevalidate = staleWhileRevalidate
        self.staleIfError = staleIfError
        self.suspectBound = suspectBound
    }

    /// How long after its deadline a value is kept at all.
    package var retention: Duration { max(staleWhileRevalidate, staleIfError) }

    /// Judges a field.
    ///
    /// - Parameters:
    ///   - standing: What is known of changes since it was read.
    ///   - overdue: For how long its deadline has passed; negative if it hasn't.
    ///   - maximumStaleness: What the caller accepts.
    /// - Returns: What it may be used for.
    package func judge(
        _ standing: ShardEpoch.Standing, overdue: Duration, maximumStaleness: Duration?
    ) -> Verdict {
        let age: Duration
        var verdict = Verdict.fresh
        switch standing {
        case .coherent(let staleness):
            age = staleness
        case .suspect(let since):
            age = since
            guard age <= suspectBound else { return .unusable(.suspect) }
            verdict = .servable(.suspect)
        case .invalidated(let since):
            age = since
            guard age <= suspectBound else { return .unusable(.invalidated) }
            verdict = .onlyInNeed(.invalidated)
        }
        if let maximumStaleness, age > maximumStaleness { return .unusable(.tooStale) }
        guard overdue >= .zero else { return verdict }
        if overdue < staleWhileRevalidate {
            if case .fresh = verdict { verdict = .servable(.expired) }
            return verdict
        }
        return overdue < staleIfError ? .onlyInNeed(.expired) : .unusable(.expired)
    }
}

/// Why the first tier had no answer, or not a good one.
public struct MissReason: Hashable, Sendable, CustomStringConvertible {
    /// The name of the reason, as in `expired`.
    public let description: String

    private init(_ description: String) { self.description = description }

    /// Nothing is known of the field.
    public static let unknown = MissReason("unknown")
    /// Its deadline has passed.
    public static let expired = MissReason("expired")
    /// Its changes may have gone unreported.
    public static let suspect = MissReason("suspect")
    /// A change of the key was reported.
    public static let invalidated = MissReason("invalidated")
    /// It may be older than the caller accepts.
    public static let tooStale = MissReason("too stale")
}
