import Strata
import StrataRESP
import Synchronization

/// Commands that make several commands one.
enum TransactionCommands {
    /// `MULTI`, `EXEC`, `DISCARD`, `WATCH`, `UNWATCH`.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "multi", arity: 1, flags: [.noScript, .fast, .loading, .stale, .runsInsideTransaction],
            group: .transactions,
            summary: "Begins a transaction: commands are queued until EXEC.", since: "1.2.0", handler: multi),
        CommandSpecification(
            "exec", arity: 1,
            flags: [.noScript, .loading, .stale, .runsInsideTransaction, .executesTransaction, .skipSlowLog],
            group: .transactions, summary: "Carries out all queued commands, with nothing of others in between.",
            since: "1.2.0", handler: exec),
        CommandSpecification(
            "discard", arity: 1, flags: [.noScript, .fast, .loading, .stale, .runsInsideTransaction],
            group: .transactions,
            summary: "Forgets the queued commands.", since: "2.0.0", handler: discard),
        CommandSpecification(
            "watch", arity: -2, flags: [.noScript, .fast, .loading, .stale, .runsInsideTransaction], firstKey: 1,
            lastKey: -1, keyStep: 1,
            access: .exclusive, group: .transactions,
            summary: "Lets EXEC do nothing if one of the keys changes before it.",
            since: "2.2.0", handler: watch),
        CommandSpecification(
            "unwatch", arity: 1, flags: [.noScript, .fast, .loading, .stale], group: .transactions,
            summary: "Forgets the watched keys.", since: "2.2.0", handler: unwatch),
    ]

    static func multi(_ context: CommandContext) throws(CommandError) {
        guard context.client.transaction == nil else { throw CommandError("ERR MULTI calls can not be nested") }
        context.client.beginTransaction()
        context.writer.ok()
    }

    static func discard(_ context: CommandContext) throws(CommandError) {
        guard context.client.transaction != nil else { throw CommandError("ERR DISCARD without MULTI") }
        context.client.endTransaction()
        context.writer.ok()
    }

    static func watch(_ context: CommandContext) throws(CommandError) {
        guard context.client.transaction == nil else { throw CommandError("ERR WATCH inside MULTI is not allowed") }
        for index in 1..<context.arguments.count {
            let key = context.key(index)
            // An expired key is removed by this look, so that its removal later is no change.
            _ = context.access.entry(key)
            let watched = WatchedKey(database: context.database, key: Array(key.bytes))
            guard !context.client.watchedKeys.contains(watched) else { continue }
            context.server.keyWatcher.watches.add(watched, for: context.client)
        }
        context.writer.ok()
    }

    static func unwatch(_ context: CommandContext) throws(CommandError) {
        context.server.keyWatcher.watches.removeAll(of: context.client)
        context.writer.ok()
    }

    static func exec(_ context: CommandContext) throws(CommandError) {
        guard let transaction = context.client.transaction else { throw CommandError("ERR EXEC without MULTI") }
        if transaction.isAborted {
            context.client.endTransaction()
            throw .transactionAborted
        }
        let scope = TransactionScope(transaction, context)
        scope.lock(context)
        defer { scope.unlock(context) }
        // A look removes a watched key that has expired, and so marks the client.
        for watched in context.client.watchedKeys {
            let access = context.access(toDatabase: watched.database)
            watched.key.withUnsafeBytes { bytes in _ = access.entry(context.store.key(bytes)) }
        }
        // relaxed: the locks of the watched keys are held, which orders this behind every change.
        if context.client.isDirty.load(ordering: .relaxed) {
            context.client.endTransaction()
            return context.writer.nullArray()
        }
        let watches = context.server.keyWatcher.watches
        watches.removeAll(of: context.client)
        context.writer.arrayHeader(transaction.requests.count)
        let arguments = context.arguments
        for request in transaction.requests {
            context.arguments = request.arguments
            context.firstHashedKey = 0
            context.worker.runQueued(request.command, context.client)
        }
        context.arguments = arguments
        context.client.endTransaction()
    }
}
