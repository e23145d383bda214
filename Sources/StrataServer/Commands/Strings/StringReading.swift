import Strata
import StrataRESP

/// Commands that read strings.
enum StringReading {
    /// `GET`, `MGET`, `STRLEN`, `GETRANGE` and its older name `SUBSTR`.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "get", arity: 2, flags: [.readOnly, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .pinned,
            group: .string, summary: "Returns the string stored at a key.", handler: get),
        CommandSpecification(
            "mget", arity: -2, flags: [.readOnly, .fast], firstKey: 1, lastKey: -1, keyStep: 1, access: .exclusive,
            group: .string, summary: "Returns the strings stored at several keys, all as of one moment.",
            handler: mget),
        CommandSpecification(
            "strlen", arity: 2, flags: [.readOnly, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .pinned,
            group: .string, summary: "Returns the length of a string in bytes.", since: "2.2.0", handler: strlen),
        CommandSpecification(
            "getrange", arity: 4, flags: [.readOnly], firstKey: 1, lastKey: 1, keyStep: 1, access: .pinned,
            group: .string, summary: "Returns a part of a string, given by its first and last position.",
            since: "2.4.0", handler: getrange),
        CommandSpecification(
            "substr", arity: 4, flags: [.readOnly], firstKey: 1, lastKey: 1, keyStep: 1, access: .pinned,
            group: .string, summary: "The former name of GETRANGE.", handler: getrange),
    ]

    static func get(_ context: CommandContext) throws(CommandError) {
        try context.readString(context.key(1)) { entry in
            if let entry { context.writer.bulk(entry.stringBytes) } else { context.writer.null() }
        }
    }

    static func mget(_ context: CommandContext) throws(CommandError) {
        context.writer.arrayHeader(context.arguments.count - 1)
        for index in 1..<context.arguments.count {
            try context.read(context.key(index)) { entry in
                if let entry, entry.kind == .string {
                    context.writer.bulk(entry.stringBytes)
                } else {
                    context.writer.null()
                }
            }
        }
    }

    static func strlen(_ context: CommandContext) throws(CommandError) {
        try context.readString(context.key(1)) { entry in
            context.writer.integer(entry?.stringBytes.count ?? 0)
        }
    }

    static func getrange(_ context: CommandContext) throws(CommandError) {
        let first = try context.integer(2)
        let last = try context.integer(3)
        try context.readString(context.key(1)) { entry in
            let bytes = entry?.stringBytes ?? UnsafeRawBufferPointer(start: nil, count: 0)
            guard let range = positions(first, last, count: bytes.count) else {
                return context.writer.bulk(UnsafeRawBufferPointer(start: nil, count: 0))
            }
            context.writer.bulk(UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
    }

    /// The bytes between two inclusive positions, negative ones counting from the end; `nil` if there are none.
    private static func positions(_ first: Int64, _ last: Int64, count: Int) -> Range<Int>? {
        if first < 0, last < 0, first > last { return nil }
        let length = Int64(count)
        let start = first < 0 ? max(length + first, 0) : first
        let end = min(last < 0 ? max(length + last, 0) : last, length - 1)
        guard length > 0, start <= end else { return nil }
        return Int(start)..<Int(end) + 1
    }
}
