import Strata
import StrataRESP

/// Commands that give a value another key or another database.
enum KeyMovingCommands {
    /// `RENAME`, `RENAMENX`, `COPY`, `MOVE`.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "rename", arity: 3, flags: [.write], firstKey: 1, lastKey: 2, keyStep: 1, access: .exclusive,
            group: .generic, summary: "Renames a key, replacing whatever has the new name.", handler: rename),
        CommandSpecification(
            "renamenx", arity: 3, flags: [.write, .fast], firstKey: 1, lastKey: 2, keyStep: 1, access: .exclusive,
            group: .generic, summary: "Renames a key unless the new name is taken.", handler: renamenx),
        CommandSpecification(
            "copy", arity: -3, flags: [.write, .denyOOM], firstKey: 1, lastKey: 2, keyStep: 1, access: .all,
            group: .generic, summary: "Copies a value to another key, possibly of another database.", since: "6.2.0",
            handler: copy),
        CommandSpecification(
            "move", arity: 3, flags: [.write, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .all,
            group: .generic, summary: "Moves a key to another database.", handler: move),
    ]

    static func rename(_ context: CommandContext) throws(CommandError) {
        let source = context.key(1)
        guard context.access.entry(source) != nil else { throw .noSuchKey }
        if !haveSameBytes(context.arguments[1], context.arguments[2]) {
            context.access.rename(source, to: context.key(2))
        }
        context.writer.ok()
    }

    static func renamenx(_ context: CommandContext) throws(CommandError) {
        let source = context.key(1)
        let destination = context.key(2)
        guard context.access.entry(source) != nil else { throw .noSuchKey }
        guard context.access.entry(destination) == nil else { return context.writer.integer(0) }
        context.access.rename(source, to: destination)
        context.writer.integer(1)
    }

    static func copy(_ context: CommandContext) throws(CommandError) {
        var replaces = false
        var database = context.database
        var index = 3
        while index < context.arguments.count {
            if context.argument(index, is: "REPLACE") {
                replaces = true
            } else if context.argument(index, is: "DB"), index + 1 < context.arguments.count {
                index += 1
                database = try context.databaseNumber(index)
            } else {
                throw .syntax
            }
            index += 1
        }
        if database == context.database, haveSameBytes(context.arguments[1], context.arguments[2]) {
            throw .sameObject
        }
        let source = context.key(1)
        let destination = context.key(2)
        let target = context.access(toDatabase: database)
        guard context.access.entry(source) != nil else { return context.writer.integer(0) }
        if target.entry(destination) != nil {
            guard replaces else { return context.writer.integer(0) }
            target.remove(destination)
        }
        context.access.copy(source, to: destination, in: target)
        context.databases.markUsed(database)
        context.writer.integer(1)
    }

    static func move(_ context: CommandContext) throws(CommandError) {
        let database = try context.databaseNumber(2)
        guard database != context.database else { throw .sameObject }
        let key = context.key(1)
        let target = context.access(toDatabase: database)
        guard context.access.entry(key) != nil, target.entry(key) == nil else { return context.writer.integer(0) }
        context.access.copy(key, to: key, in: target)
        context.access.remove(key)
        context.databases.markUsed(database)
        context.writer.integer(1)
    }

    private static func haveSameBytes(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Bool {
        first.elementsEqual(second)
    }
}
