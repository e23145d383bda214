import Strata

extension InfoReport {
    mutating func writeStatistics() {
        let tracking = server.tracking.figures
        let channels = server.channels.counts
        let workers = server.allWorkers
        let rates = server.rates.rates
        line("total_connections_received", server.sum { $0.acceptedConnections.current })
        line("total_commands_processed", server.sum { $0.processedCommands.current })
        line("instantaneous_ops_per_sec", Int(rates.commands))
        line("total_net_input_bytes", server.sum { $0.receivedBytes.current })
        line("total_net_output_bytes", server.sum { $0.sentBytes.current })
        line("total_net_repl_input_bytes", 0)
        line("total_net_repl_output_bytes", 0)
        line("instantaneous_input_kbps", Self.fixed(rates.receivedBytes / 1024))
        line("instantaneous_output_kbps", Self.fixed(rates.sentBytes / 1024))
        line("instantaneous_input_repl_kbps", "0.00")
        line("instantaneous_output_repl_kbps", "0.00")
        line("rejected_connections", server.clients.rejectedCount)
        line("expired_subkeys", server.keyWatcher.fieldExpiryCount)
        line("expired_keys", server.keyWatcher.expiryCount)
        line("expired_time_cap_reached_count", 0)
        line("evicted_keys", server.keyWatcher.evictionCount)
        line("evicted_clients", 0)
        line("keyspace_hits", server.sum { $0.keyspaces.hitCount })
        line("keyspace_misses", server.sum { $0.keyspaces.missCount })
        line("pubsub_channels", channels.channels)
        line("pubsub_patterns", channels.patterns)
        line("pubsubshard_channels", 0)
        line("latest_fork_usec", 0)
        line("total_forks", 0)
        line("migrate_cached_sockets", 0)
        line("tracking_total_keys", tracking.keys)
        line("tracking_total_items", tracking.items)
        line("tracking_total_prefixes", tracking.prefixes)
        line("unexpected_error_replies", 0)
        line("total_error_replies", server.errors.total)
        line("dump_payload_sanitizations", 0)
        line("total_reads_processed", server.sum { $0.readEvents.current })
        line("total_writes_processed", server.sum { $0.writeEvents.current })
        line("client_query_buffer_limit_disconnections", server.sum { $0.queryBufferLimitDisconnections.current })
        line("client_output_buffer_limit_disconnections", server.sum { $0.outputBufferLimitDisconnections.current })
        line("protocol_errors", workers.reduce(0) { $0 + $1.statistics.protocolErrors.current })
    }

    mutating func writeCommandStatistics() {
        let workers = server.allWorkers
        for command in server.commands.commands {
            let entries = workers.map { $0.commandStatistics[command.index] }
            let calls = entries.reduce(0) { $0 + $1.pointee.calls.current }
            let rejected = entries.reduce(0) { $0 + $1.pointee.rejected.current }
            let failed = entries.reduce(0) { $0 + $1.pointee.failed.current }
            guard calls > 0 || rejected > 0 || failed > 0 else { continue }
            let microseconds = entries.reduce(0) { $0 + $1.pointee.nanoseconds.current } / 1000
            let mean = Self.fixed(calls > 0 ? Double(microseconds) / Double(calls) : 0)
            line(
                "cmdstat_\(command.fullName)",
                "calls=\(calls),usec=\(microseconds),usec_per_call=\(mean),rejected_calls=\(rejected),failed_calls=\(failed)"
            )
        }
    }

    mutating func writeErrorStatistics() {
        for (code, count) in server.errors.all() {
            line("errorstat_\(code)", "count=\(count)")
        }
    }

    mutating func writeLatencyStatistics() {
        guard server.settings["latency-tracking"] == "yes" else { return }
        let percentiles = server.settings["latency-tracking-info-percentiles"].split(separator: " ").compactMap {
            Double($0)
        }
        let workers = server.allWorkers
        for command in server.commands.commands {
            let buckets = CommandStatistics.durations(of: command.index, in: workers)
            let calls = buckets.reduce(0, +)
            guard calls > 0 else { continue }
            let values = percentiles.map { percentile in
                "p\(Percentiles.text(percentile))="
                    + Self.fixed(Self.microseconds(percentile, buckets, calls), digits: 3)
            }
            line("latency_percentiles_usec_\(command.fullName)", values.joined(separator: ","))
        }
    }

    /// The duration that so many percent of the calls don't exceed.
    private static func microseconds(_ percentile: Double, _ buckets: [Int], _ calls: Int) -> Double {
        let rank = max(1, Int((percentile / 100 * Double(calls)).rounded(.up)))
        var sum = 0
        for (bucket, count) in buckets.enumerated() {
            sum += count
            if sum >= rank { return Double(1024 << bucket) / 1000 }
        }
        return 0
    }
}
