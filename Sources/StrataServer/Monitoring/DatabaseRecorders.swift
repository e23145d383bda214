import Strata
import StrataMonitor
import StrataRESP

/// Where the commands of each database are recorded, once somebody watches.
///
/// **Concurrency:** from any event loop.
final class DatabaseRecorders: Sendable {
    /// One for each database.
    let recorders = (0..<Databases.count).map { _ in OperationRecorder() }
    private let isOn = RelaxedInteger()

    init() {}

    /// Begins to record.
    func begin() { isOn.set(1) }

    /// Enters a command that was timed.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - context: With its request.
    ///   - nanoseconds: How long it took.
    ///   - weight: How many commands it stands for.
    ///   - isKeySampled: Whether its key is to be entered too, for one of ``CommandStatistics/samplingInterval`` commands.
    @inline(__always)
    func record(
        _ command: CommandReference, _ context: CommandContext, nanoseconds: Int, weight: Int, isKeySampled: Bool
    ) {
        guard isOn.current != 0, command.pointee.firstKey > 0, context.arguments.count > command.pointee.firstKey else {
            return
        }
        recordKeyed(command, context, nanoseconds: nanoseconds, weight: weight, isKeySampled: isKeySampled)
    }

    private func recordKeyed(
        _ command: CommandReference, _ context: CommandContext, nanoseconds: Int, weight: Int, isKeySampled: Bool
    ) {
        let operation: MapOperation = command.pointee.flags.contains(.readOnly) ? .get : .set
        let recorder = recorders[context.database]
        recorder.observe(
            OperationSample(operation, nanoseconds: nanoseconds, weight: weight, wasFound: true, hash: nil)
        ) { "" }
        guard isKeySampled else { return }
        let argument = context.arguments[command.pointee.firstKey]
        recorder.observeKey(
            hash: context.key(command.pointee.firstKey).hash, weight: CommandStatistics.samplingInterval
        ) { String(decoding: argument.prefix(256), as: UTF8.self) }
    }
}
