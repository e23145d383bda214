package import StrataMonitor

extension ServerMetrics {
    /// The figures as metrics.
    package var families: [MetricFamily] {
        keyspaceFamilies + connectionFamilies + memoryFamilies + (sidecar?.families ?? [])
    }

    private var keyspaceFamilies: [MetricFamily] {
        func samples(_ figure: (Keyspace) -> Int) -> [MetricFamily.Sample] {
            keyspaces.map { .init(figure($0), labels: [("cache_name", $0.name)]) }
        }
        return [
            .counter(
                "cache_expired_fields_total", help: "Hash fields removed because their deadline had passed.",
                samples(\.expiredFieldCount)),
            .gauge(
                "cache_expiring_entries", help: "Keys held that have a deadline.", samples(\.expiringEntryCount)),
        ]
    }

    private var connectionFamilies: [MetricFamily] {
        [
            .gauge("strata_uptime_seconds", help: "Time since the server started.", [.init(uptimeSeconds)]),
            .gauge("strata_connected_clients", help: "Clients connected.", [.init(connectedClientCount)]),
            .gauge("strata_max_clients", help: "The most clients that may be connected.", [.init(maximumClientCount)]),
            .counter("strata_connections_total", help: "Connections accepted.", [.init(acceptedConnectionCount)]),
            .counter(
                "strata_rejected_connections_total",
                help: "Connections closed because too many clients were connected.",
                [.init(rejectedConnectionCount)]),
            .counter(
                "strata_protocol_errors_total", help: "Connections closed because of a malformed request.",
                [.init(protocolErrorCount)]),
            .counter("strata_commands_total", help: "Commands carried out.", [.init(processedCommandCount)]),
            .counter(
                "strata_failed_commands_total", help: "Commands answered with an error.", [.init(failedCommandCount)]),
            .counter("strata_received_bytes_total", help: "Bytes received from clients.", [.init(receivedByteCount)]),
            .counter("strata_sent_bytes_total", help: "Bytes sent to clients.", [.init(sentByteCount)]),
        ]
    }

    private var memoryFamilies: [MetricFamily] {
        [
            .gauge("strata_memory_used_bytes", help: "Bytes the data takes.", [.init(usedMemoryByteCount)]),
            .gauge(
                "strata_memory_limit_bytes", help: "Bytes the data may take; 0 means no limit.",
                [.init(maximumMemoryByteCount)]),
        ]
    }
}
