import Strata

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reclaims until nothing waits any more.
///
/// Other tests run at the same time, and their readers hold the epoch up for as long as they are interrupted in the
/// middle of a read.
func reclaimAll<Key, Value>(_ map: ConcurrentMap<Key, Value>) {
    for _ in 0..<100_000 {
        map.reclaim()
        if map.statistics.retiredCount == 0, map.statistics.buriedByteCount == 0 { return }
        sched_yield()
    }
}
