import Strata
import StrataRESP

/// Commands that publish messages and subscribe to them.
enum PubSubCommands {
    private static let subscribing: CommandSpecification.Flags = [
        .pubsub, .noScript, .loading, .stale, .allowedWhileSubscribed,
    ]

    /// `SUBSCRIBE`, `UNSUBSCRIBE`, `PSUBSCRIBE`, `PUNSUBSCRIBE`, `PUBLISH`, `PUBSUB`.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "subscribe", arity: -2, flags: subscribing, group: .pubsub, summary: "Subscribes to channels.",
            since: "2.0.0"
        ) { subscribe($0, isPattern: false) },
        CommandSpecification(
            "unsubscribe", arity: -1, flags: subscribing, group: .pubsub, summary: "Ends subscriptions to channels.",
            since: "2.0.0"
        ) { unsubscribe($0, isPattern: false) },
        CommandSpecification(
            "psubscribe", arity: -2, flags: subscribing, group: .pubsub,
            summary: "Subscribes to the channels whose names match patterns.", since: "2.0.0"
        ) { subscribe($0, isPattern: true) },
        CommandSpecification(
            "punsubscribe", arity: -1, flags: subscribing, group: .pubsub, summary: "Ends subscriptions to patterns.",
            since: "2.0.0"
        ) { unsubscribe($0, isPattern: true) },
        CommandSpecification(
            "publish", arity: 3, flags: [.pubsub, .loading, .stale, .fast], group: .pubsub,
            summary: "Sends a message to the subscribers of a channel.", since: "2.0.0"
        ) { context in
            let count = context.server.channels.publish(
                context.arguments[2], to: context.arguments[1], from: context.worker)
            context.writer.integer(count)
        },
        CommandSpecification(
            "pubsub", arity: -2, flags: [.pubsub, .loading, .stale], group: .pubsub,
            summary: "Tells what is subscribed to.", since: "2.8.0",
            subcommands: [
                CommandSpecification(
                    "channels", arity: -2, flags: [.pubsub, .loading, .stale], group: .pubsub,
                    summary: "Returns the channels with subscribers.", since: "2.8.0", handler: channels),
                CommandSpecification(
                    "numsub", arity: -2, flags: [.pubsub, .loading, .stale], group: .pubsub,
                    summary: "Returns how many subscribers channels have.", since: "2.8.0", handler: numsub),
                CommandSpecification(
                    "numpat", arity: 2, flags: [.pubsub, .loading, .stale], group: .pubsub,
                    summary: "Returns how many patterns are subscribed to.", since: "2.8.0"
                ) { $0.writer.integer($0.server.channels.counts.patterns) },
                HelpText.command(
                    "pubsub", group: .pubsub,
                    [
                        ("CHANNELS [<pattern>]", "Return the channels with subscribers."),
                        ("NUMPAT", "Return how many patterns are subscribed to."),
                        ("NUMSUB [<channel> ...]", "Return how many subscribers each channel has."),
                    ]),
            ], handler: HelpText.missingSubcommand),
    ]

    private static func subscribe(_ context: CommandContext, isPattern: Bool) {
        let client: Client = context.client
        for index in 1..<context.arguments.count {
            let name = Array(context.arguments[index])
            let isNew = isPattern ? client.patterns.insert(name).inserted : client.channels.insert(name).inserted
            if isNew { context.server.channels.add(client, to: name, isPattern: isPattern) }
            client.updateSubscribedGate()
            confirm(context, isPattern ? "psubscribe" : "subscribe", name)
        }
    }

    private static func unsubscribe(_ context: CommandContext, isPattern: Bool) {
        let client: Client = context.client
        let kind = isPattern ? "punsubscribe" : "unsubscribe"
        var names = (1..<context.arguments.count).map { Array(context.arguments[$0]) }
        if context.arguments.count == 1 { names = Array(isPattern ? client.patterns : client.channels) }
        for name in names {
            let existed = isPattern ? client.patterns.remove(name) != nil : client.channels.remove(name) != nil
            if existed { context.server.channels.remove(client, from: name, isPattern: isPattern) }
            client.updateSubscribedGate()
            confirm(context, kind, name)
        }
        if names.isEmpty { confirm(context, kind, nil) }
    }

    private static func confirm(_ context: CommandContext, _ kind: String, _ name: [UInt8]?) {
        // A client that wants no replies gets this all the same: it is no reply but the first of the messages.
        let isSilenced = context.client.gate.contains(.silenced)
        let writer = isSilenced ? context.worker.pushes : context.writer
        if isSilenced { writer.version = context.client.version }
        writer.pushHeader(3)
        writer.bulk(kind)
        if let name { writer.bulk(name) } else { writer.null() }
        writer.integer(context.client.subscriptionCount)
    }

    private static func channels(_ context: CommandContext) throws(CommandError) {
        guard context.arguments.count <= 3 else { throw .wrongArity("pubsub|channels") }
        let names = context.server.channels.channels(
            matching: context.arguments.count == 3 ? context.arguments[2] : nil)
        context.writer.arrayHeader(names.count)
        for name in names { context.writer.bulk(name) }
    }

    private static func numsub(_ context: CommandContext) throws(CommandError) {
        context.writer.arrayHeader((context.arguments.count - 2) * 2)
        for index in 2..<context.arguments.count {
            context.writer.bulk(context.arguments[index])
            context.writer.integer(context.server.channels.subscriberCount(of: context.arguments[index]))
        }
    }
}
