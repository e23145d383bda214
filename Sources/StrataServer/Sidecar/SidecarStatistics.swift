import Strata
import StrataTiering
import Synchronization

/// What a sidecar counts.
final class SidecarStatistics: Sendable {
    /// What there is to count.
    enum Counter: Int, CaseIterable, Sendable {
        /// Reads answered from the near cache.
        case hits
        /// Reads that could have been, but had to be passed on.
        case misses
        /// Of the hits, those that were served although changes may have gone unreported.
        case suspectsServed
        /// Commands passed on, reads included.
        case passedOn
        /// Commands that the servers behind didn't answer.
        case unanswered
        /// Keys that were reported as changed.
        case invalidations
        case streamsConnected
        case streamsLost
        case connections
        case rejectedConnections
        case tunnels
        case protocolErrors
        /// Bytes that clients sent, and that were sent to them.
        case receivedBytes, sentBytes
    }

    private let counters = ThreadCounters()
    private let connected = Atomic<Int>(0)
    /// Nanoseconds; 0 before it was measured.
    private let lag = Atomic<Int64>(0)

    func add(_ counter: Counter, _ amount: Int = 1) { counters.add(counter.rawValue, amount) }

    /// How often something happened.
    func count(_ counter: Counter) -> Int { counters.sum(counter.rawValue) }

    /// How many clients are connected.
    var connectedCount: Int { connected.load(ordering: .relaxed) }

    /// Counts a client in or out.
    ///
    /// - Returns: How many there are now.
    @discardableResult
    func changeConnected(by amount: Int) -> Int { connected.wrappingAdd(amount, ordering: .relaxed).newValue }

    /// How long a report of a change took last.
    func setLag(_ duration: Duration) {
        lag.store(Int64(duration / .nanoseconds(1)), ordering: .relaxed)
    }

    /// How long a report of a change took last; `nil` if that wasn't measured.
    var lastLag: Duration? {
        let nanoseconds = lag.load(ordering: .relaxed)
        return nanoseconds == 0 ? nil : .nanoseconds(nanoseconds)
    }
}

extension NearCache {
    /// Whether what is kept is coherent: the shards whose changes are reported, and those that are known.
    var coverage: (reported: Int, known: Int) {
        let all = tier.epochs.all
        return (all.count { $0.epoch.isValid }, all.count)
    }

    /// The section `Strata` of `INFO`.
    func info(upstream: String) -> String {
        let coverage = coverage
        var lines = [
            "# Strata", "upstream:\(upstream)",
            "coherence:\(coverage.known > 0 && coverage.reported == coverage.known ? "tracking" : "degraded")",
            "shards_tracked:\(coverage.reported)", "shards_known:\(coverage.known)",
            "invalidation_lag_usec:\(statistics.lastLag.map { "\(Int($0 / .microseconds(1)))" } ?? "unknown")",
            "near_cache_keys:\(tier.store.count)", "near_cache_bytes:\(tier.store.byteCount)",
            "connected_clients:\(statistics.connectedCount)",
        ]
        let names: [(String, SidecarStatistics.Counter)] = [
            ("near_cache_hits", .hits), ("near_cache_misses", .misses), ("near_cache_suspects_served", .suspectsServed),
            ("commands_passed_on", .passedOn), ("commands_unanswered", .unanswered),
            ("invalidated_keys", .invalidations), ("tracking_streams_lost", .streamsLost),
            ("connections_received", .connections), ("connections_with_upstream_of_their_own", .tunnels),
            ("bytes_received", .receivedBytes), ("bytes_sent", .sentBytes),
        ]
        lines += names.map { "\($0.0):\(statistics.count($0.1))" }
        return lines.joined(separator: "\r\n") + "\r\n"
    }
}
