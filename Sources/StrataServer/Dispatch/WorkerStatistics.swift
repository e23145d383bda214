/// What one event loop has counted; summed over all loops when somebody asks.
final class WorkerStatistics: Sendable {
    let processedCommands = RelaxedInteger()
    let failedCommands = RelaxedInteger()
    let receivedBytes = RelaxedInteger()
    let sentBytes = RelaxedInteger()
    let readEvents = RelaxedInteger()
    let writeEvents = RelaxedInteger()
    let keyspaces = KeyspaceStatistics()
    let acceptedConnections = RelaxedInteger()
    let protocolErrors = RelaxedInteger()
    let queryBufferLimitDisconnections = RelaxedInteger()
    let outputBufferLimitDisconnections = RelaxedInteger()

    /// Sets everything to zero, as `CONFIG RESETSTAT` does.
    func reset() {
        processedCommands.set(0)
        failedCommands.set(0)
        receivedBytes.set(0)
        sentBytes.set(0)
        readEvents.set(0)
        writeEvents.set(0)
        keyspaces.reset()
        acceptedConnections.set(0)
        protocolErrors.set(0)
        queryBufferLimitDisconnections.set(0)
        outputBufferLimitDisconnections.set(0)
    }
}
