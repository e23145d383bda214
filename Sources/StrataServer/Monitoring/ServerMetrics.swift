package import StrataMonitor

/// The figures of a running server at one moment that don't belong to a cache.
///
/// A plain value, filled by the server. Counters count from the start of the process.
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
    /// Whether entries make room for others when the budget is used up.
    package var makesRoom = false
    /// Keys held that have a deadline, and fields removed by theirs, by cache.
    package var keyspaces: [Keyspace] = []

    /// What only a sidecar has.
    package var sidecar: SidecarMetrics?

    /// Figures of a database that other caches don't have.
    package struct Keyspace: Sendable {
        /// The value of the label `cache_name`.
        package var name: String
        /// Keys held that have a deadline.
        package var expiringEntryCount: Int
        /// Hash fields removed because their deadline had passed.
        package var expiredFieldCount: Int

        /// The figures of a database.
        package init(name: String, expiringEntryCount: Int, expiredFieldCount: Int) {
            self.name = name
            self.expiringEntryCount = expiringEntryCount
            self.expiredFieldCount = expiredFieldCount
        }
    }

    /// Creates figures that are all zero.
    package init() {}
}

/// What a server tells whoever watches it.
package protocol ServerMetricsSource: Sendable {
    /// The figures of this moment. Cheap enough to be called every second.
    func metrics() -> ServerMetrics

    /// What is kept, by name: the databases that are or were in use, or what a sidecar keeps.
    ///
    /// Each is the same object from call to call.
    var caches: [MonitoredCache] { get }

    /// What tiers there are, by name.
    var tiers: [(name: String, figures: @Sendable () -> TierFigures?)] { get }

    /// Says that operations are to be recorded from here on.
    func beginRecording()

    /// Adds what only the source knows to what a dashboard shows.
    func complete(_ facts: inout DashboardFacts)
}

extension ServerMetricsSource {
    /// Adds nothing.
    package func complete(_ facts: inout DashboardFacts) {}
}

/// Something kept, where its figures come from, and where its operations are recorded.
package struct MonitoredCache: Sendable {
    /// What it is called.
    package var name: String
    /// Where its figures come from.
    package var source: any MapFigureSource
    /// Where its operations are recorded.
    package var recorder: OperationRecorder

    /// A cache to watch.
    package init(name: String, source: any MapFigureSource, recorder: OperationRecorder) {
        self.name = name
        self.source = source
        self.recorder = recorder
    }
}
