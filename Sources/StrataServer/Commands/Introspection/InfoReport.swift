import Strata
import Synchronization

/// The text of `INFO`: sections of `name:value` lines.
struct InfoReport {
    /// The sections by name, in the order in which they are shown.
    private static let sections: [(name: String, title: String, write: @Sendable (inout InfoReport) -> Void)] = [
        ("server", "Server", { $0.writeServer() }),
        ("clients", "Clients", { $0.writeClients() }),
        ("memory", "Memory", { $0.writeMemory() }),
        ("persistence", "Persistence", { $0.writePersistence() }),
        ("stats", "Stats", { $0.writeStatistics() }),
        ("replication", "Replication", { $0.writeReplication() }),
        ("cpu", "CPU", { $0.writeProcessor() }),
        ("modules", "Modules", { _ in }),
        ("commandstats", "Commandstats", { $0.writeCommandStatistics() }),
        ("errorstats", "Errorstats", { $0.writeErrorStatistics() }),
        ("latencystats", "Latencystats", { $0.writeLatencyStatistics() }),
        ("cluster", "Cluster", { $0.line("cluster_enabled", 0) }),
        ("keyspace", "Keyspace", { $0.writeKeyspace() }),
    ]
    /// The sections that are only shown when they are asked for.
    private static let hidden: Set<String> = ["commandstats", "latencystats"]

    let server: ServerState
    let now: Int64
    private(set) var text = ""

    init(server: ServerState, now: Int64) {
        self.server = server
        self.now = now
    }

    /// Writes the sections that were asked for by name; by none, the customary ones.
    mutating func write(sections names: [String]) {
        var wanted: Set<String> = []
        for name in names.isEmpty ? ["default"] : names.map({ $0.lowercased() }) {
            switch name {
            case "default": wanted.formUnion(Self.sections.map(\.name).filter { !Self.hidden.contains($0) })
            case "all", "everything": wanted.formUnion(Self.sections.map(\.name))
            default: wanted.insert(name)
            }
        }
        for section in Self.sections where wanted.contains(section.name) {
            if !text.isEmpty { text += "\r\n" }
            text += "# \(section.title)\r\n"
            section.write(&self)
        }
    }

    /// Writes one line.
    mutating func line(_ name: String, _ value: some CustomStringConvertible) {
        text += "\(name):\(value)\r\n"
    }

    private mutating func writeServer() {
        let seconds = Int(now - server.lifetime.startedAt) / 1000
        line("redis_version", StrataVersion.redis)
        line("redis_mode", "standalone")
        line("server_name", "strata")
        line("strata_version", StrataVersion.current)
        #if os(Linux)
            line("os", "Linux")
        #else
            line("os", "macOS")
        #endif
        line("arch_bits", 64)
        line("multiplexing_api", "epoll")
        line("process_id", server.lifetime.processIdentifier)
        line("run_id", server.lifetime.runIdentifier)
        line("tcp_port", server.settings["port"])
        line("server_time_usec", MonotonicClock.unixMicroseconds())
        line("uptime_in_seconds", seconds)
        line("uptime_in_days", seconds / 86_400)
        line("hz", server.settings.frequency.current)
        line("configured_hz", server.settings["hz"])
        line("io_threads_active", 0)
        line("event_loops", server.allWorkers.count)
        line("executable", CommandLine.arguments.first ?? "")
        line("config_file", "")
    }

    private mutating func writeClients() {
        let tracking = server.tracking.figures
        let clients = server.clients.all()
        line("connected_clients", clients.count)
        line("cluster_connections", 0)
        line("maxclients", server.settings["maxclients"])
        line("client_recent_max_input_buffer", clients.map { $0.status.waitingInputBytes.current }.max() ?? 0)
        line("client_recent_max_output_buffer", clients.map { $0.status.waitingOutputBytes.current }.max() ?? 0)
        line("blocked_clients", 0)
        line("tracking_clients", tracking.clients)
        line("pubsub_clients", clients.count { $0.status.contains(.subscriber) })
        line("watching_clients", server.keyWatcher.watches.watchingClientCount)
        line("clients_in_timeout_table", 0)
        line("total_watched_keys", server.keyWatcher.watches.watchedKeyCount)
        line("total_blocking_keys", 0)
        line("total_blocking_keys_on_nokey", 0)
    }

    private mutating func writeMemory() {
        let used = server.databases.budget.usedBytes
        let usage = ProcessUsage()
        let machine = ProcessUsage.machineBytes
        line("used_memory", used)
        line("used_memory_human", Self.human(used))
        line("used_memory_rss", usage.residentBytes)
        line("used_memory_rss_human", Self.human(usage.residentBytes))
        line("used_memory_peak", max(used, usage.residentBytes))
        line("used_memory_peak_human", Self.human(max(used, usage.residentBytes)))
        line("used_memory_dataset", used)
        line("total_system_memory", machine)
        line("total_system_memory_human", Self.human(machine))
        line("maxmemory", server.databases.budget.maximumBytes)
        line("maxmemory_human", Self.human(server.databases.budget.maximumBytes))
        line("maxmemory_policy", server.databases.budget.policy.rawValue)
        line("mem_fragmentation_ratio", Self.fixed(used > 0 ? Double(usage.residentBytes) / Double(used) : 1))
        line("mem_clients_normal", server.clients.count * 1024)
        line("mem_not_counted_for_evict", 0)
        line("mem_allocator", "libc")
        line("active_defrag_running", 0)
        line("lazyfree_pending_objects", 0)
        line("lazyfreed_objects", 0)
    }

    private mutating func writePersistence() {
        line("loading", 0)
        line("async_loading", 0)
        line("rdb_changes_since_last_save", 0)
        line("rdb_bgsave_in_progress", 0)
        line("rdb_last_save_time", server.lifetime.startedAtUnixSeconds)
        line("rdb_last_bgsave_status", "ok")
        line("aof_enabled", 0)
        line("aof_rewrite_in_progress", 0)
        line("aof_rewrite_scheduled", 0)
        line("aof_last_bgrewrite_status", "ok")
        line("aof_last_write_status", "ok")
    }

    private mutating func writeReplication() {
        line("role", "master")
        line("connected_slaves", 0)
        line("master_failover_state", "no-failover")
        line("master_replid", server.lifetime.replicationIdentifier)
        line("master_replid2", String(repeating: "0", count: 40))
        line("master_repl_offset", 0)
        line("second_repl_offset", -1)
        line("repl_backlog_active", 0)
        line("repl_backlog_size", server.settings["repl-backlog-size"])
        line("repl_backlog_first_byte_offset", 0)
        line("repl_backlog_histlen", 0)
    }

    private mutating func writeProcessor() {
        let usage = ProcessUsage()
        line("used_cpu_sys", Self.fixed(usage.systemSeconds, digits: 6))
        line("used_cpu_user", Self.fixed(usage.userSeconds, digits: 6))
        line("used_cpu_sys_children", "0.000000")
        line("used_cpu_user_children", "0.000000")
    }

    private mutating func writeKeyspace() {
        for index in 0..<Databases.count {
            let store = server.databases[index]
            let count = store.keyCount
            guard count > 0 else { continue }
            line(
                "db\(index)",
                "keys=\(count),expires=\(store.expiringKeyCount),avg_ttl=0,subexpiry=\(store.fieldExpiringKeyCount)")
        }
    }

    /// A number of bytes as people write it.
    static func human(_ bytes: Int) -> String {
        var value = Double(bytes)
        for unit in ["B", "K", "M", "G", "T"] {
            if value < 1024 || unit == "T" { return unit == "B" ? "\(bytes)B" : fixed(value) + unit }
            value /= 1024
        }
        return "\(bytes)B"
    }

    /// A number with so many digits after the point.
    static func fixed(_ value: Double, digits: Int = 2) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (value * scale).rounded()
        guard scaled.magnitude < 9e18 else { return value.description }
        let whole = Int(scaled)
        let fraction = String(whole.magnitude % UInt(scale))
        let padding = String(repeating: "0", count: max(digits - fraction.count, 0))
        return "\(whole < 0 ? "-" : "")\(whole.magnitude / UInt(scale)).\(padding)\(fraction)"
    }
}
