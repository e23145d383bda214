import Strata
import StrataRESP

extension ClientCommands {
    static let modes: [CommandSpecification] = [
        subcommand("reply", arity: 3, since: "3.2.0", "Chooses which replies are sent.", reply),
        subcommand("no-evict", arity: 3, [.admin], since: "7.0.0", "Exempts the client from eviction.") {
            context throws(CommandError) in
            context.client.status.set(.noEvict, try isOn(context))
            context.writer.ok()
        },
        subcommand(
            "no-touch", arity: 3, since: "7.2.0", "Lets the client's reads leave age and frequency of keys alone."
        ) { context throws(CommandError) in
            context.client.isNoTouch = try isOn(context)
            context.client.status.set(.noTouch, context.client.isNoTouch)
            context.writer.ok()
        },
    ]

    private static func isOn(_ context: CommandContext) throws(CommandError) -> Bool {
        if context.argument(2, is: "ON") { return true }
        if context.argument(2, is: "OFF") { return false }
        throw .syntax
    }

    private static func reply(_ context: CommandContext) throws(CommandError) {
        let client = context.client
        if context.argument(2, is: "ON") {
            client.replyMode = .on
            client.gate.remove(.silenced)
            context.writer.ok()
        } else if context.argument(2, is: "OFF") {
            client.replyMode = .off
            client.gate.insert(.silenced)
        } else if context.argument(2, is: "SKIP") {
            guard client.replyMode != .off else { return }
            client.replyMode = .skipNext
            client.gate.insert(.silenced)
        } else {
            throw .syntax
        }
    }
}
