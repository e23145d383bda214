import Strata
import StrataRESP

/// Commands that set and remove the deadlines of fields.
enum FieldDeadlineCommands {
    /// `HEXPIRE`, `HPEXPIRE`, `HEXPIREAT`, `HPEXPIREAT`, `HPERSIST`.
    static let commands: [CommandSpecification] = [
        specification("hexpire", .seconds, "Sets the deadline of fields, in seconds from now."),
        specification("hpexpire", .milliseconds, "Sets the deadline of fields, in milliseconds from now."),
        specification("hexpireat", .unixSeconds, "Sets the deadline of fields to a Unix time in seconds."),
        specification("hpexpireat", .unixMilliseconds, "Sets the deadline of fields to a Unix time in milliseconds."),
        CommandSpecification(
            "hpersist", arity: -5, flags: [.write, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .exclusive,
            group: .hash, summary: "Removes the deadline of fields.", since: "7.4.0", handler: hpersist),
    ]

    private static func specification(
        _ name: StaticString, _ expiry: StringOptions.Expiry, _ summary: String
    ) -> CommandSpecification {
        CommandSpecification(
            name.description, arity: -6, flags: [.write, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .hash, summary: summary, since: "7.4.0",
            handler: { context throws(CommandError) in try expire(context, expiry, command: name) })
    }

    /// What the reply says of one field.
    enum Outcome {
        static let noSuchField = -2
        static let conditionNotMet = 0
        static let changed = 1
        static let removed = 2
        static let noDeadline = -1
    }

    private static func expire(
        _ context: CommandContext, _ expiry: StringOptions.Expiry, command: StaticString
    ) throws(CommandError) {
        let key = context.key(1)
        let exists = try context.lockedHash(key) != nil
        let time = try FieldDeadline.parse(2, expiry, context, command: command)
        let condition = DeadlineCondition(word: context.arguments[3])
        let fields = try FieldArguments(
            context, at: condition.isEmpty ? 3 : 4,
            countError: CommandError("ERR Parameter `numFields` should be greater than 0"))
        let deadline = WallClock.ticks(fromUnixMilliseconds: time)
        context.writer.arrayHeader(fields.count)
        for index in fields.first..<context.arguments.count {
            let name = context.arguments[index]
            // The hash goes with its last field, so it is looked up again for each.
            guard exists, let field = context.access.entry(key)?.field(name, now: context.now) else {
                context.writer.integer(Outcome.noSuchField)
                continue
            }
            guard condition.allows(deadline, insteadOf: field.deadline) else {
                context.writer.integer(Outcome.conditionNotMet)
                continue
            }
            context.access.setFieldDeadline(key, name, deadline)
            context.writer.integer(deadline <= context.now ? Outcome.removed : Outcome.changed)
        }
    }

    static func hpersist(_ context: CommandContext) throws(CommandError) {
        let key = context.key(1)
        let entry = try context.lockedHash(key)
        let fields = try FieldArguments(context, at: 2)
        context.writer.arrayHeader(fields.count)
        for index in fields.first..<context.arguments.count {
            let name = context.arguments[index]
            guard entry != nil, let field = context.access.entry(key)?.field(name, now: context.now) else {
                context.writer.integer(Outcome.noSuchField)
                continue
            }
            guard field.deadline != nil else {
                context.writer.integer(Outcome.noDeadline)
                continue
            }
            context.access.setFieldDeadline(key, name, nil)
            context.writer.integer(Outcome.changed)
        }
    }
}
