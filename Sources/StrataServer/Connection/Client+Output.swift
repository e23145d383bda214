import Logging
import NIOCore
import StrataRESP

extension Client {
    /// What identifies the client in the log.
    var logMetadata: Logger.Metadata {
        ["client": "\(identifier)", "address": "\(status.remoteAddress)"]
    }

    /// Reads nothing more from the client and closes the connection once the replies written so far are sent.
    func closeAfterReply() {
        isClosing = true
        status.set(.closeAfterReply, true)
    }

    /// Closes the connection at once; unsent replies are lost.
    func close() {
        isClosing = true
        socket = nil
        channelContext?.close(promise: nil)
    }

    /// Sends the messages that other threads have left.
    func flushOutbox() {
        worker.settle()
        let messages = takeOutbox()
        guard !messages.isEmpty else { return }
        messages.withUnsafeBytes { send($0) }
        checkOutputLimit()
    }

    /// Whether replies of this length are more than may wait for the client at all.
    @inline(never)
    func isOverOutputLimit(byteCount: Int) -> Bool {
        let hard = worker.server.settings.outputLimits(isSubscriber: subscriptionCount > 0).hard
        return hard > 0 && byteCount > hard
    }

    /// Closes a client that doesn't read what it is sent.
    func checkOutputLimit() {
        guard isBacklogged, let channelContext else { return }
        let waiting = (try? channelContext.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        status.waitingOutputBytes.set(waiting)
        let limits = worker.server.settings.outputLimits(isSubscriber: subscriptionCount > 0)
        // Whoever hasn't sent the password has nothing to receive but short errors.
        var isOver = (limits.hard > 0 && waiting >= limits.hard) || (gate.contains(.unauthenticated) && waiting > 0)
        if limits.soft > 0 && waiting >= limits.soft {
            let since = overSoftLimitSince ?? worker.context.now
            overSoftLimitSince = since
            // Whole seconds, as Redis counts them.
            if (worker.context.now - since) / 1000 > limits.softMilliseconds / 1000 { isOver = true }
        } else {
            overSoftLimitSince = nil
        }
        guard isOver else { return }
        closeOverLimit()
    }

    /// Closes the client for having more replies waiting than it may.
    func closeOverLimit() {
        worker.statistics.outputBufferLimitDisconnections.add(1)
        worker.server.logger.warning("client closed: it doesn't read its replies", metadata: logMetadata)
        close()
    }
}
