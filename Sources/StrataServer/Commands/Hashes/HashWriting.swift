import Strata
import StrataRESP

/// Commands that write and remove fields of hashes.
enum HashWriting {
    /// `HSET`, `HMSET`, `HSETNX`, `HDEL` and the increments.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "hset", arity: -4, flags: [.write, .denyOOM, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .hash, summary: "Stores fields, creating the hash if need be.",
            since: "2.0.0", handler: hset),
        CommandSpecification(
            "hmset", arity: -4, flags: [.write, .denyOOM, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .hash, summary: "Stores fields; the former form of HSET.", since: "2.0.0",
            handler: hmset),
        CommandSpecification(
            "hsetnx", arity: 4, flags: [.write, .denyOOM, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .hash, summary: "Stores a field unless it exists.", since: "2.0.0",
            handler: hsetnx),
        CommandSpecification(
            "hdel", arity: -3, flags: [.write, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .exclusive,
            group: .hash, summary: "Removes fields, and the hash with its last one.", since: "2.0.0", handler: hdel),
        CommandSpecification(
            "hincrby", arity: 4, flags: [.write, .denyOOM, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .hash, summary: "Adds an integer to the one in a field.", since: "2.0.0",
            handler: hincrby),
        CommandSpecification(
            "hincrbyfloat", arity: 4, flags: [.write, .denyOOM, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .hash, summary: "Adds a floating-point number to the one in a field.",
            since: "2.6.0", handler: hincrbyfloat),
    ]

    static func hset(_ context: CommandContext) throws(CommandError) {
        context.writer.integer(try storeFields(context, command: "hset"))
    }

    static func hmset(_ context: CommandContext) throws(CommandError) {
        _ = try storeFields(context, command: "hmset")
        context.writer.ok()
    }

    /// Stores the pairs that follow the key and returns how many fields are new.
    private static func storeFields(_ context: CommandContext, command: StaticString) throws(CommandError) -> Int {
        let arguments = context.arguments
        guard arguments.count.isMultiple(of: 2) else { throw .wrongArity(command.description) }
        let key = context.key(1)
        _ = try context.lockedHash(key)
        if arguments.count == 4 {
            return context.access.setField(key, arguments[2], arguments[3], deadline: .clear) ? 1 : 0
        }
        return context.access.setFields(
            key, count: arguments.count / 2 - 1, { (arguments[2 * $0 + 2], arguments[2 * $0 + 3]) }, deadline: .clear)
    }

    static func hsetnx(_ context: CommandContext) throws(CommandError) {
        let key = context.key(1)
        let arguments = context.arguments
        if context.lockedField(key, of: try context.lockedHash(key), at: 2) != nil {
            return context.writer.integer(0)
        }
        context.access.setField(key, arguments[2], arguments[3], deadline: .clear)
        context.writer.integer(1)
    }

    static func hdel(_ context: CommandContext) throws(CommandError) {
        let key = context.key(1)
        let arguments = context.arguments
        guard try context.lockedHash(key) != nil else { return context.writer.integer(0) }
        context.writer.integer(
            context.access.removeStoredFields(key, count: arguments.count - 2) { arguments[$0 + 2] })
    }

    static func hincrby(_ context: CommandContext) throws(CommandError) {
        let increment = try context.integer(3)
        let key = context.key(1)
        let name = context.arguments[2]
        var value: Int64 = 0
        if let field = context.lockedField(key, of: try context.lockedHash(key), at: 2) {
            guard let stored = DecimalInteger.parse(field.value) else {
                throw CommandError("ERR hash value is not an integer")
            }
            value = stored
        }
        let (sum, overflow) = value.addingReportingOverflow(increment)
        guard !overflow else { throw .overflow }
        DecimalInteger.withText(of: sum) { text in
            _ = context.access.setField(key, name, text, deadline: .keep)
        }
        context.writer.integer(sum)
    }

    static func hincrbyfloat(_ context: CommandContext) throws(CommandError) {
        guard let increment = LongDouble(parsing: context.arguments[3]) else { throw .notFloat }
        guard increment.value.isFinite else { throw CommandError("ERR value is NaN or Infinity") }
        let key = context.key(1)
        let name = context.arguments[2]
        var value: LongDouble.Storage = 0
        if let field = context.lockedField(key, of: try context.lockedHash(key), at: 2) {
            guard let stored = LongDouble(parsing: field.value) else {
                throw CommandError("ERR hash value is not a float")
            }
            value = stored.value
        }
        let sum = value + increment.value
        guard sum.isFinite else { throw .notFinite }
        LongDouble(sum).withText { text in
            _ = context.access.setField(key, name, text, deadline: .keep)
            context.writer.bulk(text)
        }
    }
}
