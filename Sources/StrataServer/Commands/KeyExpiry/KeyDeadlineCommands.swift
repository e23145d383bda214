import Strata
import StrataRESP

/// Commands on the deadlines of keys.
enum KeyDeadlineCommands {
    /// `EXPIRE` and `TTL` with their relatives, and `PERSIST`.
    static let commands: [CommandSpecification] = [
        expiring("expire", .seconds, "1.0.0", "Sets the deadline of a key, in seconds from now."),
        expiring("pexpire", .milliseconds, "2.6.0", "Sets the deadline of a key, in milliseconds from now."),
        expiring("expireat", .unixSeconds, "1.2.0", "Sets the deadline of a key to a Unix time in seconds."),
        expiring("pexpireat", .unixMilliseconds, "2.6.0", "Sets the deadline of a key to a Unix time in milliseconds."),
        telling("ttl", .seconds, "1.0.0", "Returns the seconds until the deadline of a key."),
        telling("pttl", .milliseconds, "2.6.0", "Returns the milliseconds until the deadline of a key."),
        telling("expiretime", .unixSeconds, "7.0.0", "Returns the deadline of a key as a Unix time in seconds."),
        telling(
            "pexpiretime", .unixMilliseconds, "7.0.0", "Returns the deadline of a key as a Unix time in milliseconds."),
        CommandSpecification(
            "persist", arity: 2, flags: [.write, .fast], firstKey: 1, lastKey: 1, keyStep: 1, access: .exclusive,
            group: .generic, summary: "Removes the deadline of a key.", since: "2.2.0", handler: persist),
    ]

    private static func expiring(
        _ name: StaticString, _ expiry: StringOptions.Expiry, _ since: String, _ summary: String
    ) -> CommandSpecification {
        CommandSpecification(
            name.description, arity: -3, flags: [.write, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .exclusive, group: .generic, summary: summary, since: since,
            handler: { context throws(CommandError) in try expire(context, expiry, command: name) })
    }

    private static func telling(
        _ name: StaticString, _ expiry: StringOptions.Expiry, _ since: String, _ summary: String
    ) -> CommandSpecification {
        CommandSpecification(
            name.description, arity: 2, flags: [.readOnly, .fast], firstKey: 1, lastKey: 1, keyStep: 1,
            access: .pinned, group: .generic, summary: summary, since: since,
            handler: { context throws(CommandError) in try tell(context, expiry) })
    }

    private static func expire(
        _ context: CommandContext, _ expiry: StringOptions.Expiry, command: StaticString
    ) throws(CommandError) {
        let condition = try DeadlineCondition(ofExpire: context)
        let deadline = try deadline(context, expiry, command: command)
        let key = context.key(1)
        guard let entry = context.access.entry(key), condition.allows(deadline, insteadOf: entry.deadline) else {
            return context.writer.integer(0)
        }
        context.access.setDeadline(key, deadline)
        context.writer.integer(1)
    }

    /// The deadline the second argument names, in ticks; unlike that of a value it may be negative.
    private static func deadline(
        _ context: CommandContext, _ expiry: StringOptions.Expiry, command: StaticString
    ) throws(CommandError) -> Int64 {
        var milliseconds = try context.integer(2)
        if expiry.isInSeconds {
            let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
            guard !overflow else { throw .invalidExpireTime(command.description) }
            milliseconds = product
        }
        if expiry.isRelative {
            let (sum, overflow) = milliseconds.addingReportingOverflow(context.unixMilliseconds)
            guard !overflow else { throw .invalidExpireTime(command.description) }
            milliseconds = sum
        }
        return WallClock.ticks(fromUnixMilliseconds: milliseconds)
    }

    private static func tell(
        _ context: CommandContext, _ expiry: StringOptions.Expiry
    ) throws(CommandError) {
        try context.read(context.key(1), touching: false) { entry in
            guard let entry else { return context.writer.integer(-2) }
            guard let deadline = entry.deadline else { return context.writer.integer(-1) }
            let milliseconds =
                expiry.isRelative
                ? max(0, deadline - context.now) : max(0, WallClock.unixMilliseconds(fromTicks: deadline))
            // In two steps, because the latest time there is leaves no room to round up.
            let seconds = milliseconds / 1000 + (milliseconds % 1000 + 500) / 1000
            context.writer.integer(expiry.isInSeconds ? seconds : milliseconds)
        }
    }

    static func persist(_ context: CommandContext) throws(CommandError) {
        let key = context.key(1)
        guard context.access.entry(key)?.deadline != nil else { return context.writer.integer(0) }
        context.access.setDeadline(key, nil)
        context.writer.integer(1)
    }
}
