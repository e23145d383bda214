import Strata
import StrataRESP
import Synchronization

extension Client {
    /// Queues a command for `EXEC`.
    func enqueue(_ command: CommandReference, _ arguments: RESPArguments) {
        guard let transaction else { return }
        // What can't succeed any more needs no memory.
        let isDirty = isDirty.load(ordering: .relaxed)  // relaxed: only saves work
        guard !transaction.isAborted, !isDirty else { return }
        transaction.append(command, arguments)
        status.queuedCommands.set(transaction.requests.count)
        status.queuedBytes.set(transaction.byteCount)
    }

    /// Begins to queue commands.
    func beginTransaction() {
        transaction = Transaction()
        gate.insert(.inTransaction)
        status.queuedCommands.set(0)
        status.set(.transaction, true)
    }

    /// Forgets queued commands and watched keys.
    func endTransaction() {
        transaction = nil
        gate.remove(.inTransaction)
        status.queuedCommands.set(-1)
        status.queuedBytes.set(0)
        status.set(.transaction, false)
        worker.server.keyWatcher.watches.removeAll(of: self)
    }

    /// Lets `CLIENT CACHING` count for no further command.
    func forgetCaching() {
        gate.remove(.caching)
    }

    /// Ends tracking.
    func stopTracking() {
        guard tracking != nil else { return }
        tracking = nil
        gate.remove(.tracking)
        gate.remove(.caching)
        worker.server.tracking.disable(self)
        status.set(.tracking, false)
        status.set(.trackingBroadcast, false)
        status.set(.brokenRedirection, false)
        status.redirection.set(-1)
    }

    /// Takes back everything that others know of the client, when it has gone.
    func forgetEverything() {
        endTransaction()
        stopTracking()
        worker.server.channels.removeAll(of: self)
        worker.server.pause.forget(self)
    }
}
