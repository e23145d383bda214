import Strata

/// What all event loops of a server share.
final class ServerState: Sendable {
    let databases: Databases

    /// Creates the state of a server that holds nothing.
    init(now: Int64) {
        databases = Databases(budget: MemoryBudget(), encoding: EncodingLimits(), observer: nil, now: now)
    }
}
