import Strata
import StrataRESP

/// Commands that walk over keys or fields.
enum ScanCommands {
    /// `SCAN`, `HSCAN`, `KEYS`.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "scan", arity: -2, flags: [.readOnly], access: .none, group: .generic,
            summary: "Walks over the keys of the database, a few at a time.", since: "2.8.0", handler: scan),
        CommandSpecification(
            "hscan", arity: -3, flags: [.readOnly], firstKey: 1, lastKey: 1, keyStep: 1, access: .pinned,
            group: .hash, summary: "Walks over the fields of a hash, a few at a time.", since: "2.8.0",
            handler: hscan),
        CommandSpecification(
            "keys", arity: 2, flags: [.readOnly, .dangerous], access: .none, group: .generic,
            summary: "Returns all keys that match a pattern.", handler: keys),
    ]

    /// The words that may follow a cursor.
    private struct Options {
        /// About how many elements to look at.
        var count = 10
        /// The pattern that names must match; `nil` if all do.
        var pattern: UnsafeRawBufferPointer?
        /// Whether only keys of ``kind`` are wanted.
        var filtersKind = false
        /// The kind of the keys that are wanted; `nil` if no key can be of the kind asked for.
        var kind: HashStore.Entry.Kind?
        /// Whether values are left out.
        var omitsValues = false

        /// Reads the words from an index on; `isHash` tells `HSCAN` from `SCAN`.
        init(_ context: CommandContext, from first: Int, isHash: Bool) throws(CommandError) {
            var index = first
            while index < context.arguments.count {
                let word = context.arguments[index]
                let hasNext = index + 1 < context.arguments.count
                if word.spells("COUNT"), hasNext {
                    let number = try context.integer(index + 1)
                    guard number >= 1 else { throw .syntax }
                    count = Int(number)
                    index += 2
                } else if word.spells("MATCH"), hasNext {
                    let bytes = context.arguments[index + 1]
                    pattern = ScanCommands.matchesEverything(bytes) ? nil : bytes
                    index += 2
                } else if word.spells("TYPE"), !isHash, hasNext {
                    filtersKind = true
                    let name = context.arguments[index + 1]
                    kind = name.spells("STRING") ? .string : name.spells("HASH") ? .hash : nil
                    index += 2
                } else if word.spells("NOVALUES") {
                    guard isHash else { throw CommandError("ERR NOVALUES option can only be used in HSCAN") }
                    omitsValues = true
                    index += 1
                } else {
                    throw .syntax
                }
            }
        }

        func accepts(_ name: UnsafeRawBufferPointer) -> Bool {
            guard let pattern else { return true }
            return GlobPattern.matches(pattern, name)
        }
    }

    private static func matchesEverything(_ pattern: UnsafeRawBufferPointer) -> Bool {
        pattern.count == 1 && pattern[0] == UInt8(ascii: "*")
    }

    private static func cursor(_ context: CommandContext, at index: Int) throws(CommandError) -> UInt64 {
        guard let cursor = DecimalInteger.parseCursor(context.arguments[index]) else {
            throw CommandError("ERR invalid cursor")
        }
        return cursor
    }

    static func scan(_ context: CommandContext) throws(CommandError) {
        let cursor = try cursor(context, at: 1)
        let options = try Options(context, from: 2, isHash: false)
        let writer = context.writer
        let start = writer.begin()
        var found = 0
        let next = context.scanKeys(cursor: cursor, limit: options.count) { key, entry in
            guard !options.filtersKind || options.kind == entry.kind, options.accepts(key) else { return }
            writer.bulk(key)
            found += 1
        }
        finish(start, next, found, writer)
    }

    static func hscan(_ context: CommandContext) throws(CommandError) {
        let cursor = try cursor(context, at: 2)
        try context.readWholeHash(context.key(1)) { entry throws(CommandError) in
            let writer = context.writer
            let start = writer.begin()
            guard let entry else { return finish(start, 0, 0, writer) }
            let options = try Options(context, from: 3, isHash: true)
            var found = 0
            let visit = { (name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) in
                guard options.accepts(name) else { return }
                writer.bulk(name)
                if !options.omitsValues { writer.bulk(value) }
                found += options.omitsValues ? 1 : 2
            }
            var next: UInt64 = 0
            if entry.isTable {
                next = entry.scanFields(cursor: cursor, limit: options.count, now: context.now, visit)
            } else {
                // A compact hash is small: it comes whole, whatever the cursor.
                entry.forEachField(now: context.now) { name, value, _ in visit(name, value) }
            }
            finish(start, next, found, writer)
        }
    }

    /// Puts the cursor and the number of elements before the elements written since a mark.
    private static func finish(_ start: RESPWriter.Mark, _ cursor: UInt64, _ found: Int, _ writer: RESPWriter) {
        writer.end(start, as: .array, count: found)
        let end = writer.begin()
        writer.arrayHeader(2)
        writer.bulk(String(cursor))
        writer.moveEnd(from: end, before: start)
    }

    static func keys(_ context: CommandContext) throws(CommandError) {
        let pattern = context.arguments[1]
        let everything = matchesEverything(pattern)
        let writer = context.writer
        let start = writer.begin()
        var found = 0
        _ = context.scanKeys(cursor: 0, limit: .max) { key, _ in
            guard everything || GlobPattern.matches(pattern, key) else { return }
            writer.bulk(key)
            found += 1
        }
        writer.end(start, as: .array, count: found)
    }
}
