/// Replays a trace through simulated caches and counts hits.
///
/// Every request counts, from an empty cache, and capacities are in entries: so do the published tables of hit ratios.
package struct CacheSimulation: Sendable {
    /// The requests, keys numbered in the order in which they first come.
    package let keys: [Int]
    /// How many different keys there are.
    package let keyCount: Int

    /// One row of a result.
    package struct Result: Sendable, Equatable {
        /// The rule of eviction.
        package var policy: SimulatedPolicy
        /// The capacity in entries.
        package var capacity: Int
        /// How many requests found their key.
        package var hitCount: Int
        /// How many requests there were.
        package var requestCount: Int
        /// The share of hits, 0 without requests.
        package var hitRatio: Double { requestCount == 0 ? 0 : Double(hitCount) / Double(requestCount) }
    }

    /// Prepares a trace.
    ///
    /// - Complexity: O(requests) insertions into a dictionary.
    package init(trace: Trace) {
        var numbers: [UInt64: Int] = [:]
        keys = trace.keys.map { key in
            if let number = numbers[key] { return number }
            let number = numbers.count
            numbers[key] = number
            return number
        }
        keyCount = numbers.count
    }

    /// Replays the trace.
    ///
    /// - Parameters:
    ///   - policy: The rule of eviction.
    ///   - capacity: In entries, at least 1.
    ///   - shardCount: Into how many parts the cache is divided, for the policies that can be.
    /// - Returns: The counted hits.
    package func run(_ policy: SimulatedPolicy, capacity: Int, shardCount: Int = 1) -> Result {
        precondition(capacity > 0 && shardCount > 0 && shardCount <= capacity)
        var cache = policy.makeCache(capacity: capacity, shardCount: shardCount, keys: keys, keyCount: keyCount)
        var hits = 0
        for key in keys where cache.request(key) { hits += 1 }
        return Result(policy: policy, capacity: capacity, hitCount: hits, requestCount: keys.count)
    }

    /// Replays the trace once for each policy and capacity.
    package func run(_ policies: [SimulatedPolicy], capacities: [Int], shardCount: Int = 1) -> [Result] {
        capacities.flatMap { capacity in
            policies.map { run($0, capacity: capacity, shardCount: min(shardCount, capacity)) }
        }
    }
}
