/// A cache that holds no values: it is asked for keys and says which of them it would have had.
///
/// Keys are small numbers, see ``CacheSimulation/keys``. All caches count entries, not weights.
package protocol SimulatedCache {
    /// Asks for a key and takes it in if it is missing.
    ///
    /// - Returns: Whether it was there.
    mutating func request(_ key: Int) -> Bool
}

/// The rules of eviction that can be simulated.
package enum SimulatedPolicy: String, CaseIterable, Sendable {
    /// What `Cache` does.
    case strata
    /// Least recently used.
    case lru
    /// First in, first out.
    case fifo
    /// Least frequently used of those present.
    case lfu
    /// SIEVE (Zhang et al., NSDI 2024).
    case sieve
    /// S3-FIFO (Yang et al., SOSP 2023, doi:10.1145/3600006.3613147).
    case s3fifo
    /// ARC (Megiddo and Modha, FAST 2003).
    case arc
    /// The optimum, which knows the future (Belady, 1966, doi:10.1147/sj.52.0078).
    case belady

    /// An empty cache.
    ///
    /// - Parameters:
    ///   - capacity: In entries, at least 1.
    ///   - shardCount: Into how many independent parts it is divided; others than ``strata`` have one.
    ///   - keys: All requests that will be made.
    ///   - keyCount: One more than the largest key.
    /// - Returns: The cache.
    func makeCache(capacity: Int, shardCount: Int, keys: [Int], keyCount: Int) -> any SimulatedCache {
        switch self {
        // Nothing is evicted from a cache with more room than keys, however much more.
        case .strata:
            StrataCacheModel(
                capacity: min(capacity, max(keyCount, 1) * shardCount), shardCount: shardCount, keyCount: keyCount)
        case .lru: RecencyCache(capacity: capacity, movesOnHit: true, keyCount: keyCount)
        case .fifo: RecencyCache(capacity: capacity, movesOnHit: false, keyCount: keyCount)
        case .lfu: FrequencyCache(capacity: capacity, keyCount: keyCount)
        case .sieve: SieveCache(capacity: capacity, keyCount: keyCount)
        case .s3fifo: S3FIFOCache(capacity: capacity, keyCount: keyCount)
        case .arc: AdaptiveReplacementCache(capacity: capacity, keyCount: keyCount)
        case .belady: OptimalCache(capacity: capacity, keys: keys, keyCount: keyCount)
        }
    }
}
