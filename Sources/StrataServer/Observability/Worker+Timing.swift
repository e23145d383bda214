import Strata

extension Worker {
    /// Enters how long a command took wherever somebody wants to know.
    @inline(never)
    func finishTiming(_ command: CommandReference, _ client: Client, elapsed nanoseconds: Int, weight: Int) {
        commandStatistics.record(command.pointee.index, nanoseconds: nanoseconds, weight: weight)
        let isKeySampled =
            weight > 1
            || CommandStatistics.isSampled(commandStatistics[command.pointee.index].pointee.calls.current)
        server.recorders.record(
            command, context, nanoseconds: nanoseconds, weight: weight, isKeySampled: isKeySampled)
        let microseconds = nanoseconds / 1000
        if !command.pointee.flags.contains(.skipSlowLog) {
            server.slowLog.record(context.arguments, microseconds: microseconds, client: client)
        }
        if server.latency.thresholdMilliseconds.current > 0 {
            let kind = command.pointee.flags.contains(.fast) ? "fast-command" : "command"
            server.latency.record(kind, milliseconds: microseconds / 1000)
        }
    }
}
