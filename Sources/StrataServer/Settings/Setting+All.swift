extension Setting {
    private static let size = 0...Int.max
    private static let count = 0...Int(Int32.max)

    /// Every parameter: those that have an effect, and those that clients and tools set although they have none here.
    static let all: [Setting] = effective + customary + fixed

    /// Parameters that change what the server does.
    private static let effective: [Setting] = [
        Setting("hash-max-listpack-entries", .integer(size), "512", aliases: ["hash-max-ziplist-entries"]),
        Setting("hash-max-listpack-value", .memory(size), "64", aliases: ["hash-max-ziplist-value"]),
        Setting("maxmemory", .memory(size), "0"),
        Setting(
            "maxmemory-policy",
            .choice([
                "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl", "allkeys-lru", "allkeys-lfu",
                "allkeys-random", "noeviction", "allkeys-adaptive",
            ]), "noeviction"),
        Setting("timeout", .integer(count), "0"),
        Setting("maxclients", .integer(1...Int(UInt32.max)), "10000"),
        Setting("proto-max-bulk-len", .memory((1 << 20)...Int.max), "536870912"),
        Setting("client-query-buffer-limit", .memory((1 << 20)...Int.max), "1073741824"),
        Setting(
            "client-output-buffer-limit", .custom(OutputLimits.normalize),
            "normal 1073741824 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60"),
        Setting("tcp-keepalive", .integer(count), "300"),
        Setting("slowlog-log-slower-than", .integer(-1...Int.max), "10000"),
        Setting("slowlog-max-len", .integer(size), "128"),
        Setting("latency-monitor-threshold", .integer(size), "0"),
        Setting("latency-tracking", .boolean, "yes"),
        Setting("latency-tracking-info-percentiles", .custom(Percentiles.normalize), "50 99 99.9"),
        Setting("tracking-table-max-keys", .integer(size), "1000000"),
        Setting("active-expire-effort", .integer(1...10), "1"),
        Setting("hz", .integer(count), "10"),
        Setting("requirepass", .text, "", isSecret: true),
        Setting("appendonly", .custom(Self.neverOn), "no"),
        Setting(
            "bind",
            .custom { value, present throws(SettingError) in
                guard value == present else { throw SettingError("Failed to bind to specified addresses.") }
                return value
            }, "127.0.0.1"),
        Setting(
            "port",
            .custom { value, present throws(SettingError) in
                guard value == present else { throw SettingError("Unable to listen on this port. Check server logs.") }
                return value
            }, "6379"),
    ]

    /// Parameters that are remembered and have no effect, because what they are about works in another way or doesn't exist.
    private static let customary: [Setting] = [
        Setting("activedefrag", .boolean, "no"),
        Setting("activerehashing", .boolean, "yes"),
        Setting("acl-pubsub-default", .choice(["allchannels", "resetchannels"]), "resetchannels"),
        Setting("acllog-max-len", .integer(size), "128"),
        Setting("aof-use-rdb-preamble", .boolean, "yes"),
        Setting("appendfsync", .choice(["everysec", "always", "no"]), "everysec"),
        Setting("auto-aof-rewrite-percentage", .integer(count), "100"),
        Setting("auto-aof-rewrite-min-size", .memory(size), "67108864"),
        Setting("busy-reply-threshold", .integer(size), "5000", aliases: ["lua-time-limit"]),
        Setting("crash-log-enabled", .boolean, "yes"),
        Setting("dbfilename", .text, "dump.rdb"),
        Setting("dir", .text, "/"),
        Setting("dynamic-hz", .boolean, "yes"),
        Setting("hll-sparse-max-bytes", .memory(size), "3000"),
        Setting("lazyfree-lazy-eviction", .boolean, "yes"),
        Setting("lazyfree-lazy-expire", .boolean, "yes"),
        Setting("lazyfree-lazy-server-del", .boolean, "yes"),
        Setting("lazyfree-lazy-user-del", .boolean, "yes"),
        Setting("lazyfree-lazy-user-flush", .boolean, "no"),
        Setting("lfu-decay-time", .integer(count), "1"),
        Setting("lfu-log-factor", .integer(count), "10"),
        Setting("list-compress-depth", .integer(count), "0"),
        Setting(
            "list-max-listpack-size", .integer(Int(Int32.min)...Int(Int32.max)), "-2",
            aliases: ["list-max-ziplist-size"]),
        Setting("loglevel", .choice(["debug", "verbose", "notice", "warning", "nothing"]), "notice"),
        Setting("masterauth", .text, "", isSecret: true),
        Setting("masteruser", .text, "", isSecret: true),
        Setting("max-new-connections-per-cycle", .integer(1...1000), "10"),
        Setting("maxmemory-clients", .memoryOrPercent, "0"),
        Setting("maxmemory-eviction-tenacity", .integer(0...100), "10"),
        Setting("maxmemory-samples", .integer(1...64), "5"),
        Setting("min-replicas-max-lag", .integer(count), "10", aliases: ["min-slaves-max-lag"]),
        Setting("min-replicas-to-write", .integer(count), "0", aliases: ["min-slaves-to-write"]),
        Setting("no-appendfsync-on-rewrite", .boolean, "no"),
        Setting("notify-keyspace-events", .custom(Self.keyspaceEvents), ""),
        Setting("protected-mode", .boolean, "yes"),
        Setting("rdbcompression", .boolean, "yes"),
        Setting("repl-backlog-size", .memory(1...Int.max), "1048576"),
        Setting("repl-backlog-ttl", .integer(size), "3600"),
        Setting("repl-diskless-load", .choice(["disabled", "on-empty-db", "swapdb"]), "disabled"),
        Setting("repl-diskless-sync", .boolean, "yes"),
        Setting("repl-diskless-sync-delay", .integer(count), "5"),
        Setting("repl-ping-replica-period", .integer(1...Int(Int32.max)), "10", aliases: ["repl-ping-slave-period"]),
        Setting("repl-timeout", .integer(1...Int(Int32.max)), "60"),
        Setting("replica-announced", .boolean, "yes"),
        Setting("replica-priority", .integer(count), "100", aliases: ["slave-priority"]),
        Setting("replica-read-only", .boolean, "yes", aliases: ["slave-read-only"]),
        Setting("replica-serve-stale-data", .boolean, "yes", aliases: ["slave-serve-stale-data"]),
        Setting("sanitize-dump-payload", .choice(["no", "yes", "clients"]), "no"),
        Setting("save", .custom(Self.savePoints), ""),
        Setting("set-max-intset-entries", .integer(size), "512"),
        Setting("set-max-listpack-entries", .integer(size), "128"),
        Setting("set-max-listpack-value", .integer(size), "64"),
        Setting("shutdown-on-sigint", .choices(["default", "save", "nosave", "now", "force"]), "default"),
        Setting("shutdown-on-sigterm", .choices(["default", "save", "nosave", "now", "force"]), "default"),
        Setting("shutdown-timeout", .integer(count), "10"),
        Setting("stop-writes-on-bgsave-error", .boolean, "yes"),
        Setting("stream-node-max-bytes", .memory(size), "4096"),
        Setting("stream-node-max-entries", .integer(size), "100"),
        Setting("zset-max-listpack-entries", .integer(size), "128", aliases: ["zset-max-ziplist-entries"]),
        Setting("zset-max-listpack-value", .memory(size), "64", aliases: ["zset-max-ziplist-value"]),
    ]

    /// Parameters that are given when the server starts.
    private static let fixed: [Setting] = [
        Setting("always-show-logo", .boolean, "no", isFixed: true),
        Setting("cluster-enabled", .boolean, "no", isFixed: true),
        Setting("daemonize", .boolean, "no", isFixed: true),
        Setting("databases", .integer(1...16), "16", isFixed: true),
        Setting("enable-debug-command", .choice(["no", "yes", "local"]), "no", isFixed: true),
        Setting("enable-module-command", .choice(["no", "yes", "local"]), "no", isFixed: true),
        Setting("enable-protected-configs", .choice(["no", "yes", "local"]), "no", isFixed: true),
        Setting("io-threads", .integer(1...1024), "1", isFixed: true),
        Setting("logfile", .text, "", isFixed: true),
        Setting("pidfile", .text, "", isFixed: true),
        Setting("replicaof", .text, "", aliases: ["slaveof"], isFixed: true),
        Setting("supervised", .choice(["upstart", "systemd", "auto", "no"]), "no", isFixed: true),
        Setting("tcp-backlog", .integer(count), "511", isFixed: true),
        Setting("unixsocket", .text, "", isFixed: true),
        Setting("unixsocketperm", .octal(0...0o777), "0", isFixed: true),
    ]

    /// Accepts `no` and tells that `yes` isn't possible.
    private static func neverOn(_ value: String, _ present: String) throws(SettingError) -> String {
        switch value.lowercased() {
        case "no": return "no"
        case "yes": throw SettingError("Strata keeps data in memory only")
        default: throw SettingError("argument must be 'yes' or 'no'")
        }
    }

    /// Accepts pairs of seconds and changes; they are remembered, but nothing is ever saved.
    private static func savePoints(_ value: String, _ present: String) throws(SettingError) -> String {
        let parts = value.split(separator: " ")
        let numbers = parts.compactMap { Int($0) }
        let areValid = numbers.enumerated().allSatisfy { $0.element >= ($0.offset % 2 == 0 ? 1 : 0) }
        guard numbers.count == parts.count, parts.count % 2 == 0, areValid else {
            throw SettingError("Invalid save parameters")
        }
        return numbers.map(String.init).joined(separator: " ")
    }

    /// Refuses to switch events on that nobody would publish.
    private static func keyspaceEvents(_ value: String, _ present: String) throws(SettingError) -> String {
        guard value.isEmpty else { throw SettingError("keyspace notifications are not offered") }
        return value
    }
}
