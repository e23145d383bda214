import Strata
import StrataRESP

/// `INFO`, `MEMORY` and small commands about the server.
enum InfoCommands {
    /// The commands.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "info", arity: -1, flags: [.loading, .stale, .dangerous], group: .server,
            summary: "Returns figures about the server.", handler: info),
        CommandSpecification(
            "memory", arity: -2, flags: [], group: .server, summary: "Commands on memory.", since: "4.0.0",
            subcommands: [
                CommandSpecification(
                    "usage", arity: -3, flags: [.readOnly], firstKey: 2, lastKey: 2, keyStep: 1, access: .pinned,
                    group: .server, summary: "Returns how many bytes a key takes.", since: "4.0.0", handler: memoryUsage
                ),
                CommandSpecification(
                    "stats", arity: 2, flags: [], group: .server, summary: "Returns figures on memory.", since: "4.0.0",
                    handler: memoryStatistics),
                CommandSpecification(
                    "doctor", arity: 2, flags: [], group: .server, summary: "Says what stands out.", since: "4.0.0"
                ) { $0.writer.verbatim(MemoryAdvice.text($0.server)) },
                CommandSpecification(
                    "malloc-stats", arity: 2, flags: [], group: .server, summary: "Tells what the allocator reports.",
                    since: "4.0.0"
                ) { $0.writer.verbatim("Stats not supported for the current allocator") },
                CommandSpecification(
                    "purge", arity: 2, flags: [], group: .server, summary: "Gives free memory back to the system.",
                    since: "4.0.0"
                ) { context in
                    // Inside a transaction locks are held that maintenance would wait for; the next regular one is near.
                    if context.heldAccess == nil {
                        for store in context.databases.stores { store.maintain(now: context.now) }
                    }
                    AllocatorMemory.releaseFree()
                    context.writer.ok()
                },
                HelpText.command(
                    "memory", group: .server,
                    [
                        ("DOCTOR", "Say what stands out."),
                        ("MALLOC-STATS", "Return what the allocator reports."),
                        ("PURGE", "Give free memory back to the system."),
                        ("STATS", "Return figures on memory."),
                        ("USAGE <key> [SAMPLES <count>]", "Return how many bytes a key takes."),
                    ]),
            ], handler: HelpText.missingSubcommand),
        CommandSpecification(
            "time", arity: 1, flags: [.fast, .loading, .stale], group: .server,
            summary: "Returns the time as seconds since 1970 and microseconds.", since: "2.6.0"
        ) { context in
            let microseconds = MonotonicClock.unixMicroseconds()
            context.writer.arrayHeader(2)
            context.writer.bulk(integer: Int64(microseconds / 1_000_000))
            context.writer.bulk(integer: Int64(microseconds % 1_000_000))
        },
        CommandSpecification(
            "lolwut", arity: -1, flags: [.readOnly, .fast], group: .server, summary: "Shows some layers.",
            since: "5.0.0"
        ) { context in
            let picture = (0..<6).map {
                String(repeating: " ", count: 6 - $0) + String(repeating: "▁▂▃", count: $0 + 2)
            }
            context.writer.verbatim(picture.joined(separator: "\n") + "\n\nStrata ver. \(StrataVersion.current)\n")
        },
        CommandSpecification(
            "role", arity: 1, flags: [.fast, .loading, .stale, .noScript, .admin, .dangerous], group: .server,
            summary: "Returns the role in replication, always that of a primary.", since: "2.8.12"
        ) { context in
            context.writer.arrayHeader(3)
            context.writer.bulk("master")
            context.writer.integer(0)
            context.writer.arrayHeader(0)
        },
        CommandSpecification(
            "lastsave", arity: 1, flags: [.fast, .loading, .stale, .admin, .dangerous], group: .server,
            summary: "Returns when the server was started: it saves nothing."
        ) { $0.writer.integer($0.server.lifetime.startedAtUnixSeconds) },
        CommandSpecification(
            "wait", arity: 3, flags: [.blocking], group: .generic,
            summary: "Returns the number of replicas that have caught up, always 0.", since: "3.0.0"
        ) { context throws(CommandError) in
            _ = try context.integer(1)
            guard let timeout = DecimalInteger.parse(context.arguments[2]) else {
                throw CommandError("ERR timeout is not an integer or out of range")
            }
            guard timeout >= 0 else { throw CommandError("ERR timeout is negative") }
            context.writer.integer(0)
        },
    ]

    private static func info(_ context: CommandContext) {
        var report = InfoReport(server: context.server, now: context.now)
        report.write(
            sections: (1..<context.arguments.count).map { String(decoding: context.arguments[$0], as: UTF8.self) })
        context.writer.verbatim(report.text)
    }

    private static func memoryUsage(_ context: CommandContext) throws(CommandError) {
        var index = 3
        while index < context.arguments.count {
            guard context.argument(index, is: "SAMPLES"), index + 1 < context.arguments.count else { throw .syntax }
            guard try context.integer(index + 1) >= 0 else { throw .syntax }
            index += 2
        }
        try context.read(context.key(2), touching: false) { entry in
            if let entry { context.writer.integer(entry.byteCount) } else { context.writer.null() }
        }
    }

    private static func memoryStatistics(_ context: CommandContext) {
        let writer = context.writer
        let server = context.server
        let used = server.databases.budget.usedBytes
        let resident = ProcessUsage().residentBytes
        let keyCount = server.databases.stores.reduce(0) { $0 + $1.keyCount }
        let mark = writer.begin()
        var count = 0
        func entry(_ name: String, _ value: Int) {
            writer.bulk(name)
            writer.integer(value)
            count += 1
        }
        entry("peak.allocated", max(used, resident))
        entry("total.allocated", used)
        entry("startup.allocated", 0)
        entry("replication.backlog", 0)
        entry("clients.slaves", 0)
        entry("clients.normal", server.clients.count * 1024)
        entry("cluster.links", 0)
        entry("aof.buffer", 0)
        for index in 0..<Databases.count where server.databases[index].keyCount > 0 {
            writer.bulk("db.\(index)")
            writer.mapHeader(2)
            writer.bulk("overhead.hashtable.main")
            writer.integer(server.databases[index].byteCount)
            writer.bulk("overhead.hashtable.expires")
            writer.integer(0)
            count += 1
        }
        entry("overhead.total", 0)
        entry("keys.count", keyCount)
        entry("keys.bytes-per-key", keyCount > 0 ? used / keyCount : 0)
        entry("dataset.bytes", used)
        writer.bulk("dataset.percentage")
        writer.double(100)
        writer.bulk("fragmentation")
        writer.double(used > 0 ? Double(resident) / Double(used) : 1)
        writer.end(mark, as: .map, count: count + 2)
    }
}

/// The text of `MEMORY DOCTOR`.
enum MemoryAdvice {
    static func text(_ server: ServerState) -> String {
        let used = server.databases.budget.usedBytes
        let maximum = server.databases.budget.maximumBytes
        if maximum > 0, used > maximum / 10 * 9 {
            return
                "The data takes \(InfoReport.human(used)) of the \(InfoReport.human(maximum)) allowed by maxmemory.\n"
        }
        let resident = ProcessUsage().residentBytes
        if used > 64 << 20, resident > used * 2 {
            return "The process takes \(InfoReport.human(resident)) for \(InfoReport.human(used)) of data.\n"
        }
        return "Nothing stands out.\n"
    }
}
