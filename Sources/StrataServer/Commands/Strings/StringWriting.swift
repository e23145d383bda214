import Strata
import StrataRESP

/// Commands that replace strings, and those that read one and change or remove it.
enum StringWriting {
    /// `SET` and its relatives, `MSET`, `MSETNX`, `GETSET`, `GETDEL`, `GETEX`.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "set", arity: -3, flags: [.write, .denyOOM], firstKey: 1, lastKey: 1, keyStep: 1, access: .exclusive,
            group: .string, summary: "Stores a string, on conditions and with a deadline if asked for.", handler: set),
        CommandSpecification(
            "setnx", arity: 3, flags: [.write, .denyOOM, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .string, summary: "Stores a string unless the key exists.", handler: setnx),
        CommandSpecification(
            "setex", arity: 4, flags: [.write, .denyOOM], firstKey: 1, lastKey: 1, keyStep: 1, access: .exclusive,
            group: .string, summary: "Stores a string for a number of seconds.", since: "2.0.0",
            handler: { context throws(CommandError) in try setWithExpiry(context, .seconds, command: "setex") }),
        CommandSpecification(
            "psetex", arity: 4, flags: [.write, .denyOOM], firstKey: 1, lastKey: 1, keyStep: 1, access: .exclusive,
            group: .string, summary: "Stores a string for a number of milliseconds.", since: "2.6.0",
            handler: { context throws(CommandError) in try setWithExpiry(context, .milliseconds, command: "psetex") }),
        CommandSpecification(
            "mset", arity: -3, flags: [.write, .denyOOM], firstKey: 1, lastKey: -1, keyStep: 2, access: .exclusive,
            group: .string, summary: "Stores several strings at once.", since: "1.0.1", handler: mset),
        CommandSpecification(
            "msetnx", arity: -3, flags: [.write, .denyOOM], firstKey: 1, lastKey: -1, keyStep: 2, access: .exclusive,
            group: .string, summary: "Stores several strings at once if none of the keys exists.", since: "1.0.1",
            handler: msetnx),
        CommandSpecification(
            "getset", arity: 3, flags: [.write, .denyOOM, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .string, summary: "Stores a string and returns the one it replaces.",
            handler: getset),
        CommandSpecification(
            "getdel", arity: 2, flags: [.write, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .exclusive,
            group: .string, summary: "Returns a string and removes its key.", since: "6.2.0", handler: getdel),
        CommandSpecification(
            "getex", arity: -2, flags: [.write, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .exclusive,
            group: .string, summary: "Returns a string and changes its deadline.", since: "6.2.0", handler: getex),
    ]

    static func set(_ context: CommandContext) throws(CommandError) {
        let key = context.key(1)
        if context.arguments.count == 3 {
            context.access.setString(key, context.arguments[2], deadline: .clear)
            return context.writer.ok()
        }
        let options = try StringOptions(ofSet: context)
        var deadline: Int64?
        if let expiry = options.expiry {
            deadline = try context.valueDeadline(options.expiryIndex, expiry, command: "set")
        }
        let former = context.access.entry(key)
        if options.returnsFormerValue {
            if let former, former.kind != .string { throw .wrongType }
            writeValue(of: former, to: context)
        }
        let isWanted =
            switch options.condition {
            case .always: true
            case .ifMissing: former == nil
            case .ifPresent: former != nil
            }
        guard isWanted else {
            if !options.returnsFormerValue { context.writer.null() }
            return
        }
        store(context.arguments[2], at: key, deadline, keepingDeadline: options.keepsDeadline, context)
        if !options.returnsFormerValue { context.writer.ok() }
    }

    static func setnx(_ context: CommandContext) throws(CommandError) {
        let key = context.key(1)
        guard context.access.entry(key) == nil else { return context.writer.integer(0) }
        context.access.setString(key, context.arguments[2], deadline: .clear)
        context.writer.integer(1)
    }

    private static func setWithExpiry(
        _ context: CommandContext, _ expiry: StringOptions.Expiry, command: StaticString
    ) throws(CommandError) {
        let deadline = try context.valueDeadline(2, expiry, command: command)
        store(context.arguments[3], at: context.key(1), deadline, keepingDeadline: false, context)
        context.writer.ok()
    }

    /// Stores a value; one whose deadline has passed leaves no key at all.
    private static func store(
        _ value: UnsafeRawBufferPointer, at key: HashStore.Key, _ deadline: Int64?, keepingDeadline: Bool,
        _ context: CommandContext
    ) {
        guard let deadline else {
            return context.access.setString(key, value, deadline: keepingDeadline ? .keep : .clear)
        }
        if deadline <= context.now {
            context.access.remove(key)
        } else {
            context.access.setString(key, value, deadline: .set(deadline))
        }
    }

    static func mset(_ context: CommandContext) throws(CommandError) {
        guard context.arguments.count % 2 == 1 else { throw .wrongArity("mset") }
        storeAll(context)
        context.writer.ok()
    }

    static func msetnx(_ context: CommandContext) throws(CommandError) {
        guard context.arguments.count % 2 == 1 else { throw .wrongArity("msetnx") }
        for index in stride(from: 1, to: context.arguments.count, by: 2)
        where context.access.entry(context.key(index)) != nil {
            return context.writer.integer(0)
        }
        storeAll(context)
        context.writer.integer(1)
    }

    private static func storeAll(_ context: CommandContext) {
        for index in stride(from: 1, to: context.arguments.count, by: 2) {
            context.access.setString(context.key(index), context.arguments[index + 1], deadline: .clear)
        }
    }

    static func getset(_ context: CommandContext) throws(CommandError) {
        let key = context.key(1)
        writeValue(of: try context.lockedString(key), to: context)
        context.access.setString(key, context.arguments[2], deadline: .clear)
    }

    static func getdel(_ context: CommandContext) throws(CommandError) {
        let key = context.key(1)
        let entry = try context.lockedString(key)
        writeValue(of: entry, to: context)
        if entry != nil { context.access.remove(key) }
    }

    static func getex(_ context: CommandContext) throws(CommandError) {
        let options = try StringOptions(ofGet: context)
        let key = context.key(1)
        guard let entry = try context.lockedString(key) else { return context.writer.null() }
        var deadline: Int64?
        if let expiry = options.expiry {
            deadline = try context.valueDeadline(options.expiryIndex, expiry, command: "getex")
        }
        context.writer.bulk(entry.stringBytes)
        if let deadline {
            context.access.setDeadline(key, deadline)
        } else if options.clearsDeadline, entry.deadline != nil {
            context.access.setDeadline(key, nil)
        } else {
            context.store.recordRead(entry, of: key, now: context.now)
        }
    }

    private static func writeValue(of entry: HashStore.Entry?, to context: CommandContext) {
        if let entry { context.writer.bulk(entry.stringBytes) } else { context.writer.null() }
    }
}
