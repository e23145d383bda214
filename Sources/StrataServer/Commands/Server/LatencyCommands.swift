import Strata
import StrataRESP

/// `LATENCY` and its subcommands.
enum LatencyCommands {
    private static let flags: CommandSpecification.Flags = [.admin, .dangerous, .noScript, .loading, .stale]

    private static func subcommand(
        _ name: String, arity: Int, since: String = "2.8.13", _ summary: String,
        _ handler: @escaping CommandSpecification.Handler
    ) -> CommandSpecification {
        CommandSpecification(
            name, arity: arity, flags: flags, group: .server, summary: summary, since: since, handler: handler)
    }

    /// `LATENCY` with everything it contains.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "latency", arity: -2, flags: [], group: .server, summary: "Commands on events that took long.",
            since: "2.8.13",
            subcommands: [
                subcommand("latest", arity: 2, "Returns the latest event of each kind.", latest),
                subcommand("history", arity: 3, "Returns the events of a kind.", history),
                subcommand("reset", arity: -2, "Forgets events.", reset),
                subcommand("doctor", arity: 2, "Says what the events mean.", doctor),
                subcommand("graph", arity: 3, "Draws the events of a kind.", graph),
                subcommand("histogram", arity: -2, since: "7.0.0", "Returns how long commands took.", histogram),
                HelpText.command(
                    "latency", group: .server,
                    [
                        ("DOCTOR", "Say what the events mean."),
                        ("GRAPH <event>", "Draw the events of a kind."),
                        ("HISTOGRAM [COMMAND ...]", "Return how long commands took."),
                        ("HISTORY <event>", "Return the events of a kind."),
                        ("LATEST", "Return the latest event of each kind."),
                        ("RESET [<event> ...]", "Forget events."),
                    ]),
            ], handler: HelpText.missingSubcommand)
    ]

    private static func latest(_ context: CommandContext) {
        let all = context.server.latency.all().compactMap { kind, event in event.samples.last.map { (kind, event, $0) }
        }
        context.writer.arrayHeader(all.count)
        for (kind, event, sample) in all {
            context.writer.arrayHeader(4)
            context.writer.bulk(kind)
            context.writer.integer(sample.unixSeconds)
            context.writer.integer(sample.milliseconds)
            context.writer.integer(event.maximum)
        }
    }

    private static func history(_ context: CommandContext) {
        let samples = context.server.latency.event(name(context, 2))?.samples ?? []
        context.writer.arrayHeader(samples.count)
        for sample in samples {
            context.writer.arrayHeader(2)
            context.writer.integer(sample.unixSeconds)
            context.writer.integer(sample.milliseconds)
        }
    }

    private static func reset(_ context: CommandContext) {
        guard context.arguments.count > 2 else { return context.writer.integer(context.server.latency.reset(nil)) }
        var count = 0
        for index in 2..<context.arguments.count { count += context.server.latency.reset(name(context, index)) }
        context.writer.integer(count)
    }

    private static func doctor(_ context: CommandContext) {
        guard context.server.latency.thresholdMilliseconds.current > 0 else {
            return context.writer.verbatim(
                "Latency monitoring is disabled: CONFIG SET latency-monitor-threshold <milliseconds> switches it on.\n")
        }
        var text = ""
        for (kind, event) in context.server.latency.all() {
            let sum = event.samples.reduce(0) { $0 + $1.milliseconds }
            let mean = event.samples.isEmpty ? 0 : sum / event.samples.count
            text += "\(kind): \(event.samples.count) spikes, mean \(mean) ms, worst \(event.maximum) ms\n"
        }
        context.writer.verbatim(text.isEmpty ? "No event took long so far.\n" : text)
    }

    private static func graph(_ context: CommandContext) throws(CommandError) {
        let kind = name(context, 2)
        guard let event = context.server.latency.event(kind) else {
            throw CommandError("ERR No samples available for event '\(kind)'")
        }
        let lowest = event.samples.map(\.milliseconds).min() ?? 0
        var text = "\(kind) - high \(event.maximum) ms, low \(lowest) ms (all time high \(event.maximum) ms)\n"
        for sample in event.samples.suffix(40) {
            let width = max(1, sample.milliseconds * 60 / max(event.maximum, 1))
            text += String(repeating: "#", count: width) + " \(sample.milliseconds) ms\n"
        }
        context.writer.verbatim(text)
    }

    private static func histogram(_ context: CommandContext) {
        let table = context.server.commands
        var wanted = Set(table.commands.indices)
        if context.arguments.count > 2 {
            wanted = []
            for index in 2..<context.arguments.count {
                guard let command = table.find(name(context, index)) else { continue }
                wanted.insert(command.pointee.index)
                wanted.formUnion(command.pointee.subcommands)
            }
        }
        let writer = context.writer
        let mark = writer.begin()
        var count = 0
        for index in wanted.sorted() {
            let buckets = CommandStatistics.durations(of: index, in: context.server.allWorkers)
            let calls = buckets.reduce(0, +)
            guard calls > 0 else { continue }
            count += 1
            writer.bulk(table.commands[index].fullName)
            writer.mapHeader(2)
            writer.bulk("calls")
            writer.integer(calls)
            writer.bulk("histogram_usec")
            let used = buckets.enumerated().filter { $0.element > 0 }
            writer.mapHeader(used.count)
            var sum = 0
            for (bucket, number) in used {
                sum += number
                writer.integer(1 << bucket)
                writer.integer(sum)
            }
        }
        writer.end(mark, as: .map, count: count)
    }

    private static func name(_ context: CommandContext, _ index: Int) -> String {
        String(decoding: context.arguments[index], as: UTF8.self)
    }
}
