import Logging
import NIOCore
import NIOPosix
import NIOSSL
import StrataRESP
import Synchronization

extension ConnectionLane {
    /// Begins an attempt to connect.
    func connect() {
        guard !isShuttingDown, phase != .closed else { return }
        phase = .connecting
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(configuration.connectTimeout))
            .channelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(ChannelOptions.socketOption(.so_keepalive), value: 1)
            .channelOption(
                ChannelOptions.writeBufferWaterMark,
                value: ChannelOptions.Types.WriteBufferWaterMark(low: 256 << 10, high: 1 << 20)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls = self.environment.tls {
                        try channel.pipeline.syncOperations.addHandler(self.secureHandler(tls))
                    }
                    try channel.pipeline.syncOperations.addHandler(RedisChannelHandler(lane: self))
                }
            }
        connectTimer = eventLoop.scheduleTask(in: TimeAmount(configuration.connectTimeout)) {
            guard self.phase == .connecting else { return }
            let error = RedisError(
                .unavailable, "\(self.endpoint) didn't let us in within \(self.configuration.connectTimeout)")
            // Without a channel NIO's own timeout ends the attempt.
            if self.channel != nil { self.close(error) }
        }
        bootstrap.connect(host: endpoint.host, port: endpoint.port).whenFailure { error in
            // A channel that was active ends by `channelIsInactive`.
            if self.phase == .connecting, self.channel == nil { self.connectionEnded(self.describe(error)) }
        }
    }

    private func secureHandler(_ context: NIOSSLContext) throws -> NIOSSLClientHandler {
        let name = configuration.tls?.serverName ?? endpoint.host
        let isAddress = (try? SocketAddress(ipAddress: name, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : name)
    }

    /// The link stands: says hello.
    func channelIsActive(_ channel: any Channel) {
        guard phase == .connecting, !isShuttingDown else {
            channel.close(promise: nil)
            return
        }
        self.channel = channel
        let call = RedisCall(handshake.commands, effect: .idempotent, deadline: .distantFuture)
        call.onCompletion { outcome in self.handshakeEnded(outcome) }
        load.add(1, ordering: .relaxed)
        send(call)
        flush()
    }

    private func handshakeEnded(_ outcome: RedisCall.Outcome) {
        guard phase == .connecting, case .success(let replies) = outcome else { return }
        let information: ServerInformation
        do throws(RedisError) {
            information = try handshake.result(replies, endpoint: endpoint)
        } catch {
            close(error)
            return
        }
        connectTimer?.cancel()
        phase = .active
        failure = nil
        isUsable.store(true, ordering: .relaxed)
        pause.succeeded()
        environment.onConnect(endpoint, information)
        observer?.laneDidConnect(information)
        startHeartbeat()
        sendWaiting()
    }

    /// Closes the connection, for a reason that those who wait are told.
    ///
    /// The lane is done with the channel at once: the closing of a TLS channel waits for its peer, which may be gone.
    func close(_ reason: RedisError) {
        guard let channel else { return }
        connectionEnded(reason)
        channel.close(mode: .all, promise: nil)
    }

    func channelIsInactive(_ channel: any Channel, _ error: (any Error)?) {
        guard self.channel === channel else { return }
        let reason = error.map(describe) ?? RedisError(.unavailable, "\(endpoint) closed the connection")
        connectionEnded(reason)
    }

    /// Ends a connection or an attempt at one, and arranges for the next.
    private func connectionEnded(_ reason: RedisError) {
        let wasActive = phase == .active
        isUsable.store(false, ordering: .relaxed)
        channel = nil
        output = nil
        connectTimer?.cancel()
        stopHeartbeat()
        phase = isShuttingDown ? .closed : .pausing
        for call in flight.removeAll() {
            let message = "the connection to \(endpoint) ended before the answer (\(reason.message))"
            finish(call, .failure(call.unanswered(.connectionLost, message)))
        }
        if isShuttingDown {
            failWaiting(RedisError(.closed, "the connection to \(endpoint) was closed"))
            completeShutdown()
            return
        }
        environment.logger.debug("A connection ended", metadata: ["endpoint": "\(endpoint)", "reason": "\(reason)"])
        let delay: Duration
        if wasActive {
            observer?.laneDidDisconnect(reason)
            delay = pause.lost(random: environment.random())
        } else {
            // Nothing can be had for now: nobody is kept waiting for it.
            failure = RedisError(reason.code == .connectionLost ? .unavailable : reason.code, reason.message)
            failWaiting(failure ?? reason)
            observer?.laneDidFail(reason)
            delay = pause.failed(random: environment.random())
        }
        pauseTimer = eventLoop.scheduleTask(in: TimeAmount(delay)) {
            if self.phase == .pausing { self.connect() }
        }
    }

    private func failWaiting(_ error: RedisError) {
        let calls = waiting
        waiting = []
        for call in calls { finish(call, .failure(error)) }
    }

    private func describe(_ error: any Error) -> RedisError {
        if let error = error as? RedisError { return error }
        if let error = error as? NIOConnectionError {
            let reason =
                error.connectionErrors.first.map { "\($0.error)" } ?? "the name \(error.host) can't be resolved"
            return RedisError(.unavailable, "\(endpoint) can't be reached: \(reason)")
        }
        if error is ChannelError, case .connectTimeout = error as? ChannelError {
            return RedisError(.unavailable, "\(endpoint) didn't answer within \(configuration.connectTimeout)")
        }
        return RedisError(.unavailable, "\(endpoint) can't be reached: \(error)")
    }

    /// Ends the lane: takes no more calls, waits for answers that are due, closes the connection.
    ///
    /// - Parameter grace: How long to wait for answers.
    func shutdown(grace: Duration) async {
        let promise = eventLoop.makePromise(of: Void.self)
        eventLoop.execute {
            self.shutdownPromises.append(promise)
            self.beginShutdown(grace)
        }
        try? await promise.futureResult.get()
    }

    private func beginShutdown(_ grace: Duration) {
        guard !isShuttingDown else {
            if phase == .closed { completeShutdown() }
            return
        }
        isShuttingDown = true
        failWaiting(RedisError(.closed, "the client was shut down"))
        pauseTimer?.cancel()
        switch phase {
        case .idle, .pausing, .closed:
            phase = .closed
            completeShutdown()
        case .connecting:
            if channel == nil {
                // The channel, should there be one yet, is closed by `channelIsActive`.
                phase = .closed
                completeShutdown()
            } else {
                close(RedisError(.closed, "the client was shut down"))
            }
        case .active:
            guard flight.waiterCount > 0 else {
                close(RedisError(.closed, "the client was shut down"))
                return
            }
            eventLoop.scheduleTask(in: TimeAmount(grace)) {
                self.close(RedisError(.closed, "the client was shut down"))
            }
        }
    }

    private func completeShutdown() {
        for timer in [connectTimer, pauseTimer, deadlineCheck?.task] { timer?.cancel() }
        let promises = shutdownPromises
        shutdownPromises = []
        for promise in promises { promise.succeed() }
    }
}
