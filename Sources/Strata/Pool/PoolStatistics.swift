/// What a pool has done since it was made.
///
/// Taken while others work, the figures needn't belong to one moment.
public struct PoolStatistics: Hashable, Sendable {
    /// Objects handed out.
    public var takeCount = 0
    /// Objects made because none was idle, those of pre-warming included.
    public var creationCount = 0
    /// Objects that came back.
    public var returnCount = 0
    /// Objects that came back and were let go because there was no room.
    public var discardCount = 0
    /// Batches that threads have fetched from the shared overflow or moved to it.
    public var overflowTransferCount = 0
    /// Objects that wait to be handed out, in the threads' lists and in the overflow.
    public var idleCount = 0

    /// Statistics of a pool that has done nothing.
    public init() {}

    /// Objects in use.
    public var inUseCount: Int { takeCount - returnCount }
}
