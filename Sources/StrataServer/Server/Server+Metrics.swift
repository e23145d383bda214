import Strata
package import StrataMonitor

extension Server: ServerMetricsSource {
    package func metrics() -> ServerMetrics {
        var metrics = ServerMetrics()
        let now = WallClock.nowTicks()
        metrics.uptimeSeconds = Double(now - state.lifetime.startedAt) / 1000
        metrics.connectedClientCount = state.clients.count
        metrics.maximumClientCount = state.settings.maximumClients.current
        metrics.acceptedConnectionCount = UInt64(state.sum { $0.acceptedConnections.current })
        metrics.rejectedConnectionCount = UInt64(state.clients.rejectedCount)
        metrics.protocolErrorCount = UInt64(state.sum { $0.protocolErrors.current })
        metrics.processedCommandCount = UInt64(state.sum { $0.processedCommands.current })
        metrics.failedCommandCount = UInt64(state.sum { $0.failedCommands.current })
        metrics.receivedByteCount = UInt64(state.sum { $0.receivedBytes.current })
        metrics.sentByteCount = UInt64(state.sum { $0.sentBytes.current })
        metrics.usedMemoryByteCount = state.databases.budget.usedBytes
        metrics.maximumMemoryByteCount = state.databases.budget.maximumBytes
        metrics.makesRoom = state.databases.budget.policy != .noEviction
        metrics.keyspaces = usedDatabases.map { index in
            ServerMetrics.Keyspace(
                name: "db\(index)", expiringEntryCount: state.databases[index].expiringKeyCount,
                expiredFieldCount: state.keyWatcher.removals(ofDatabase: index).fieldExpired)
        }
        return metrics
    }

    package var caches: [MonitoredCache] {
        usedDatabases.map { index in
            MonitoredCache(
                name: "db\(index)", source: state.databaseFigures[index], recorder: state.recorders.recorders[index])
        }
    }

    package var tiers: [(name: String, figures: @Sendable () -> TierFigures?)] { [] }

    package func beginRecording() { state.recorders.begin() }

    /// The numbers of the databases that hold or have held something.
    private var usedDatabases: [Int] {
        (0..<Databases.count).filter { $0 == 0 || state.databases.isUsed($0) || state.databases[$0].keyCount > 0 }
    }
}
