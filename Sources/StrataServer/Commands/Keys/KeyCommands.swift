import Strata
import StrataRESP

/// Commands on keys, whatever they hold.
enum KeyCommands {
    /// Removal, existence, type and the use of keys.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "del", arity: -2, flags: [.write], firstKey: 1, lastKey: -1, keyStep: 1, access: .exclusive,
            group: .generic, summary: "Removes keys.", handler: remove),
        CommandSpecification(
            "unlink", arity: -2, flags: [.write, .fast], firstKey: 1, lastKey: -1, keyStep: 1, access: .exclusive,
            group: .generic, summary: "Removes keys; their memory is freed later, as it is for DEL.", since: "4.0.0",
            handler: remove),
        CommandSpecification(
            "exists", arity: -2, flags: [.readOnly, .fast], firstKey: 1, lastKey: -1, keyStep: 1, access: .pinned,
            group: .generic, summary: "Counts the keys that exist; one given twice counts twice.", handler: exists),
        CommandSpecification(
            "touch", arity: -2, flags: [.readOnly, .fast], firstKey: 1, lastKey: -1, keyStep: 1, access: .pinned,
            group: .generic, summary: "Marks keys as used and counts those that exist.", since: "3.2.1",
            handler: touch),
        CommandSpecification(
            "type", arity: 2, flags: [.readOnly, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .pinned,
            group: .generic, summary: "Tells what kind of value a key holds.", handler: type),
        CommandSpecification(
            "randomkey", arity: 1, flags: [.readOnly], access: .none, group: .generic,
            summary: "Returns a key drawn at random.", handler: randomkey),
        CommandSpecification(
            "dbsize", arity: 1, flags: [.readOnly, .fast], access: .none, group: .server,
            summary: "Returns the number of keys in the database.", handler: dbsize),
        CommandSpecification(
            "flushdb", arity: -1, flags: [.write, .dangerous], access: .all, group: .server,
            summary: "Removes all keys of the database.", handler: flushdb),
        CommandSpecification(
            "flushall", arity: -1, flags: [.write, .dangerous], access: .all, group: .server,
            summary: "Removes all keys of all databases.", handler: flushall),
    ]

    static func remove(_ context: CommandContext) throws(CommandError) {
        var count = 0
        for index in 1..<context.arguments.count where context.access.remove(context.key(index)) { count += 1 }
        context.writer.integer(count)
    }

    static func exists(_ context: CommandContext) throws(CommandError) {
        context.writer.integer(try countKeys(context, touching: false))
    }

    static func touch(_ context: CommandContext) throws(CommandError) {
        // Whoever sends this command means it, even with NO-TOUCH on.
        let wasNoTouch = context.client.isNoTouch
        context.client.isNoTouch = false
        defer { context.client.isNoTouch = wasNoTouch }
        context.writer.integer(try countKeys(context, touching: true))
    }

    private static func countKeys(_ context: CommandContext, touching: Bool) throws(CommandError) -> Int {
        var count = 0
        for index in 1..<context.arguments.count {
            try context.read(context.key(index), touching: touching) { if $0 != nil { count += 1 } }
        }
        return count
    }

    static func type(_ context: CommandContext) throws(CommandError) {
        try context.read(context.key(1), touching: false) { entry in
            switch entry?.kind {
            case nil: context.writer.simpleString("none" as StaticString)
            case .string: context.writer.simpleString("string" as StaticString)
            case .hash: context.writer.simpleString("hash" as StaticString)
            }
        }
    }

    static func randomkey(_ context: CommandContext) throws(CommandError) {
        if let key = context.randomKey() {
            context.writer.bulk(key)
        } else {
            context.writer.null()
        }
    }

    static func dbsize(_ context: CommandContext) throws(CommandError) {
        context.writer.integer(context.store.keyCount)
    }

    static func flushdb(_ context: CommandContext) throws(CommandError) {
        let isSynchronous = try isFlushSynchronous(context)
        context.removeAllKeys(
            ofDatabases: context.database..<context.database + 1, freeingAtOnce: isSynchronous)
        context.writer.ok()
    }

    static func flushall(_ context: CommandContext) throws(CommandError) {
        let isSynchronous = try isFlushSynchronous(context)
        context.removeAllKeys(ofDatabases: 0..<Databases.count, freeingAtOnce: isSynchronous)
        context.writer.ok()
    }

    /// Whether the reply waits until the memory is free.
    private static func isFlushSynchronous(_ context: CommandContext) throws(CommandError) -> Bool {
        switch context.arguments.count {
        case 1: return context.server.settings["lazyfree-lazy-user-flush"] == "no"
        case 2 where context.argument(1, is: "SYNC"): return true
        case 2 where context.argument(1, is: "ASYNC"): return false
        default: throw .syntax
        }
    }
}
