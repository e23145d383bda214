import Strata
import StrataRESP

/// Commands that take values out of the server and put them back.
enum DumpCommands {
    /// `DUMP`, `RESTORE`.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "dump", arity: 2, flags: [.readOnly], firstKey: 1, lastKey: 1, keyStep: 1, access: .exclusive,
            group: .generic, summary: "Returns a value in a form that RESTORE takes back.", since: "2.6.0",
            handler: dump),
        CommandSpecification(
            "restore", arity: -4, flags: [.write, .denyOOM, .dangerous], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .generic, summary: "Stores a value that DUMP returned.", since: "2.6.0",
            handler: restore),
    ]

    static func dump(_ context: CommandContext) throws(CommandError) {
        try context.read(context.key(1)) { entry in
            guard let entry else { return context.writer.null() }
            context.writer.bulk(DumpPayload.encode(entry, now: context.now))
        }
    }

    /// What may follow the payload.
    private struct Options {
        var replaces = false
        var isAbsolute = false
        /// Seconds since the last use.
        var idleSeconds: Int64?
        /// The counter of uses, up to 255.
        var frequency: Int64?

        init(_ context: CommandContext) throws(CommandError) {
            var index = 4
            while index < context.arguments.count {
                let word = context.arguments[index]
                let hasNext = index + 1 < context.arguments.count
                if word.spells("REPLACE") {
                    replaces = true
                } else if word.spells("ABSTTL") {
                    isAbsolute = true
                } else if word.spells("IDLETIME"), hasNext, frequency == nil {
                    index += 1
                    let seconds = try context.integer(index)
                    guard seconds >= 0 else { throw CommandError("ERR Invalid IDLETIME value, must be >= 0") }
                    idleSeconds = seconds
                } else if word.spells("FREQ"), hasNext, idleSeconds == nil {
                    index += 1
                    let counter = try context.integer(index)
                    guard counter >= 0, counter <= 255 else {
                        throw CommandError("ERR Invalid FREQ value, must be >= 0 and <= 255")
                    }
                    frequency = counter
                } else {
                    throw .syntax
                }
                index += 1
            }
        }
    }

    static func restore(_ context: CommandContext) throws(CommandError) {
        let options = try Options(context)
        let key = context.key(1)
        if !options.replaces, context.access.entry(key) != nil {
            throw CommandError("BUSYKEY Target key name already exists.")
        }
        let time = try context.integer(2)
        guard time >= 0 else { throw CommandError("ERR Invalid TTL value, must be >= 0") }
        let content = try DumpPayload.decode(context.arguments[3])
        context.access.remove(key)
        context.writer.ok()
        var deadline: Int64?
        if time > 0 {
            let (sum, overflow) = context.now.addingReportingOverflow(time)
            let ticks = options.isAbsolute ? WallClock.ticks(fromUnixMilliseconds: time) : overflow ? .max - 1 : sum
            guard ticks > context.now else { return }
            deadline = ticks
        }
        store(content, at: key, deadline, context)
        guard let entry = context.access.entry(key) else { return }
        // Only what the eviction policy goes by is taken over.
        if context.databases.budget.policy.comparesFrequency {
            if let frequency = options.frequency {
                entry.setAccess(frequency: UInt8(frequency), idleSeconds: 0, now: context.now)
            }
        } else if let idleSeconds = options.idleSeconds {
            entry.setAccess(frequency: entry.frequency(now: context.now), idleSeconds: idleSeconds, now: context.now)
        }
    }

    private static func store(
        _ content: DumpPayload.Content, at key: HashStore.Key, _ deadline: Int64?, _ context: CommandContext
    ) {
        let access = context.access
        switch content {
        case .string(let bytes):
            access.setString(key, bytes, deadline: deadline.map { .set($0) } ?? .clear)
        case .hash(let fields):
            let live = fields.filter { ($0.deadline ?? .max) > context.now }
            guard !live.isEmpty else { return }
            access.setFields(key, count: live.count, { (live[$0].name, live[$0].value) }, deadline: .clear)
            for field in live where field.deadline != nil {
                access.setFieldDeadline(key, field.name, field.deadline)
            }
            if deadline != nil { access.setDeadline(key, deadline) }
        }
    }
}
