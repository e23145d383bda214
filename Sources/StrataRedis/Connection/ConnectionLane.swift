import Logging
import NIOCore
import NIOPosix
import NIOSSL
import StrataRESP
import StrataTiering
import Synchronization

/// Is told what happens on a lane that carries more than answers.
///
/// Called on the lane's event loop.
protocol LaneObserver: AnyObject, Sendable {
    func laneDidConnect(_ information: ServerInformation)
    func laneDidReceive(_ push: [RESPValue])
    func laneDidDisconnect(_ reason: RedisError)
    /// An attempt to connect failed; the next follows.
    func laneDidFail(_ reason: RedisError)
}

/// What the lanes of a client have in common.
struct LaneEnvironment: Sendable {
    var configuration: RedisConfiguration
    var tls: NIOSSLContext?
    var logger: Logger
    /// A number from 0 to 1.
    var random: @Sendable () -> Double
    /// Is told whenever a connection is ready.
    var onConnect: @Sendable (RedisEndpoint, ServerInformation) -> Void
}

/// One connection to a server for as long as it is wanted, with whatever it takes to have it: connects at first use, logs in,
/// pipelines calls, checks by heartbeat that the link is alive, and connects again when it is lost.
///
/// A call that gives up (deadline, cancellation) is detached and the connection stays. While there is none and none could be made,
/// calls fail at once; while the first or next one is being made, they wait, in bounded number.
///
/// **Invariants**
/// - I1. Everything below `inbox` is touched only on `eventLoop`. (All entry points from elsewhere go through the inbox.)
/// - I2. A call is finished exactly once: it is in the inbox, in `waiting`, or in `flight`, and leaves it when it is finished.
/// - I3. What is in `flight` was written to `channel`, in that order, and nothing else was.
///
/// `@unchecked Sendable`: I1.
final class ConnectionLane: @unchecked Sendable {
    enum Phase {
        case idle
        case connecting
        case active
        case pausing
        case closed
    }

    enum Message {
        case submit(RedisCall)
        case cancel(RedisCall)
    }

    struct Inbox {
        var messages: [Message] = []
        var isScheduled = false
    }

    let eventLoop: any EventLoop
    let endpoint: RedisEndpoint
    let environment: LaneEnvironment
    let handshake: Handshake
    /// Whether one user has it alone, with commands that block and a state that doesn't survive the connection.
    let isSession: Bool
    /// Whether there is a connection.
    ///
    /// A hint for choosing among lanes. Relaxed: nothing hangs on it.
    let isUsable = Atomic<Bool>(false)
    weak let observer: (any LaneObserver)?
    /// How many calls it has: a hint for choosing among lanes.
    ///
    /// Relaxed: nothing hangs on it.
    let load = Atomic<Int>(0)
    private let inbox = Guarded(Inbox())

    var phase = Phase.idle
    var channel: (any Channel)?
    var flight = InFlightQueue<RedisCall>()
    var waiting = CircularBuffer<RedisCall>()
    var output: ByteBuffer?
    var pause: ReconnectPause
    /// Why there is no connection; `nil` while there is one or none was tried yet.
    var failure: RedisError?
    var deadlineCheck: (at: NIODeadline, task: Scheduled<Void>)?
    var connectTimer: Scheduled<Void>?
    var pauseTimer: Scheduled<Void>?
    var heartbeat: RepeatedTask?
    var heartbeatTimer: Scheduled<Void>?
    var hasReceivedSincePing = true
    var isShuttingDown = false
    var shutdownPromises: [EventLoopPromise<Void>] = []

    var configuration: RedisConfiguration { environment.configuration }

    init(
        _ endpoint: RedisEndpoint, on eventLoop: any EventLoop, environment: LaneEnvironment,
        setup: [RedisCommand] = [],
        observer: (any LaneObserver)? = nil, isSession: Bool = false
    ) {
        self.endpoint = endpoint
        self.eventLoop = eventLoop
        self.environment = environment
        self.observer = observer
        self.isSession = isSession
        handshake = Handshake(environment.configuration, extra: setup)
        pause = ReconnectPause(
            first: environment.configuration.reconnectPause, longest: environment.configuration.maximumReconnectPause)
    }

    /// Sends commands as one piece and waits for all their answers.
    ///
    /// **Concurrency:** from any task. Takes a lock for a moment; the first of several callers wakes the event loop.
    ///
    /// - Parameters:
    ///   - commands: What to send, not empty; they lie next to each other on the connection.
    ///   - effect: What repeating all of them would do.
    ///   - deadline: When to give up; the connection isn't affected.
    ///   - isConfirmedByPush: Whether a push message is the answer, as for `SUBSCRIBE`.
    /// - Returns: The answers, one for each command.
    /// - Throws: ``RedisError``.
    func call(
        _ commands: [[[UInt8]]], effect: RedisCommand.Effect, deadline: NIODeadline, isConfirmedByPush: Bool = false
    ) async throws(RedisError) -> [RESPValue] {
        let call = RedisCall(commands, effect: effect, deadline: deadline, isConfirmedByPush: isConfirmedByPush)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<RedisCall.Outcome, Never>) in
                call.onCompletion { continuation.resume(returning: $0) }
                submit(call)
            }
        } onCancel: {
            post(.cancel(call))
        }
        return try outcome.get()
    }

    /// Gives a call to the lane, which tells its completion on the event loop.
    func submit(_ call: RedisCall) {
        load.add(1, ordering: .relaxed)
        post(.submit(call))
    }

    private func post(_ message: Message) {
        let mustSchedule = inbox.withLock { inbox in
            inbox.messages.append(message)
            defer { inbox.isScheduled = true }
            return !inbox.isScheduled
        }
        if mustSchedule { eventLoop.execute { self.drainInbox() } }
    }

    private func drainInbox() {
        let messages = inbox.withLock { inbox in
            inbox.isScheduled = false
            let messages = inbox.messages
            inbox.messages = []
            return messages
        }
        for message in messages {
            switch message {
            case .submit(let call): accept(call)
            case .cancel(let call): cancel(call)
            }
        }
        flush()
    }

    /// Connects now instead of at the first call.
    func start() {
        eventLoop.execute {
            if self.phase == .idle { self.connect() }
        }
    }
}
