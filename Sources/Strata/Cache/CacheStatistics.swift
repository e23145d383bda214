/// What a cache has done since it was made.
///
/// Taken while others work, the figures needn't belong to one moment.
public struct CacheStatistics: Hashable, Sendable {
    /// Requests that found a value.
    public var hitCount = 0
    /// Requests that found none.
    public var missCount = 0
    /// Values that loaders have loaded.
    public var loadCount = 0
    /// Loads that ended with an error.
    public var loadFailureCount = 0
    /// The time that loaders took, failed ones included.
    public var totalLoadTime = Duration.zero
    /// Entries that made room for others, or were too heavy to be let in.
    public var sizeEvictionCount = 0
    /// Entries removed because their deadline had passed.
    public var expirationCount = 0
    /// What the entries weighed that were evicted for either reason.
    public var evictedWeight: UInt64 = 0

    /// Statistics of a cache that has done nothing.
    public init() {}

    /// Hits and misses.
    public var requestCount: Int { hitCount + missCount }
    /// The part of the requests that found a value; 0 without requests.
    public var hitRatio: Double { requestCount == 0 ? 0 : Double(hitCount) / Double(requestCount) }
    /// Entries the cache removed by itself.
    public var evictionCount: Int { sizeEvictionCount + expirationCount }
    /// How long a load takes on average; zero without loads.
    public var averageLoadTime: Duration {
        let loads = loadCount + loadFailureCount
        return loads == 0 ? .zero : totalLoadTime / loads
    }
}
