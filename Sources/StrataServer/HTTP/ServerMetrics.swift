/// The figures of a running server at one moment, as `/metrics` shows them.
///
/// A plain value, filled by the server and written out by ``PrometheusWriter``, so that neither knows the other. Counters count from
/// the start of the process.
package struct ServerMetrics: Sendable {
    /// For how long the server has been up.
    package var uptimeSeconds = 0.0
    /// Clients connected at this moment.
    package var connectedClientCount = 0
    /// The most clients that may be connected.
    package var maximumClientCount = 0
    /// Connections accepted so far.
    package var acceptedConnectionCount: UInt64 = 0
    /// Connections closed at once because too many clients were connected.
    package var rejectedConnectionCount: UInt64 = 0
    /// Connections closed because of a malformed request.
    package var protocolErrorCount: UInt64 = 0
    /// Commands carried out so far.
    package var processedCommandCount: UInt64 = 0
    /// Commands answered with an error so far.
    package var failedCommandCount: UInt64 = 0
    /// Bytes received from clients.
    package var receivedByteCount: UInt64 = 0
    /// Bytes sent to clients.
    package var sentByteCount: UInt64 = 0
    /// Bytes the data takes, as the memory budget counts them.
    package var usedMemoryByteCount = 0
    /// The budget in bytes; 0 means no limit.
    package var maximumMemoryByteCount = 0
    /// How long commands took.
    package var requestDurations = DurationHistogram()
    /// One element for each cache; the server's databases that hold or held anything are named `db0` … `db15`.
    package var caches: [CacheMetrics] = []

    /// What only a sidecar has.
    package var sidecar: SidecarMetrics?

    /// Creates figures that are all zero.
    package init() {}
}

/// The figures of one cache; see ``ServerMetrics``.
package struct CacheMetrics: Sendable {
    /// The value of the label `cache_name`.
    package var name: String
    /// Lookups that found their key (or field).
    package var hitCount: UInt64 = 0
    /// Lookups that did not.
    package var missCount: UInt64 = 0
    /// Keys removed to make room.
    package var evictionCount: UInt64 = 0
    /// Keys removed because their deadline had passed.
    package var expiredKeyCount: UInt64 = 0
    /// Hash fields removed because their deadline had passed.
    package var expiredFieldCount: UInt64 = 0
    /// Keys held.
    package var entryCount = 0
    /// Keys held that have a deadline.
    package var expiringEntryCount = 0
    /// Slots of the tables that hold the keys.
    package var capacity = 0
    /// Slots that can't be used before the next rehash, because what they held was removed.
    package var tombstoneCount = 0
    /// Slots moved so far by growing, shrinking and cleaning tables.
    package var movedSlotCount = 0
    /// The most slots that a single operation moved.
    package var maximumMovedSlotCount = 0
    /// Bytes held, tables included.
    package var byteCount = 0

    /// Creates figures that are all zero.
    package init(name: String) {
        self.name = name
    }

    /// The share of slots in use, 0 for a table without slots.
    package var loadFactor: Double {
        capacity == 0 ? 0 : Double(entryCount) / Double(capacity)
    }
}

/// How often something took how long: counts per bucket, not cumulative, and the sum.
package struct DurationHistogram: Sendable {
    /// The upper bounds of the buckets in seconds, ascending; a last bucket without a bound follows.
    package var upperBounds: [Double]
    /// The count of each bucket; one more than there are bounds.
    package var counts: [UInt64]
    /// The sum of all durations in seconds.
    package var sum = 0.0

    /// The bounds that suit a cache: 1 µs to 1 s in steps of about ×2.5.
    package static let customaryBounds: [Double] = [
        0.000_001, 0.000_002_5, 0.000_005, 0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5,
        0.005, 0.01,
        0.025, 0.05, 0.1, 0.25, 0.5, 1,
    ]

    /// Creates an empty histogram.
    package init(upperBounds: [Double] = Self.customaryBounds) {
        self.upperBounds = upperBounds
        self.counts = Array(repeating: 0, count: upperBounds.count + 1)
    }

    /// Counts one duration.
    package mutating func record(seconds: Double) {
        let bucket = upperBounds.firstIndex { seconds <= $0 } ?? upperBounds.count
        counts[bucket] += 1
        sum += seconds
    }
}

/// What `/metrics` and `/healthz` ask of a server.
package protocol ServerMetricsSource: Sendable {
    /// The figures of this moment. Cheap enough to be called every second.
    func metrics() -> ServerMetrics
}
