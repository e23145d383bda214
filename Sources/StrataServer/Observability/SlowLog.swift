import Strata
import StrataRESP
import Synchronization

/// The commands that took long, newest first, for `SLOWLOG`.
final class SlowLog: Sendable {
    /// One slow command.
    struct Entry: Sendable {
        let identifier: Int
        let unixSeconds: Int
        let microseconds: Int
        let arguments: [[UInt8]]
        let address: String
        let clientName: [UInt8]
    }

    /// The most arguments kept of a command, and the most bytes of an argument.
    private static let maximumArgumentCount = 32
    private static let maximumArgumentLength = 128

    /// Above how many microseconds a command is slow; negative switches the log off, 0 logs everything.
    let thresholdMicroseconds = RelaxedInteger(10_000)
    /// How many commands are kept.
    let maximumLength = RelaxedInteger(128)
    private let state = Locked((entries: [Entry](), nextIdentifier: 0))

    /// Enters a command if it is slow.
    func record(_ arguments: RESPArguments, microseconds: Int, client: Client) {
        let threshold = thresholdMicroseconds.current
        guard threshold >= 0, microseconds >= threshold else { return }
        var kept: [[UInt8]] = []
        let shown = min(arguments.count, Self.maximumArgumentCount)
        for index in 0..<shown {
            if index == shown - 1 && arguments.count > shown {
                kept.append(Array("... (\(arguments.count - shown + 1) more arguments)".utf8))
                break
            }
            let argument = arguments[index]
            if client.isSecret(index, of: arguments) {
                kept.append(Array("(redacted)".utf8))
            } else if argument.count > Self.maximumArgumentLength {
                let rest = "... (\(argument.count - Self.maximumArgumentLength) more bytes)"
                kept.append(Array(argument.prefix(Self.maximumArgumentLength)) + Array(rest.utf8))
            } else {
                kept.append(Array(argument))
            }
        }
        let name = client.labels.withLock { $0.name }
        let length = maximumLength.current
        state.withLock { state in
            let entry = Entry(
                identifier: state.nextIdentifier, unixSeconds: MonotonicClock.unixMicroseconds() / 1_000_000,
                microseconds: microseconds, arguments: kept, address: client.status.remoteAddress, clientName: name
            )
            state.nextIdentifier += 1
            state.entries.insert(entry, at: 0)
            if state.entries.count > length { state.entries.removeLast(state.entries.count - length) }
        }
    }

    /// The newest entries, at most so many; negative stands for all.
    func newest(_ count: Int) -> [Entry] {
        state.withLock { count < 0 ? $0.entries : Array($0.entries.prefix(count)) }
    }

    /// How many entries there are.
    var count: Int { state.withLock { $0.entries.count } }

    /// Removes all entries.
    func removeAll() {
        state.withLock { $0.entries = [] }
    }

    /// Removes the oldest entries beyond the maximum.
    func trim() {
        let length = maximumLength.current
        state.withLock { state in
            if state.entries.count > length { state.entries.removeLast(state.entries.count - length) }
        }
    }
}
