import Logging
import NIOCore
import StrataRESP
import StrataTiering

/// The stream of invalidations of one shard: a connection of its own to its primary, with tracking on, that is made again for as
/// long as the stream isn't stopped, and through which a canary flies.
///
/// A canary is a key of this stream that it sets on the connection that must report it. It measures how long a report takes, and
/// shows that reports come at all; one that doesn't come back within the heartbeat's timeout ends the connection.
///
/// `@unchecked Sendable`: everything that varies is touched only on the lane's event loop.
final class ShardStream: LaneObserver, @unchecked Sendable {
    /// What the streams of one call of `observeInvalidations` have in common.
    struct Context: Sendable {
        var prefixes: TrackingPrefixes
        var environment: LaneEnvironment
        var live: LiveStreams
        var nextEpoch: @Sendable () -> UInt64
        var receive: @Sendable (InvalidationEvent) -> Void
        /// Something is wrong with the primary of a shard: perhaps there is another by now.
        var onTrouble: @Sendable (ShardID, String) -> Void
        /// The server can't track keys.
        var onUnsupported: @Sendable (RedisError) -> Void
    }

    let shard: ShardID
    let endpoint: RedisEndpoint
    private let context: Context
    private let token: String
    private var canaryKey: [UInt8]?
    private let eventLoop: any EventLoop
    private var lane: ConnectionLane?

    private var isConnected = false
    private var isStopped = false
    private var canaryTask: RepeatedTask?
    private var canarySent: NIODeadline?
    private var canaryNumber = 0

    /// A stream that ``start()`` begins; `canarySlot` is a slot of the shard, `nil` if it has none, and `token` names its canary.
    init(
        _ shard: ShardID, at endpoint: RedisEndpoint, canarySlot: Int?, token: [UInt8], on eventLoop: any EventLoop,
        context: Context
    ) {
        self.shard = shard
        self.endpoint = endpoint
        self.context = context
        self.eventLoop = eventLoop
        self.token = String(decoding: token, as: UTF8.self)
        canaryKey = canarySlot.map { StoreKeys.canary(slot: HashSlot($0), process: self.token) }
        lane = ConnectionLane(
            endpoint, on: eventLoop, environment: context.environment, setup: [context.prefixes.command], observer: self
        )
    }

    func start() {
        eventLoop.execute { self.lane?.start() }
    }

    /// Lets the canary fly through another slot, because the one it had went to another shard; `nil` for through none.
    func moveCanary(to slot: Int?) {
        eventLoop.execute {
            self.canaryKey = slot.map { StoreKeys.canary(slot: HashSlot($0), process: self.token) }
            guard self.isConnected else { return }
            self.stopCanary()
            self.startCanary()
        }
    }

    /// Ends the stream; nothing is reported afterwards.
    func stop(_ reason: String) async {
        let lane = try? await eventLoop.submit { () -> ConnectionLane? in
            self.isStopped = true
            self.stopCanary()
            if self.isConnected {
                self.isConnected = false
                self.context.live.remove(self)
                self.context.receive(.disconnected(self.shard, reason: reason))
            }
            defer { self.lane = nil }
            return self.lane
        }.get()
        await lane?.shutdown(grace: .zero)
    }

    /// Reports an event that happened elsewhere, between those of the server.
    func report(_ event: InvalidationEvent) {
        eventLoop.execute {
            if self.isConnected { self.context.receive(event) }
        }
    }

    func laneDidConnect(_ information: ServerInformation) {
        guard !isStopped else { return }
        isConnected = true
        context.live.add(self, shard, context.prefixes)
        context.receive(.connected(shard, epoch: context.nextEpoch()))
        startCanary()
    }

    func laneDidDisconnect(_ reason: RedisError) {
        stopCanary()
        guard isConnected else { return }
        isConnected = false
        context.live.remove(self)
        context.receive(.disconnected(shard, reason: reason.description))
        context.onTrouble(shard, reason.description)
    }

    func laneDidFail(_ reason: RedisError) {
        if reason.code == .unsupported {
            context.onUnsupported(reason)
        } else {
            context.onTrouble(shard, reason.description)
        }
    }

    func laneDidReceive(_ push: [RESPValue]) {
        guard isConnected else { return }
        switch InvalidationPush(push) {
        case .unrelated: break
        case .everything: context.receive(.everything(shard))
        case .keys(let keys): received(keys)
        }
    }

    private func received(_ keys: [[UInt8]]) {
        var reported: [[UInt8]] = []
        for key in keys {
            if StoreKeys.isCanary(key) {
                if key == canaryKey { canaryReturned() }
            } else if let leased = StoreKeys.leased(by: key) {
                if context.prefixes.isObserved(leased) { leaseChanged(key, of: leased) }
            } else if context.prefixes.isObserved(key) {
                reported.append(key)
            }
        }
        if !reported.isEmpty { context.receive(.keys(shard, reported)) }
    }

    /// Reports the end of a lease.
    ///
    /// The server says that the lease changed, not how: whether it was taken or has ended. Where it is there, it was taken, or taken
    /// again by somebody else, whose end will be reported.
    private func leaseChanged(_ lease: [UInt8], of key: [UInt8]) {
        ask([Array("EXISTS".utf8), lease]) { stream, reply in
            if reply?.integer != 1 { stream.context.receive(.leases(stream.shard, [key])) }
        }
    }

    /// Sends a command on the stream's own connection; the reply is `nil` if there is none.
    private func ask(_ command: [[UInt8]], _ body: @escaping (ShardStream, RESPValue?) -> Void) {
        let call = RedisCall([command], effect: .idempotent, deadline: .distantFuture)
        call.onCompletion { [weak self] outcome in
            guard let self, self.isConnected else { return }
            body(self, try? outcome.get().first)
        }
        lane?.submit(call)
    }

    private func startCanary() {
        guard let interval = context.environment.configuration.canaryInterval, canaryKey != nil else { return }
        canarySent = nil
        canaryTask = eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: TimeAmount(interval)) { [weak self] _ in
            self?.sendCanary()
        }
    }

    private func stopCanary() {
        canaryTask?.cancel()
        canaryTask = nil
    }

    private func sendCanary() {
        guard isConnected, let canaryKey else { return }
        if let canarySent {
            let limit = context.environment.configuration.heartbeatTimeout
            if NIODeadline.now() - canarySent > TimeAmount(limit) {
                lane?.close(RedisError(.unavailable, "\(endpoint) didn't report the canary within \(limit)"))
            }
            return
        }
        canarySent = .now()
        canaryNumber += 1
        let command = [Array("SET".utf8), canaryKey, Array(String(canaryNumber).utf8)] + ["PX", "60000"].bytes
        ask(command) { stream, reply in stream.canaryAnswered(reply) }
    }

    private func canaryAnswered(_ reply: RESPValue?) {
        guard let reply, let code = reply.errorCode else { return }
        canarySent = nil
        switch code {
        case "MOVED", "ASK", "READONLY", "CLUSTERDOWN", "TRYAGAIN", "LOADING", "MASTERDOWN":
            context.onTrouble(shard, reply.errorMessage ?? code)
        case "OOM", "MISCONF":
            break
        default:
            stopCanary()
            context.environment.logger.warning(
                "A canary can't be sent: the lag of invalidations isn't measured",
                metadata: ["endpoint": "\(endpoint)", "reason": "\(reply.errorMessage ?? "")"])
        }
    }

    private func canaryReturned() {
        guard let sent = canarySent else { return }
        canarySent = nil
        context.receive(.canary(shard, lag: .nanoseconds((NIODeadline.now() - sent).nanoseconds)))
    }
}
