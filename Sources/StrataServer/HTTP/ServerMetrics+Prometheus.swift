extension ServerMetrics {
    /// The figures as the text that `/metrics` answers with.
    package func prometheusText() -> String {
        var writer = PrometheusWriter()
        writeCaches(to: &writer)
        writer.histogram(
            "cache_request_duration_seconds",
            help: "Time from a command's start to its reply being written to the buffer.",
            requestDurations)
        writeServer(to: &writer)
        sidecar?.write(to: &writer)
        return writer.text
    }

    private func writeCaches(to writer: inout PrometheusWriter) {
        func samples(_ figure: (CacheMetrics) -> some BinaryInteger) -> [PrometheusWriter.Sample] {
            caches.map { .init(figure($0), labels: [("cache_name", $0.name)]) }
        }
        writer.counter("cache_hits_total", help: "Lookups that found their key.", samples(\.hitCount))
        writer.counter("cache_misses_total", help: "Lookups that did not find their key.", samples(\.missCount))
        writer.counter("cache_evictions_total", help: "Keys removed to make room.", samples(\.evictionCount))
        writer.counter(
            "cache_expired_keys_total", help: "Keys removed because their deadline had passed.",
            samples(\.expiredKeyCount))
        writer.counter(
            "cache_expired_fields_total", help: "Hash fields removed because their deadline had passed.",
            samples(\.expiredFieldCount))
        writer.gauge("cache_entries", help: "Keys held.", samples(\.entryCount))
        writer.gauge("cache_expiring_entries", help: "Keys held that have a deadline.", samples(\.expiringEntryCount))
        writer.gauge("cache_capacity", help: "Slots of the tables that hold the keys.", samples(\.capacity))
        writer.gauge(
            "cache_load_factor", help: "Share of the slots in use.",
            caches.map { .init($0.loadFactor, labels: [("cache_name", $0.name)]) })
        writer.gauge(
            "cache_tombstones", help: "Slots that are free again only after the next rehash.", samples(\.tombstoneCount)
        )
        writer.gauge("cache_bytes", help: "Bytes held, tables included.", samples(\.byteCount))
        writer.counter(
            "cache_moved_slots_total", help: "Slots moved by growing, shrinking and cleaning tables.",
            samples(\.movedSlotCount))
        writer.gauge(
            "cache_moved_slots_max", help: "The most slots that a single operation moved.",
            samples(\.maximumMovedSlotCount))
    }

    private func writeServer(to writer: inout PrometheusWriter) {
        writer.gauge("strata_uptime_seconds", help: "Time since the server started.", [.init(uptimeSeconds)])
        writer.gauge("strata_connected_clients", help: "Clients connected.", [.init(connectedClientCount)])
        writer.gauge("strata_max_clients", help: "The most clients that may be connected.", [.init(maximumClientCount)])
        writer.counter("strata_connections_total", help: "Connections accepted.", [.init(acceptedConnectionCount)])
        writer.counter(
            "strata_rejected_connections_total", help: "Connections closed because too many clients were connected.",
            [.init(rejectedConnectionCount)])
        writer.counter(
            "strata_protocol_errors_total", help: "Connections closed because of a malformed request.",
            [.init(protocolErrorCount)])
        writer.counter("strata_commands_total", help: "Commands carried out.", [.init(processedCommandCount)])
        writer.counter(
            "strata_failed_commands_total", help: "Commands answered with an error.", [.init(failedCommandCount)])
        writer.counter("strata_received_bytes_total", help: "Bytes received from clients.", [.init(receivedByteCount)])
        writer.counter("strata_sent_bytes_total", help: "Bytes sent to clients.", [.init(sentByteCount)])
        writer.gauge("strata_memory_used_bytes", help: "Bytes the data takes.", [.init(usedMemoryByteCount)])
        writer.gauge(
            "strata_memory_limit_bytes", help: "Bytes the data may take; 0 means no limit.",
            [.init(maximumMemoryByteCount)])
    }
}
