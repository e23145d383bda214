import Logging
import Strata
import StrataRESP

extension Worker {
    /// Looks after the clients: closes idle ones and those that don't read, takes back memory they don't need.
    func tick() {
        settle()
        context.now = WallClock.nowTicks()
        let now = context.now
        let timeout = Int64(server.settings.idleTimeoutSeconds.current) * 1000
        for client in clients.values {
            let idle = now - Int64(client.status.lastInteraction.current)
            if client.isBacklogged { client.checkOutputLimit() }
            if timeout > 0, idle > timeout, client.subscriptionCount == 0, !client.isSuspended {
                server.logger.debug("client closed: idle", metadata: client.logMetadata)
                client.close()
                continue
            }
            if idle > 2000, client.input.count == 0, client.input.freeByteCount > 0 {
                client.input.releaseMemory()
                client.parser.shrink()
                client.status.freeInputBytes.set(0)
            }
        }
    }
}
