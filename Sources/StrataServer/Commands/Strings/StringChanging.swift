import Strata
import StrataRESP

/// Commands that change a string in place.
enum StringChanging {
    /// The increments, `APPEND` and `SETRANGE`.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "incr", arity: 2, flags: [.write, .denyOOM, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .string, summary: "Adds one to the integer stored at a key.",
            handler: { context throws(CommandError) in try add(1, context) }),
        CommandSpecification(
            "decr", arity: 2, flags: [.write, .denyOOM, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .string, summary: "Subtracts one from the integer stored at a key.",
            handler: { context throws(CommandError) in try add(-1, context) }),
        CommandSpecification(
            "incrby", arity: 3, flags: [.write, .denyOOM, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .string, summary: "Adds an integer to the one stored at a key.",
            handler: { context throws(CommandError) in try add(context.integer(2), context) }),
        CommandSpecification(
            "decrby", arity: 3, flags: [.write, .denyOOM, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .string, summary: "Subtracts an integer from the one stored at a key.",
            handler: decrby),
        CommandSpecification(
            "incrbyfloat", arity: 3, flags: [.write, .denyOOM, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .string, summary: "Adds a floating-point number to the one stored at a key.",
            since: "2.6.0", handler: incrbyfloat),
        CommandSpecification(
            "append", arity: 3, flags: [.write, .denyOOM, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .string, summary: "Appends to the string stored at a key.", since: "2.0.0",
            handler: append),
        CommandSpecification(
            "setrange", arity: 4, flags: [.write, .denyOOM], firstKey: 1, lastKey: 1, keyStep: 1, access: .exclusive,
            group: .string, summary: "Overwrites a part of a string, filling a gap with zero bytes.", since: "2.2.0",
            handler: setrange),
    ]

    private static func add(_ increment: Int64, _ context: CommandContext) throws(CommandError) {
        let key = context.key(1)
        var value: Int64 = 0
        if let entry = try context.lockedString(key) {
            guard let stored = DecimalInteger.parse(entry.stringBytes) else { throw .notInteger }
            value = stored
        }
        let (sum, overflow) = value.addingReportingOverflow(increment)
        guard !overflow else { throw .overflow }
        DecimalInteger.withText(of: sum) { context.access.setString(key, $0, deadline: .keep) }
        context.writer.integer(sum)
    }

    static func decrby(_ context: CommandContext) throws(CommandError) {
        let decrement = try context.integer(2)
        guard decrement != .min else { throw CommandError("ERR decrement would overflow") }
        try add(-decrement, context)
    }

    static func incrbyfloat(_ context: CommandContext) throws(CommandError) {
        let key = context.key(1)
        var value: LongDouble.Storage = 0
        if let entry = try context.lockedString(key) {
            guard let stored = LongDouble(parsing: entry.stringBytes) else { throw .notFloat }
            value = stored.value
        }
        guard let increment = LongDouble(parsing: context.arguments[2]) else { throw .notFloat }
        let sum = value + increment.value
        guard sum.isFinite else { throw .notFinite }
        LongDouble(sum).withText { text in
            context.access.setString(key, text, deadline: .keep)
            context.writer.bulk(text)
        }
    }

    static func append(_ context: CommandContext) throws(CommandError) {
        let key = context.key(1)
        let suffix = context.arguments[2]
        if let entry = try context.lockedString(key) {
            guard entry.stringBytes.count + suffix.count <= HashStore.maximumValueLength else { throw .stringTooLong }
        } else if suffix.isEmpty {
            context.access.setString(key, suffix, deadline: .clear)
            return context.writer.integer(0)
        }
        context.writer.integer(context.access.append(key, suffix))
    }

    static func setrange(_ context: CommandContext) throws(CommandError) {
        let offset = try context.integer(2)
        guard offset >= 0 else { throw CommandError("ERR offset is out of range") }
        let key = context.key(1)
        let entry = try context.lockedString(key)
        let bytes = context.arguments[3]
        guard !bytes.isEmpty else { return context.writer.integer(entry?.stringBytes.count ?? 0) }
        guard offset <= Int64(HashStore.maximumValueLength - bytes.count) else { throw .stringTooLong }
        context.writer.integer(context.access.overwrite(key, at: Int(offset), bytes))
    }
}
