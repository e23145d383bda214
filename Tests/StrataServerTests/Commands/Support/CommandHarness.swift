import Logging
import NIOEmbedded
import Strata
import StrataRESP

@testable import StrataServer

/// Runs commands in this process through the dispatcher, without a socket, on a clock that stands still until a test moves it.
final class CommandHarness {
    private let state: ServerState
    private let worker: Worker
    private let client: Client

    /// The time of the next command, in ticks.
    var now: Int64

    /// The last reply as it goes over the wire.
    private(set) var lastReplyBytes: [UInt8] = []

    /// What the dispatcher passes to handlers.
    var context: CommandContext { worker.context }

    /// Creates empty databases and a client in RESP2 or RESP3.
    convenience init(version: Int = 2) {
        var configuration = ServerConfiguration()
        configuration.isDebugCommandEnabled = true
        let state = ServerState(configuration: configuration, logger: Logger(label: "test"), now: WallClock.nowTicks())
        self.init(state: state, version: version)
    }

    /// Creates another client of the same databases.
    convenience init(sharing other: CommandHarness) {
        self.init(state: other.state, version: 2)
    }

    private init(state: ServerState, version: Int) {
        self.state = state
        worker = Worker(server: state, eventLoop: EmbeddedEventLoop())
        now = WallClock.nowTicks()
        client = Client(
            identifier: state.clients.nextIdentifier(), worker: worker, remoteAddress: "test:1", localAddress: "test:2",
            now: now)
        client.version = version
    }

    /// The time of day that belongs to ``now``, in milliseconds since 1970.
    var unixMilliseconds: Int64 { WallClock.unixMilliseconds(fromTicks: now) }

    /// Runs a command and returns its reply.
    func callAsFunction(_ arguments: String...) -> Reply {
        run(arguments.map { Array($0.utf8) })
    }

    /// Runs a command given as one line of words.
    func line(_ text: String) -> Reply {
        run(text.split(separator: " ").map { Array($0.utf8) })
    }

    /// Runs a command whose arguments need not be text.
    func run(_ arguments: [[UInt8]]) -> Reply {
        let bytes = Array(arguments.joined())
        var slices: [RESPArguments.Slice] = []
        var offset = 0
        for argument in arguments {
            slices.append(RESPArguments.Slice(offset: offset, length: argument.count))
            offset += argument.count
        }
        return (bytes + [0]).withUnsafeBytes { bytes in
            slices.withUnsafeBufferPointer { slices in
                // SAFETY: neither is empty, and both outlive the call.
                execute(RESPArguments(bytes: bytes.baseAddress!, slices: slices.baseAddress!, count: slices.count))
            }
        }
    }

    private func execute(_ arguments: RESPArguments) -> Reply {
        worker.begin(client)
        context.now = now
        context.writer.removeAll()
        _ = worker.execute(arguments, for: client)
        lastReplyBytes = Array(context.writer.bytes)
        var reader = ReplyReader(lastReplyBytes)
        let reply = reader.next() ?? .other("nothing")
        let isSingle = reader.position == lastReplyBytes.count
        worker.end(client)
        return isSingle ? reply : .other("more than one reply")
    }
}
