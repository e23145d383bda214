import Strata
import StrataRESP

@testable import StrataServer

/// Runs commands in this process, without a socket, on a clock that stands still until a test moves it.
final class CommandHarness {
    let context: CommandContext
    private let specifications: [String: CommandSpecification]

    /// The time of the next command, in ticks.
    var now: Int64 {
        get { context.now }
        set { context.now = newValue }
    }

    /// Creates empty databases and a client in RESP2 or RESP3.
    convenience init(version: Int = 2) {
        self.init(state: ServerState(now: WallClock.nowTicks()), version: version)
    }

    /// Creates another client of the same databases.
    convenience init(sharing other: CommandHarness) {
        self.init(state: other.context.server, version: 2)
    }

    private init(state: ServerState, version: Int) {
        context = CommandContext(server: state, client: Client(identifier: 1))
        context.writer.version = version
        context.now = WallClock.nowTicks()
        var found: [String: CommandSpecification] = [:]
        for specification in CommandTable.lists.joined() {
            found[specification.name] = specification
            for subcommand in specification.subcommands {
                found[specification.name + " " + subcommand.name] = subcommand
            }
        }
        specifications = found
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
                context.arguments = RESPArguments(
                    bytes: bytes.baseAddress!, slices: slices.baseAddress!, count: slices.count)
                defer { context.arguments = .none }
                return execute(arguments.map { String(decoding: $0, as: UTF8.self).lowercased() })
            }
        }
    }

    private func execute(_ words: [String]) -> Reply {
        context.writer.removeAll()
        guard var specification = specifications[words[0]] else { return .error("ERR unknown command") }
        if words.count > 1, let subcommand = specifications[words[0] + " " + words[1]] { specification = subcommand }
        guard specification.accepts(argumentCount: words.count) else {
            let error = CommandError.wrongArity(specification.name).text
            context.writer.error(error)
            return .error(error)
        }
        context.store = context.databases[context.database]
        do throws(CommandError) {
            try lockAndRun(specification, argumentCount: words.count)
        } catch {
            context.writer.removeAll()
            context.writer.error(error.text)
        }
        var reader = ReplyReader(Array(context.writer.bytes))
        let reply = reader.next() ?? .other("nothing")
        return reader.position == context.writer.count ? reply : .other("more than one reply")
    }

    private func lockAndRun(_ specification: CommandSpecification, argumentCount: Int) throws(CommandError) {
        switch specification.access {
        case .none, .pinned:
            try specification.handler(context)
        case .exclusive:
            let keys = specification.keyPositions(argumentCount: argumentCount).map { context.key($0) }
            context.store.lock(keys)
            context.heldAccess = context.store.access(now: now)
            defer {
                context.heldAccess = nil
                context.store.unlock(keys)
            }
            try specification.handler(context)
        case .all:
            context.databases.lockAll()
            context.heldAccess = context.store.access(now: now)
            defer {
                context.heldAccess = nil
                context.databases.unlockAll()
            }
            try specification.handler(context)
        }
    }
}
