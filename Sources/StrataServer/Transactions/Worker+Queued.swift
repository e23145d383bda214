import Strata
import StrataRESP

extension Worker {
    /// Carries out a command of a transaction, whose locks are held already.
    func runQueued(_ command: CommandReference, _ client: Client) {
        let entry = commandStatistics[command.pointee.index]
        entry.pointee.calls.add(1)
        statistics.processedCommands.add(1)
        let start = MonotonicClock.nanoseconds()
        let mark = context.writer.count
        do throws(CommandError) {
            try command.pointee.handler(context)
            if client.gate.contains(.tracking) { server.tracking.remember(command, context.arguments, for: client) }
        } catch {
            fail(command, error, from: mark)
        }
        finishTiming(command, client, elapsed: MonotonicClock.nanoseconds() - start, weight: 1)
    }
}
