import Strata
import StrataRESP

/// Commands that read hashes.
enum HashReading {
    /// The reads of single fields, of several, of all, and of their number.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "hget", arity: 3, flags: [.readOnly, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .pinned,
            group: .hash, summary: "Returns the value of a field.", since: "2.0.0", handler: hget),
        CommandSpecification(
            "hmget", arity: -3, flags: [.readOnly, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .pinned,
            group: .hash, summary: "Returns the values of several fields, all as of one moment.", since: "2.0.0",
            handler: hmget),
        CommandSpecification(
            "hgetall", arity: 2, flags: [.readOnly], firstKey: 1, lastKey: 1, keyStep: 1, access: .pinned,
            group: .hash, summary: "Returns all fields with their values.", since: "2.0.0", handler: hgetall),
        CommandSpecification(
            "hkeys", arity: 2, flags: [.readOnly], firstKey: 1, lastKey: 1, keyStep: 1, access: .pinned,
            group: .hash, summary: "Returns the names of all fields.", since: "2.0.0", handler: hkeys),
        CommandSpecification(
            "hvals", arity: 2, flags: [.readOnly], firstKey: 1, lastKey: 1, keyStep: 1, access: .pinned,
            group: .hash, summary: "Returns the values of all fields.", since: "2.0.0", handler: hvals),
        CommandSpecification(
            "hexists", arity: 3, flags: [.readOnly, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .pinned,
            group: .hash, summary: "Tells whether a field exists.", since: "2.0.0", handler: hexists),
        CommandSpecification(
            "hlen", arity: 2, flags: [.readOnly, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .pinned,
            group: .hash, summary: "Returns the number of fields.", since: "2.0.0", handler: hlen),
        CommandSpecification(
            "hstrlen", arity: 3, flags: [.readOnly, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .pinned,
            group: .hash, summary: "Returns the length of a field's value in bytes.", since: "3.2.0",
            handler: hstrlen),
    ]

    static func hget(_ context: CommandContext) throws(CommandError) {
        try readField(context) { field in
            if let field { context.writer.bulk(field.value) } else { context.writer.null() }
        }
    }

    /// Reads the field that a command names after its key.
    ///
    /// One that has expired is removed.
    @inline(__always)
    private static func readField(
        _ context: CommandContext, _ body: (HashStore.Field?) -> Void
    ) throws(CommandError) {
        let key = context.key(1)
        var isExpired = false
        try context.readHash(key) { entry in
            switch entry?.lookup(context.arguments[2], now: context.now) {
            case .live(let field): body(field)
            case .expired:
                isExpired = true
                body(nil)
            case .missing, nil: body(nil)
            }
        }
        if isExpired { context.collectExpiredFields(key, 2..<3) }
    }

    static func hmget(_ context: CommandContext) throws(CommandError) {
        let key = context.key(1)
        let arguments = context.arguments
        var hasExpired = false
        try context.readWholeHash(key) { entry in
            context.writer.arrayHeader(arguments.count - 2)
            for index in 2..<arguments.count {
                switch entry?.lookup(arguments[index], now: context.now) {
                case .live(let field): context.writer.bulk(field.value)
                case .expired:
                    hasExpired = true
                    context.writer.null()
                case .missing, nil: context.writer.null()
                }
            }
        }
        if hasExpired { context.collectExpiredFields(key, 2..<arguments.count) }
    }

    static func hgetall(_ context: CommandContext) throws(CommandError) {
        try context.readWholeHash(context.key(1)) { entry in
            let writer = context.writer
            guard let entry else { return writer.mapHeader(0) }
            writer.mapHeader(entry.liveFieldCount(now: context.now))
            entry.forEachField(now: context.now) { name, value, _ in
                writer.bulk(name)
                writer.bulk(value)
            }
        }
    }

    static func hkeys(_ context: CommandContext) throws(CommandError) {
        try context.readWholeHash(context.key(1)) { entry in
            let writer = context.writer
            guard let entry else { return writer.arrayHeader(0) }
            writer.arrayHeader(entry.liveFieldCount(now: context.now))
            entry.forEachField(now: context.now) { name, _, _ in writer.bulk(name) }
        }
    }

    static func hvals(_ context: CommandContext) throws(CommandError) {
        try context.readWholeHash(context.key(1)) { entry in
            let writer = context.writer
            guard let entry else { return writer.arrayHeader(0) }
            writer.arrayHeader(entry.liveFieldCount(now: context.now))
            entry.forEachField(now: context.now) { _, value, _ in writer.bulk(value) }
        }
    }

    static func hexists(_ context: CommandContext) throws(CommandError) {
        try readField(context) { context.writer.integer($0 == nil ? 0 : 1) }
    }

    static func hlen(_ context: CommandContext) throws(CommandError) {
        try context.readHash(context.key(1)) { entry in
            // Fields whose deadline has passed count until they are collected.
            context.writer.integer(entry?.fieldCount ?? 0)
        }
    }

    static func hstrlen(_ context: CommandContext) throws(CommandError) {
        try readField(context) { context.writer.integer($0?.value.count ?? 0) }
    }
}
