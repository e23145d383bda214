import Strata
import StrataRESP
import Synchronization

extension Worker {
    /// Carries out one request that is not part of a batch.
    func execute(_ arguments: RESPArguments, for client: Client) -> Bool {
        withUnsafeTemporaryAllocation(of: RequestBatch.Entry.self, capacity: 1) { entry in
            entry.initializeElement(at: 0, to: .single(server.commands.find(arguments[0])))
            return execute(arguments, entry.baseAddress.unsafelyUnwrapped, for: client)
        }
    }

    /// Carries out one request and writes its reply.
    ///
    /// - Returns: `false` if the request has to wait because clients are paused; it is to be passed again later.
    @inline(__always)
    func execute(_ arguments: RESPArguments, _ request: UnsafeMutablePointer<RequestBatch.Entry>, for client: Client)
        -> Bool
    {
        let context = context
        context.arguments = arguments
        guard var command = request.pointee.command else { return rejectUnknown(client) }
        context.singleKey = request.pointee.key
        context.firstHashedKey = request.pointee.keyPosition
        if command.pointee.isContainer && arguments.count > 1 {
            guard let subcommand = server.commands.findSubcommand(arguments[1], of: command) else {
                return reject(command, .unknownSubcommand(arguments[1], of: command.pointee.fullName), client)
            }
            command = subcommand
            context.firstHashedKey = 0
        }
        guard command.pointee.accepts(argumentCount: arguments.count) else {
            return reject(command, .wrongArity(command.pointee.fullName), client)
        }
        // relaxed: a change of the gate need not take effect on a request that is under way.
        if !client.gate.isEmpty || server.gate.load(ordering: .relaxed) != 0 {
            return executeGuarded(command, client)
        }
        run(command, client)
        if pushes.count > 0 { appendPushes() }
        if context.writer.count > Self.flushThreshold { flush(client) }
        return true
    }

    /// Carries out a request of a client, or at a time, that something special holds for.
    @inline(never)
    private func executeGuarded(_ command: CommandReference, _ client: Client) -> Bool {
        beginSilence(client)
        let flags = command.pointee.flags
        if client.gate.contains(.unauthenticated), !flags.contains(.noAuth) {
            return reject(command, .notAuthenticated, client)
        }
        if client.gate.contains(.inTransaction), flags.contains(.noMulti) {
            return reject(command, CommandError("ERR Command not allowed inside a transaction"), client)
        }
        if server.gate.load(ordering: .relaxed) & ServerState.memoryGate != 0 {
            let hasMemory = server.makeRoom(now: context.now)
            if pushes.count > 0 { appendPushes() }
            if !hasMemory, flags.contains(.denyOOM) || client.transaction?.deniesOOM(executing: command) == true {
                return reject(command, .outOfMemory, client)
            }
        }
        if client.gate.contains(.subscribed), !flags.contains(.allowedWhileSubscribed) {
            let text =
                "ERR Can't execute '\(command.pointee.fullName)': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET"
            return reject(command, CommandError(text + " are allowed in this context"), client)
        }
        if server.gate.load(ordering: .relaxed) & ServerState.pauseGate != 0 {
            let isWrite = flags.contains(.write) || client.transaction?.writes(executing: command) == true
            if server.pause.holds(isWrite: isWrite, until: context.now, worker: self, client: client) { return false }
        }
        let mark = context.writer.count
        if client.gate.contains(.inTransaction), !flags.contains(.runsInsideTransaction) {
            client.enqueue(command, context.arguments)
            context.writer.raw("+QUEUED\r\n")
        } else {
            run(command, client)
            // What the command has added, the growth of a table included, goes before anybody sees that it was there.
            let gate = server.gate.load(ordering: .relaxed)
            if gate & ServerState.memoryGate != 0 { _ = server.makeRoom(now: context.now) }
        }
        silence(client, from: mark)
        if !flags.contains(.keepsCaching), !client.gate.contains(.inTransaction) { client.forgetCaching() }
        if pushes.count > 0 { appendPushes() }
        if context.writer.count > Self.flushThreshold { flush(client) }
        return true
    }

    /// Lets what `CLIENT REPLY SKIP` said count for the command about to run.
    private func beginSilence(_ client: Client) {
        if client.replyMode == .skipNext { client.replyMode = .skipping }
    }

    /// Withdraws the reply written since `mark` if the client wants none.
    private func silence(_ client: Client, from mark: Int) {
        guard client.gate.contains(.silenced) else { return }
        switch client.replyMode {
        case .on:
            client.gate.remove(.silenced)
        case .off, .skipNext:
            context.writer.truncate(to: mark)
        case .skipping:
            context.writer.truncate(to: mark)
            client.replyMode = .on
            client.gate.remove(.silenced)
        }
    }

    /// Appends the messages that had to wait for the end of a reply.
    @inline(never)
    func appendPushes() {
        context.writer.raw(pushes.bytes)
        pushes.removeAll()
    }

    /// Carries out a command whose request was found to be acceptable.
    @inline(__always)
    func run(_ command: CommandReference, _ client: Client) {
        let entry = commandStatistics[command.pointee.index]
        let calls = entry.pointee.calls.current
        entry.pointee.calls.set(calls &+ 1)
        statistics.processedCommands.add(1)
        client.status.lastCommand.set(command.pointee.index &+ 1)
        let isSampled = command.pointee.flags.contains(.fast)
        if isSampled, !CommandStatistics.isSampled(calls), !server.isTimingEverything {
            perform(command, client)
        } else {
            let start = MonotonicClock.nanoseconds()
            perform(command, client)
            let elapsed = MonotonicClock.nanoseconds() &- start
            let weight = isSampled && !server.isTimingEverything ? CommandStatistics.samplingInterval : 1
            finishTiming(command, client, elapsed: elapsed, weight: weight)
        }
    }

    /// Locks what the command needs, lets its handler write the reply, and turns an error into one.
    @inline(__always)
    private func perform(_ command: CommandReference, _ client: Client) {
        let context = context
        let mark = context.writer.count
        do throws(CommandError) {
            context.storeReference = server.databases.reference(client.database)
            switch command.pointee.access {
            case .none:
                try command.pointee.handler(context)
            case .pinned:
                if client.gate.contains(.tracking) {
                    try performTracked(command, client)
                } else {
                    try command.pointee.handler(context)
                }
            case .exclusive:
                if client.gate.contains(.tracking) {
                    try performTracked(command, client)
                } else if command.pointee.hasSingleKey {
                    context.lockSingleKey(command.pointee.firstKey)
                    defer { context.unlockSingleKey() }
                    try command.pointee.handler(context)
                } else {
                    try performWithManyKeys(command)
                }
            case .all:
                try performWithEverything(command)
            }
        } catch {
            fail(command, error, from: mark)
        }
    }

    @inline(never)
    private func performWithManyKeys(_ command: CommandReference) throws(CommandError) {
        context.lockKeys(command)
        defer { context.unlockKeys() }
        try command.pointee.handler(context)
    }

    @inline(never)
    private func performWithEverything(_ command: CommandReference) throws(CommandError) {
        context.lockEverything()
        defer { context.unlockEverything() }
        try command.pointee.handler(context)
    }

    /// Lets the handler of a client that tracks keys run with the keys locked, so that no change falls between remembering that the client has read a key and reading it.
    @inline(never)
    private func performTracked(_ command: CommandReference, _ client: Client) throws(CommandError) {
        guard command.pointee.firstKey > 0 else { return try command.pointee.handler(context) }
        context.lockKeys(command)
        defer { context.unlockKeys() }
        try command.pointee.handler(context)
        server.tracking.remember(command, context.arguments, for: client)
    }

    /// Replaces whatever a command has written by an error.
    @inline(never)
    func fail(_ command: CommandReference, _ error: CommandError, from mark: Int) {
        context.writer.truncate(to: mark)
        context.writer.error(error.text)
        commandStatistics[command.pointee.index].pointee.failed.add(1)
        statistics.failedCommands.add(1)
        server.errors.count(error.text)
    }

    /// Refuses a command before it runs.
    @inline(never)
    private func reject(_ command: CommandReference, _ error: CommandError, _ client: Client) -> Bool {
        commandStatistics[command.pointee.index].pointee.rejected.add(1)
        guard command.pointee.flags.contains(.executesTransaction), client.transaction != nil else {
            return reject(error, client)
        }
        client.endTransaction()
        return reject(CommandError("EXECABORT Transaction discarded because of: \(error.text)"), client)
    }

    @inline(never)
    private func reject(_ error: CommandError, _ client: Client) -> Bool {
        beginSilence(client)
        client.transaction?.isAborted = true
        let mark = context.writer.count
        context.writer.error(error.text)
        silence(client, from: mark)
        statistics.failedCommands.add(1)
        server.errors.count(error.text)
        if pushes.count > 0 { appendPushes() }
        return true
    }

    @inline(never)
    private func rejectUnknown(_ client: Client) -> Bool {
        let arguments = context.arguments
        var shown = ""
        for index in 1..<max(arguments.count, 1) where shown.utf8.count < 128 {
            shown += "'" + arguments[index].shownInErrors(upTo: 128 - shown.utf8.count) + "' "
        }
        let name = arguments[0].shownInErrors(upTo: 128)
        if UnavailableCommands.isFromBrowser(name) {
            // A web page may be behind it that wants its visitor's browser to send what follows as commands.
            client.closeAfterReply()
            return reject(CommandError("ERR this is not an HTTP server"), client)
        }
        if let unavailable = UnavailableCommands.explanation(of: name) { return reject(unavailable, client) }
        return reject(CommandError("ERR unknown command '\(name)', with args beginning with: \(shown)"), client)
    }
}
