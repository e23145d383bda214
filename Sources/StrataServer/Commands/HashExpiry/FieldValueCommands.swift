import Strata
import StrataRESP

/// Commands that write, read or remove values of fields together with their deadlines.
enum FieldValueCommands {
    /// `HSETEX`, `HGETEX`, `HGETDEL`.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "hsetex", arity: -6, flags: [.write, .denyOOM, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .hash, summary: "Stores fields, on conditions and with a deadline if asked for.",
            since: "8.0.0", handler: hsetex),
        CommandSpecification(
            "hgetex", arity: -5, flags: [.write, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .exclusive,
            group: .hash, summary: "Returns the values of fields and changes their deadlines.", since: "8.0.0",
            handler: hgetex),
        CommandSpecification(
            "hgetdel", arity: -5, flags: [.write, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .exclusive,
            group: .hash, summary: "Returns the values of fields and removes them.", since: "8.0.0", handler: hgetdel),
    ]

    /// What precedes the fields of `HSETEX`.
    private struct SetOptions {
        /// The fields must all exist (`FXX`) or none of them may (`FNX`).
        var condition = StringOptions.Condition.always
        var keepsDeadline = false
        /// Milliseconds since 1970.
        var time: Int64?
        /// The position of the first name.
        var first = 0
        /// The number of pairs.
        var count = 0

        init(_ context: CommandContext) throws(CommandError) {
            let arguments = context.arguments
            var index = 2
            while index < arguments.count {
                let word = arguments[index]
                if word.spells("FIELDS") {
                    try readFields(context, at: index)
                    return
                } else if let expiry = Self.expiry(word) {
                    try requireNoExpiry()
                    guard index + 1 < arguments.count else { throw CommandError("ERR missing expire time") }
                    index += 1
                    time = try FieldDeadline.parse(index, expiry, context, command: "hsetex")
                } else if word.spells("KEEPTTL") {
                    try requireNoExpiry()
                    keepsDeadline = true
                } else if word.spells("FXX") || word.spells("FNX") {
                    guard condition == .always else {
                        throw CommandError("ERR Only one of FXX or FNX arguments can be specified")
                    }
                    condition = word.spells("FXX") ? .ifPresent : .ifMissing
                } else {
                    throw CommandError("ERR unknown argument: \(word.shown)")
                }
                index += 1
            }
            throw .wrongArity("hsetex")
        }

        private mutating func readFields(_ context: CommandContext, at position: Int) throws(CommandError) {
            let arguments = context.arguments
            guard position < arguments.count - 3 else { throw .wrongArity("hsetex") }
            let number = try context.integer(
                position + 1, in: 1...Int64(Int32.max), orElse: CommandError("ERR invalid number of fields"))
            let remaining = arguments.count - position - 2
            guard remaining.isMultiple(of: 2), number == Int64(remaining / 2) else { throw .wrongArity("hsetex") }
            first = position + 2
            count = Int(number)
        }

        private func requireNoExpiry() throws(CommandError) {
            if time != nil || keepsDeadline {
                throw CommandError("ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified")
            }
        }

        static func expiry(_ word: UnsafeRawBufferPointer) -> StringOptions.Expiry? {
            if word.spells("EX") { return .seconds }
            if word.spells("PX") { return .milliseconds }
            if word.spells("EXAT") { return .unixSeconds }
            if word.spells("PXAT") { return .unixMilliseconds }
            return nil
        }
    }

    static func hsetex(_ context: CommandContext) throws(CommandError) {
        let options = try SetOptions(context)
        let key = context.key(1)
        let arguments = context.arguments
        let exists = try context.lockedHash(key) != nil
        if options.condition != .always {
            for index in 0..<options.count {
                let entry = exists ? context.access.entry(key) : nil
                let exists = context.lockedField(key, of: entry, at: options.first + 2 * index) != nil
                if exists != (options.condition == .ifPresent) { return context.writer.integer(0) }
            }
        }
        let deadline = options.time.map { WallClock.ticks(fromUnixMilliseconds: $0) }
        if let deadline, deadline <= context.now {
            // The fields would be gone at once: nothing is stored, and what was there goes.
            if exists {
                context.access.removeFields(key, count: options.count) { arguments[options.first + 2 * $0] }
            }
            return context.writer.integer(1)
        }
        let change = deadline.map { HashStore.DeadlineChange.set($0) } ?? (options.keepsDeadline ? .keep : .clear)
        context.access.setFields(
            key, count: options.count,
            { (arguments[options.first + 2 * $0], arguments[options.first + 2 * $0 + 1]) }, deadline: change)
        context.writer.integer(1)
    }

    static func hgetex(_ context: CommandContext) throws(CommandError) {
        let key = context.key(1)
        let exists = try context.lockedHash(key) != nil
        var position = 2
        var deadline: Int64?
        let clears = context.argument(2, is: "PERSIST")
        if let expiry = SetOptions.expiry(context.arguments[2]) {
            let time = try FieldDeadline.parse(3, expiry, context, command: "hgetex")
            deadline = WallClock.ticks(fromUnixMilliseconds: time)
            position = 4
        } else if clears {
            position = 3
        }
        let fields = try FieldArguments(context, at: position)
        context.writer.arrayHeader(fields.count)
        for index in fields.first..<context.arguments.count {
            let name = context.arguments[index]
            let entry = exists ? context.access.entry(key) : nil
            guard let field = context.lockedField(key, of: entry, at: index) else {
                context.writer.null()
                continue
            }
            context.writer.bulk(field.value)
            if deadline != nil || (clears && field.deadline != nil) {
                context.access.setFieldDeadline(key, name, deadline)
            }
        }
    }

    static func hgetdel(_ context: CommandContext) throws(CommandError) {
        let key = context.key(1)
        let exists = try context.lockedHash(key) != nil
        let fields = try FieldArguments(context, at: 2)
        context.writer.arrayHeader(fields.count)
        for index in fields.first..<context.arguments.count {
            let name = context.arguments[index]
            let entry = exists ? context.access.entry(key) : nil
            guard let field = context.lockedField(key, of: entry, at: index) else {
                context.writer.null()
                continue
            }
            context.writer.bulk(field.value)
            context.access.removeFields(key, count: 1) { _ in name }
        }
    }
}
