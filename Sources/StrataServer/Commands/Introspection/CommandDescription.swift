import StrataRESP

/// Writes what `COMMAND` tells about commands.
struct CommandDescription {
    private let writer: RESPWriter

    init(_ context: CommandContext) {
        writer = context.writer
    }

    private static let flagNames: [(CommandSpecification.Flags, String)] = [
        (.write, "write"), (.readOnly, "readonly"), (.denyOOM, "denyoom"), (.admin, "admin"), (.pubsub, "pubsub"),
        (.noScript, "noscript"), (.blocking, "blocking"), (.loading, "loading"), (.stale, "stale"),
        (.skipMonitor, "skip_monitor"), (.skipSlowLog, "skip_slowlog"), (.fast, "fast"), (.noAuth, "no_auth"),
        (.noMulti, "no_multi"), (.movableKeys, "movablekeys"),
    ]

    /// How commands use their keys, where it isn't what their other flags suggest.
    private static let keyUse: [String: [String]] = {
        var uses: [String: [String]] = [:]
        for name in ["set", "mset", "setex", "psetex", "msetnx", "restore"] { uses[name] = ["OW", "update"] }
        for name in ["setnx"] { uses[name] = ["OW", "insert"] }
        for name in ["del", "unlink"] { uses[name] = ["RM", "delete"] }
        for name in ["getdel", "hgetdel"] { uses[name] = ["RW", "access", "delete"] }
        for name in [
            "getset", "getex", "hgetex", "incr", "decr", "incrby", "decrby", "incrbyfloat", "hincrby", "hincrbyfloat",
        ] {
            uses[name] = ["RW", "access", "update"]
        }
        for name in ["append", "hsetnx"] { uses[name] = ["RW", "insert"] }
        for name in ["hdel"] { uses[name] = ["RW", "delete"] }
        for name in [
            "exists", "touch", "type", "ttl", "pttl", "expiretime", "pexpiretime", "strlen", "hlen", "hstrlen",
            "hexists",
            "memory|usage", "object|encoding", "object|freq", "object|idletime", "object|refcount", "watch",
        ] { uses[name] = ["RO"] }
        return uses
    }()

    /// Writes the descriptions of all commands for clients.
    func writeInfo(ofAll table: CommandTable) {
        guard let base = table.commands.baseAddress else { return writer.arrayHeader(0) }
        writer.arrayHeader(table.plainCount)
        for index in 0..<table.plainCount { writeInfo(base + index, table) }
    }

    /// Writes the description of a command for clients.
    func writeInfo(_ command: CommandReference, _ table: CommandTable) {
        writer.arrayHeader(10)
        writer.bulk(command.pointee.fullName)
        writer.integer(command.pointee.arity)
        let flags = Self.flagNames.filter { command.pointee.flags.contains($0.0) }.map(\.1)
        writer.setHeader(flags.count)
        for flag in flags { writer.simpleString(flag) }
        writer.integer(command.pointee.firstKey)
        writer.integer(command.pointee.lastKey)
        writer.integer(command.pointee.keyStep)
        let categories = CommandCategory.names(of: command.pointee)
        writer.setHeader(categories.count)
        for category in categories { writer.simpleString(category) }
        writer.setHeader(0)
        writeKeySpecifications(command)
        writer.setHeader(command.pointee.subcommands.count)
        if let base = table.commands.baseAddress {
            for index in command.pointee.subcommands { writeInfo(base + index, table) }
        }
    }

    private func writeKeySpecifications(_ command: CommandReference) {
        guard command.pointee.firstKey > 0 else { return writer.setHeader(0) }
        writer.setHeader(1)
        writer.mapHeader(3)
        writer.bulk("flags")
        writeKeyFlags(command)
        writer.bulk("begin_search")
        writer.mapHeader(2)
        writer.bulk("type")
        writer.bulk("index")
        writer.bulk("spec")
        writer.mapHeader(1)
        writer.bulk("index")
        writer.integer(command.pointee.firstKey)
        writer.bulk("find_keys")
        writer.mapHeader(2)
        writer.bulk("type")
        writer.bulk("range")
        writer.bulk("spec")
        writer.mapHeader(3)
        writer.bulk("lastkey")
        let last = command.pointee.lastKey
        writer.integer(last < 0 ? last : last - command.pointee.firstKey)
        writer.bulk("keystep")
        writer.integer(command.pointee.keyStep)
        writer.bulk("limit")
        writer.integer(0)
    }

    /// Writes how a request uses one of its keys.
    func writeKeyFlags(_ command: CommandReference, isFirst: Bool, of request: RESPArguments) {
        switch command.pointee.fullName {
        case "copy": write(flags: isFirst ? ["RO", "access"] : ["OW", "update"])
        case "rename", "renamenx":
            write(
                flags: isFirst
                    ? ["RW", "access", "delete"] : ["OW", command.pointee.fullName == "rename" ? "update" : "insert"])
        case "set" where (3..<max(request.count, 3)).contains { request[$0].spells("GET") }:
            write(flags: ["RW", "access", "update"])
        default: writeKeyFlags(command)
        }
    }

    private func write(flags: [String]) {
        writer.setHeader(flags.count)
        for flag in flags { writer.simpleString(flag) }
    }

    /// Writes how a command uses its keys.
    private func writeKeyFlags(_ command: CommandReference) {
        let flags =
            Self.keyUse[command.pointee.fullName]
            ?? (command.pointee.flags.contains(.write) ? ["RW", "update"] : ["RO", "access"])
        write(flags: flags)
    }

    /// Writes name and description of a command for people.
    func writeDocumentation(_ command: CommandReference, _ table: CommandTable) {
        let specification = command.pointee.specification
        writer.bulk(command.pointee.fullName)
        writer.mapHeader(command.pointee.isContainer ? 4 : 3)
        writer.bulk("summary")
        writer.bulk(specification.summary)
        writer.bulk("since")
        writer.bulk(specification.since)
        writer.bulk("group")
        writer.bulk(specification.group.rawValue)
        guard command.pointee.isContainer, let base = table.commands.baseAddress else { return }
        writer.bulk("subcommands")
        writer.mapHeader(command.pointee.subcommands.count)
        for index in command.pointee.subcommands { writeDocumentation(base + index, table) }
    }
}

/// The categories that access control divides commands into.
enum CommandCategory {
    /// All categories, in the order in which they are shown.
    static let all = [
        "keyspace", "read", "write", "set", "sortedset", "list", "hash", "string", "bitmap", "hyperloglog", "geo",
        "stream",
        "pubsub", "admin", "fast", "slow", "blocking", "dangerous", "connection", "transaction", "scripting",
    ]

    /// The categories of a command, each with an `@`.
    static func names(of command: Command) -> [String] {
        var names: [String] = []
        switch command.specification.group {
        case .generic: names.append("@keyspace")
        case .string: names.append("@string")
        case .hash: names.append("@hash")
        case .connection: names.append("@connection")
        case .transactions: names.append("@transaction")
        case .pubsub, .server: break
        }
        let byFlag: [(Command.Flags, String)] = [
            (.write, "@write"), (.readOnly, "@read"), (.admin, "@admin"), (.pubsub, "@pubsub"),
            (.blocking, "@blocking"),
        ]
        names += byFlag.filter { command.flags.contains($0.0) }.map(\.1)
        if !command.flags.isDisjoint(with: [.admin, .dangerous]) { names.append("@dangerous") }
        names.append(command.flags.contains(.fast) ? "@fast" : "@slow")
        return all.map { "@" + $0 }.filter(names.contains)
    }
}
