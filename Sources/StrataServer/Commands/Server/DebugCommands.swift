import Logging
import Strata
import StrataRESP

/// `DEBUG`: what test suites need and nobody else should have.
enum DebugCommands {
    /// `DEBUG`.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "debug", arity: -2,
            flags: [.admin, .dangerous, .noScript, .loading, .stale, .needsEverythingInTransaction],
            group: .server, summary: "Commands for tests of the server.", handler: debug)
    ]

    private typealias Action = (
        name: StaticString, counts: ClosedRange<Int>, form: String, effect: String, run: Handler
    )
    private typealias Handler = CommandSpecification.Handler

    /// The subcommands, each with how many arguments it takes, `DEBUG` and its own name included.
    private static let actions: [Action] = [
        ("SLEEP", 3...3, "SLEEP <seconds>", "Stop this event loop for some time.", sleep),
        ("OBJECT", 3...4, "OBJECT <key>", "Tell how a key is stored.", object),
        (
            "SET-ACTIVE-EXPIRE", 3...3, "SET-ACTIVE-EXPIRE (0|1)", "Switch the removal of what has expired.",
            setActiveExpire
        ),
        ("POPULATE", 3...5, "POPULATE <count> [<prefix>] [<size>]", "Create keys that don't exist.", populate),
        ("DIGEST", 2...2, "DIGEST", "Return a digest of all data.", DebugDigest.all),
        (
            "DIGEST-VALUE", 2...Int.max, "DIGEST-VALUE <key> ...", "Return a digest of each key's value.",
            DebugDigest.values
        ),
        ("PROTOCOL", 3...3, "PROTOCOL <type>", "Reply with a value of a type of the protocol.", DebugProtocol.reply),
        ("LISTPACK", 3...3, "LISTPACK <key>", "Check that a key is a compact hash.", listpack),
        ("HTSTATS", 3...4, "HTSTATS <db> [full]", "Return figures on a database.", tableStatistics),
        ("HTSTATS-KEY", 3...4, "HTSTATS-KEY <key> [full]", "Return figures on a large hash.", keyStatistics),
        ("STRINGMATCH-LEN", 4...4, "STRINGMATCH-LEN <length> <pattern>", "Match a text of that length.", matchLength),
        ("CHANGE-REPL-ID", 2...2, "CHANGE-REPL-ID", "Draw another replication identifier.", changeIdentifier),
        ("RELOAD", 2...5, "RELOAD [<option> ...]", "Keep all data as it is.", ok),
        ("LOADAOF", 2...2, "LOADAOF", "Keep all data as it is.", ok),
        ("ERROR", 3...3, "ERROR <text>", "Reply with an error.", error),
        ("LOG", 3...3, "LOG <message>", "Write a message to the log.", log),
        ("QUICKLIST-PACKED-THRESHOLD", 3...3, "QUICKLIST-PACKED-THRESHOLD <size>", "Do nothing.", ok),
        ("SET-SKIP-CHECKSUM-VALIDATION", 3...3, "SET-SKIP-CHECKSUM-VALIDATION (0|1)", "Do nothing.", ok),
        ("SET-DISABLE-DENY-SCRIPTS", 3...3, "SET-DISABLE-DENY-SCRIPTS (0|1)", "Do nothing.", ok),
        ("DICT-RESIZING", 3...3, "DICT-RESIZING (0|1)", "Do nothing.", ok),
        ("PAUSE-CRON", 3...3, "PAUSE-CRON (0|1)", "Do nothing.", ok),
        ("REPLYBUFFER", 4...4, "REPLYBUFFER <option> <value>", "Do nothing.", ok),
        ("JMAP", 2...2, "JMAP", "Do nothing.", ok),
        ("REPLICATE", 3...Int.max, "REPLICATE <argument> ...", "Do nothing.", ok),
        ("AOF-FLUSH-SLEEP", 3...3, "AOF-FLUSH-SLEEP <microseconds>", "Do nothing.", ok),
        ("CONFIG-REWRITE-FORCE-ALL", 2...2, "CONFIG-REWRITE-FORCE-ALL", "Do nothing.", ok),
    ]

    @Sendable
    private static func debug(_ context: CommandContext) throws(CommandError) {
        guard context.server.configuration.isDebugCommandEnabled else {
            throw CommandError(
                "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can run it from a "
                    + "local connection, otherwise you need to set this option in the configuration file, and then restart the server."
            )
        }
        if context.argument(1, is: "HELP"), context.arguments.count == 2 { return help(context) }
        let count = context.arguments.count
        guard let action = actions.first(where: { context.argument(1, is: $0.name) && $0.counts.contains(count) })
        else {
            let name = String(decoding: context.arguments[1].prefix(128), as: UTF8.self)
            throw CommandError("ERR unknown subcommand or wrong number of arguments for '\(name)'. Try DEBUG HELP.")
        }
        try action.run(context)
    }

    private static func help(_ context: CommandContext) {
        context.writer.arrayHeader(1 + (actions.count + 1) * 2)
        context.writer.simpleString("DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:" as StaticString)
        for action in actions {
            context.writer.simpleString(action.form)
            context.writer.simpleString("    " + action.effect)
        }
        context.writer.simpleString("HELP" as StaticString)
        context.writer.simpleString("    Print this help." as StaticString)
    }

    @Sendable
    private static func ok(_ context: CommandContext) {
        context.writer.ok()
    }

    @Sendable
    private static func sleep(_ context: CommandContext) throws(CommandError) {
        guard let seconds = Double(String(decoding: context.arguments[2], as: UTF8.self)), seconds >= 0, seconds < 1e9
        else {
            throw .notFloat
        }
        MonotonicClock.sleep(microseconds: Int(seconds * 1e6))
        context.now = WallClock.nowTicks()
        context.writer.ok()
    }

    @Sendable
    private static func setActiveExpire(_ context: CommandContext) {
        context.server.isActiveExpireEnabled.set(context.argument(2, is: "0") ? 0 : 1)
        context.writer.ok()
    }

    @Sendable
    private static func changeIdentifier(_ context: CommandContext) {
        context.server.lifetime.changeReplicationIdentifier()
        context.writer.ok()
    }

    @Sendable
    private static func error(_ context: CommandContext) throws(CommandError) {
        throw CommandError(String(decoding: context.arguments[2], as: UTF8.self))
    }

    @Sendable
    private static func log(_ context: CommandContext) {
        context.server.logger.notice("\(String(decoding: context.arguments[2], as: UTF8.self))")
        context.writer.ok()
    }

    @Sendable
    private static func matchLength(_ context: CommandContext) throws(CommandError) {
        let length = try context.integer(2, in: 0...(1 << 30), orElse: .notInteger)
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: Int(length))
        context.writer.integer(text.withUnsafeBytes { GlobPattern.matches(context.arguments[3], $0) } ? 1 : 0)
    }

    /// Runs `body` with a key's entry while its shard is locked.
    static func withEntry(
        _ context: CommandContext, _ key: UnsafeRawBufferPointer, _ body: (CommandContext.Entry) -> Void
    ) -> Bool {
        let key = context.store.key(key)
        if let access = context.heldAccess {
            guard let entry = access.entry(key) else { return false }
            body(entry)
            return true
        }
        return context.store.withExclusiveAccess(to: key, now: context.now) { access in
            guard let entry = access.entry(key) else { return false }
            body(entry)
            return true
        }
    }

    @Sendable
    private static func object(_ context: CommandContext) throws(CommandError) {
        let exists = withEntry(context, context.arguments[2]) { entry in
            let idle = entry.idleMilliseconds(now: context.now) / 1000
            let lastUse = (context.unixMilliseconds / 1000 - idle) & 0xFF_FFFF
            context.writer.simpleString(
                "Value at:0x0 refcount:1 encoding:\(entry.nominalEncoding(context.databases.encoding).name) serializedlength:\(entry.byteCount) "
                    + "lru:\(lastUse) lru_seconds_idle:\(idle)")
        }
        guard exists else { throw .noSuchKey }
    }

    @Sendable
    private static func listpack(_ context: CommandContext) throws(CommandError) {
        var isCompact = false
        let exists = withEntry(context, context.arguments[2]) {
            isCompact = $0.kind == .hash && $0.nominalEncoding(context.databases.encoding) != .table
        }
        guard exists else { throw .noSuchKey }
        guard isCompact else { throw CommandError("ERR Not a listpack encoded object.") }
        context.writer.simpleString("Listpack structure printed on stdout" as StaticString)
    }

    @Sendable
    private static func tableStatistics(_ context: CommandContext) throws(CommandError) {
        let store = context.databases[try context.databaseNumber(2)]
        context.writer.verbatim(
            "[Dictionary HT]\nnumber of elements: \(store.keyCount)\nbytes: \(store.byteCount)\n"
                + "[Expires HT]\nnumber of elements: \(store.expiringKeyCount)\n")
    }

    @Sendable
    private static func keyStatistics(_ context: CommandContext) throws(CommandError) {
        var text: String?
        let exists = withEntry(context, context.arguments[2]) { entry in
            guard entry.kind == .hash, entry.nominalEncoding(context.databases.encoding) == .table else { return }
            text = "[Hash table]\nnumber of elements: \(entry.fieldCount)\nbytes: \(entry.byteCount)\n"
        }
        guard exists else { throw .noSuchKey }
        guard let text else {
            throw CommandError("ERR The value stored at the specified key is not represented using an hash table")
        }
        context.writer.verbatim(text)
    }

    @Sendable
    private static func populate(_ context: CommandContext) throws(CommandError) {
        let count = try context.integer(2, in: 0...(1 << 32), orElse: .outOfRange)
        let prefix = context.arguments.count > 3 ? String(decoding: context.arguments[3], as: UTF8.self) : "key"
        let size = context.arguments.count > 4 ? Int(try context.integer(4, in: 0...(1 << 29), orElse: .outOfRange)) : 0
        for number in 0..<Int(count) {
            var value = Array("value:\(number)".utf8)
            if size > 0 { value = Array(value.prefix(size)) + Array(repeating: 0, count: max(size - value.count, 0)) }
            Array("\(prefix):\(number)".utf8).withUnsafeBytes { bytes in
                let key = context.store.key(bytes)
                let set = { (access: HashStore.Access) in
                    guard access.entry(key) == nil else { return }
                    value.withUnsafeBytes { access.setString(key, $0, deadline: .clear) }
                }
                if let access = context.heldAccess {
                    set(access)
                } else {
                    context.store.withExclusiveAccess(to: key, now: context.now, set)
                }
            }
        }
        context.writer.ok()
    }
}
