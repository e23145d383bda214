import NIOCore
import Synchronization

extension ConnectionLane {
    /// Begins to check whether the link is alive.
    ///
    /// A `PING` goes out every interval. If nothing at all comes within the timeout, the connection is closed: a link that
    /// swallows what is sent is found within interval plus timeout. A long reply that is still arriving counts as life.
    func startHeartbeat() {
        let interval = TimeAmount(configuration.heartbeatInterval)
        heartbeat = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in self.ping() }
    }

    func stopHeartbeat() {
        heartbeat?.cancel()
        heartbeat = nil
        heartbeatTimer?.cancel()
        heartbeatTimer = nil
    }

    private func ping() {
        guard phase == .active, heartbeatTimer == nil else { return }
        // A command that blocks keeps a PING from being answered.
        if isSession, !flight.isEmpty { return }
        hasReceivedSincePing = false
        let call = RedisCall([[Array("PING".utf8)]], effect: .readOnly, deadline: .distantFuture)
        load.add(1, ordering: .relaxed)
        send(call)
        flush()
        heartbeatTimer = eventLoop.scheduleTask(in: TimeAmount(configuration.heartbeatTimeout)) {
            self.heartbeatTimer = nil
            guard self.phase == .active, !self.hasReceivedSincePing else { return }
            self.close(
                RedisError(
                    .unavailable, "\(self.endpoint) didn't answer a PING within \(self.configuration.heartbeatTimeout)")
            )
        }
    }

    func receivedBytes() { hasReceivedSincePing = true }
}
