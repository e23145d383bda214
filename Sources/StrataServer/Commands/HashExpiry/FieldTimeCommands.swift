import Strata
import StrataRESP

/// Commands that tell the deadlines of fields.
enum FieldTimeCommands {
    /// `HTTL`, `HPTTL`, `HEXPIRETIME`, `HPEXPIRETIME`.
    static let commands: [CommandSpecification] = [
        specification("httl", .seconds, "Returns the seconds until the deadline of fields."),
        specification("hpttl", .milliseconds, "Returns the milliseconds until the deadline of fields."),
        specification("hexpiretime", .unixSeconds, "Returns the deadline of fields as a Unix time in seconds."),
        specification(
            "hpexpiretime", .unixMilliseconds, "Returns the deadline of fields as a Unix time in milliseconds."),
    ]

    private static func specification(
        _ name: StaticString, _ expiry: StringOptions.Expiry, _ summary: String
    ) -> CommandSpecification {
        CommandSpecification(
            name.description, arity: -5, flags: [.readOnly, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .pinned, group: .hash, summary: summary, since: "7.4.0",
            handler: { context throws(CommandError) in try tell(context, expiry) })
    }

    private static func tell(_ context: CommandContext, _ expiry: StringOptions.Expiry) throws(CommandError) {
        try context.readWholeHash(context.key(1)) { entry throws(CommandError) in
            let fields = try FieldArguments(context, at: 2)
            context.writer.arrayHeader(fields.count)
            for index in fields.first..<context.arguments.count {
                guard let field = entry?.field(context.arguments[index], now: context.now) else {
                    context.writer.integer(FieldDeadlineCommands.Outcome.noSuchField)
                    continue
                }
                guard let deadline = field.deadline else {
                    context.writer.integer(FieldDeadlineCommands.Outcome.noDeadline)
                    continue
                }
                let milliseconds =
                    expiry.isRelative ? deadline - context.now : WallClock.unixMilliseconds(fromTicks: deadline)
                let seconds = milliseconds / 1000 + (milliseconds % 1000 + 999) / 1000
                context.writer.integer(expiry.isInSeconds ? seconds : milliseconds)
            }
        }
    }
}
