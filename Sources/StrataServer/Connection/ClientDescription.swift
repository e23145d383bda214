import Strata
import Synchronization

/// The line about a client that `CLIENT LIST` and `CLIENT INFO` show.
enum ClientDescription {
    /// Writes the line, without a line end; from any thread.
    static func line(_ client: Client, now: Int64, commands: CommandTable) -> String {
        let status = client.status
        let labels = client.labels.withLock { $0 }
        let lastCommand = status.lastCommand.current
        let command = lastCommand == 0 ? "NULL" : commands.commands[lastCommand - 1].fullName
        let waitingOutput = status.waitingOutputBytes.current
        let memory =
            status.waitingInputBytes.current + status.freeInputBytes.current + status.queuedBytes.current
            + waitingOutput + 1024
        let fields: [(String, String)] = [
            ("id", String(client.identifier)), ("addr", status.remoteAddress), ("laddr", status.localAddress),
            ("fd", String(client.identifier + 7)), ("name", text(labels.name)),
            ("age", String(max(now - status.createdAt, 0) / 1000)),
            ("idle", String(max(Int(now) - status.lastInteraction.current, 0) / 1000)),
            ("flags", flags(client)), ("db", String(status.database.current)), ("sub", String(status.channels.current)),
            ("psub", String(status.patterns.current)), ("ssub", "0"), ("multi", String(status.queuedCommands.current)),
            ("watch", String(status.watchedKeys.current)), ("qbuf", String(status.waitingInputBytes.current)),
            ("qbuf-free", String(status.freeInputBytes.current)), ("argv-mem", "0"),
            ("multi-mem", String(status.queuedBytes.current)), ("rbs", "0"), ("rbp", "0"), ("obl", "0"),
            ("oll", waitingOutput > 0 ? "1" : "0"), ("omem", String(waitingOutput)), ("tot-mem", String(memory)),
            ("events", "r"), ("cmd", command), ("user", "default"), ("redir", String(status.redirection.current)),
            ("resp", String(status.version.current)), ("lib-name", text(labels.libraryName)),
            ("lib-ver", text(labels.libraryVersion)), ("io-thread", "0"),
            ("tot-net-in", String(status.receivedBytes.current)), ("tot-net-out", String(status.sentBytes.current)),
        ]
        return fields.map { "\($0)=\($1)" }.joined(separator: " ")
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    private static func flags(_ client: Client) -> String {
        let letters: [(ClientStatus.Flags, Character)] = [
            (.subscriber, "P"), (.transaction, "x"), (.blocked, "b"), (.tracking, "t"), (.brokenRedirection, "R"),
            (.trackingBroadcast, "B"), (.closeAfterReply, "c"), (.noEvict, "e"), (.noTouch, "T"),
        ]
        var flags = letters.filter { client.status.contains($0.0) }.map(\.1)
        if client.isDirty.load(ordering: .relaxed) { flags.append("d") }  // relaxed: a figure to show
        return flags.isEmpty ? "N" : String(flags)
    }
}
