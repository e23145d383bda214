import Strata
import StrataRESP

/// `HRANDFIELD`: fields of a hash drawn at random.
enum RandomFields {
    /// `HRANDFIELD`.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "hrandfield", arity: -2, flags: [.readOnly], firstKey: 1, lastKey: 1, keyStep: 1, access: .pinned,
            group: .hash, summary: "Returns fields drawn at random.", since: "6.2.0", handler: hrandfield)
    ]

    /// The longest reply, in bytes, that repeated draws may make: the length of the longest value.
    ///
    /// What would be longer
    /// is refused, because it would have to be held in memory as a whole.
    private static let maximumReplyLength = HashStore.maximumValueLength

    static func hrandfield(_ context: CommandContext) throws(CommandError) {
        guard context.arguments.count >= 3 else { return try drawOne(context) }
        let count = try context.integer(2)
        guard count != .min else {
            throw CommandError(
                "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807")
        }
        let withValues = context.arguments.count == 4
        if context.arguments.count > 4 || (withValues && !context.argument(3, is: "WITHVALUES")) { throw .syntax }
        if withValues, count < -Int64.max / 2 || count > Int64.max / 2 {
            throw CommandError("ERR value is out of range")
        }
        try readCollected(context) { entry throws(CommandError) in
            guard let entry, count != 0 else { return context.writer.arrayHeader(0) }
            if count < 0 {
                try drawRepeatedly(-count, from: entry, withValues, context)
            } else {
                drawDistinct(count, from: entry, withValues, context)
            }
        }
    }

    /// Reads the hash after its expired fields are removed, so that draws don't come across them.
    private static func readCollected(
        _ context: CommandContext, _ body: (HashStore.Entry?) throws(CommandError) -> Void
    ) throws(CommandError) {
        let key = context.key(1)
        var needsCollection = false
        try context.readHash(key) { entry in
            needsCollection = entry.map { $0.encoding == .compactWithDeadlines || $0.isTable } ?? false
        }
        guard needsCollection else { return try context.readWholeHash(key, body) }
        try context.withAccess(to: key) { access throws(CommandError) in
            guard let entry = access.entry(key) else { return try body(nil) }
            guard entry.kind == .hash else { throw .wrongType }
            access.collectExpiredFields(key)
            try body(access.entry(key))
        }
    }

    private static func drawOne(_ context: CommandContext) throws(CommandError) {
        try readCollected(context) { entry in
            var generator = RandomSource()
            if let drawn = entry?.randomField(now: context.now, using: &generator) {
                context.writer.bulk(drawn.name)
            } else {
                context.writer.null()
            }
        }
    }

    /// Draws so many times; the same field may come again.
    private static func drawRepeatedly(
        _ count: Int64, from entry: HashStore.Entry, _ withValues: Bool, _ context: CommandContext
    ) throws(CommandError) {
        let writer = context.writer
        let mark = writer.begin()
        let start = writer.count
        var generator = RandomSource()
        guard entry.randomField(now: context.now, using: &generator) != nil else { return writer.arrayHeader(0) }
        writeHeader(Int(count), withValues, writer)
        for _ in 0..<count {
            guard let drawn = entry.randomField(now: context.now, using: &generator) else { continue }
            write(drawn.name, drawn.value, withValues, writer)
            if writer.count - start > maximumReplyLength {
                writer.rollBack(to: mark)
                throw CommandError("ERR the reply would be too long")
            }
        }
    }

    /// Draws so many different fields, or all there are.
    ///
    /// One pass over the fields takes each with the probability of what is still wanted by what is left, which gives
    /// every subset the same chance (Knuth, The Art of Computer Programming, volume 2, algorithm S).
    private static func drawDistinct(
        _ count: Int64, from entry: HashStore.Entry, _ withValues: Bool, _ context: CommandContext
    ) {
        let writer = context.writer
        var left = entry.liveFieldCount(now: context.now)
        var wanted = Int(min(count, Int64(left)))
        var generator = RandomSource()
        writeHeader(wanted, withValues, writer)
        if wanted == 1, let drawn = entry.randomField(now: context.now, using: &generator) {
            return write(drawn.name, drawn.value, withValues, writer)
        }
        entry.forEachField(now: context.now) { name, value, _ in
            if wanted > 0, wanted == left || Int.random(in: 0..<left, using: &generator) < wanted {
                write(name, value, withValues, writer)
                wanted -= 1
            }
            left -= 1
        }
    }

    /// Starts the reply: with values a flat list in RESP2, a list of pairs in RESP3.
    private static func writeHeader(_ count: Int, _ withValues: Bool, _ writer: RESPWriter) {
        writer.arrayHeader(withValues && writer.version == 2 ? count * 2 : count)
    }

    private static func write(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ withValues: Bool, _ writer: RESPWriter
    ) {
        if withValues, writer.version > 2 { writer.arrayHeader(2) }
        writer.bulk(name)
        if withValues { writer.bulk(value) }
    }
}
