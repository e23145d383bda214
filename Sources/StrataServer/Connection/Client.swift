import NIOCore
import Strata
import StrataRESP
import Synchronization

/// One connected client: what it has selected, agreed on and queued.
///
/// Belongs to its event loop. Other threads may use ``identifier``, ``status``, ``labels``, ``isDirty`` and ``deliver(_:)``.
final class Client: @unchecked Sendable {
    // Reason for `@unchecked`: members that other threads may use are constants, counters or locked; all others are the event loop's.

    /// Reasons for the dispatcher to look closer at a request.
    ///
    /// None is set for most clients most of the time.
    struct Gate: OptionSet {
        let rawValue: UInt8

        /// The client has not sent the password yet.
        static let unauthenticated = Gate(rawValue: 1 << 0)
        /// `MULTI` was sent: commands are queued.
        static let inTransaction = Gate(rawValue: 1 << 1)
        /// The client subscribed to something in RESP2, where only few commands can follow.
        static let subscribed = Gate(rawValue: 1 << 2)
        /// Keys the client reads are remembered.
        static let tracking = Gate(rawValue: 1 << 3)
        /// Replies are held back.
        static let silenced = Gate(rawValue: 1 << 4)
        /// `CLIENT CACHING` was sent and counts for the next command.
        static let caching = Gate(rawValue: 1 << 5)
    }

    /// Which replies the client wants.
    enum ReplyMode {
        /// All.
        case on
        /// None until it says otherwise.
        case off
        /// All but that of the command in execution.
        case skipping
        /// All but that of the next command.
        case skipNext
    }

    /// A number that no other client of this server ever had; numbers ascend.
    let identifier: UInt64
    /// What other threads may read about the client.
    let status: ClientStatus
    /// Texts the client calls itself by.
    let labels = Locked(ClientLabels())
    /// Whether a watched key has changed.
    ///
    /// Writers: any thread that changes a key, under the key's lock. Reader: the client's event loop, under the
    /// same lock, which orders the two.
    let isDirty = Atomic<Bool>(false)

    /// The event loop's share of the server.
    ///
    /// Outlives the client.
    unowned(unsafe) let worker: Worker
    var channelContext: ChannelHandlerContext?
    /// The connection's socket, if replies may go to it directly; `nil` as soon as the connection may be closed.
    var socket: NIOBSDSocket.Handle?
    /// How many writes wait in the channel for the socket to take more.
    var queuedWriteCount = 0

    var gate: Gate = []
    var replyMode = ReplyMode.on
    var parser = RESPRequestParser()
    var input = InputBuffer()
    var transaction: Transaction?
    var watchedKeys: [WatchedKey] = []
    var tracking: TrackingOptions?
    var channels: Set<[UInt8]> = []
    var patterns: Set<[UInt8]> = []
    /// Set while requests wait in ``input`` because clients are paused, or until a reply is due.
    var isSuspended = false
    /// Set while requests were looked ahead at and not yet received: what comes behind them has to wait.
    var isLookedAhead = false
    /// Set once nothing more is to be read from the client.
    var isClosing = false
    /// Set while the transport holds more unsent bytes than its high-water mark.
    var isBacklogged = false
    /// Since when, in ticks, more is unsent than the soft limit allows; `nil` while it isn't.
    var overSoftLimitSince: Int64?
    /// Whether reads leave the age and frequency of keys as they are.
    var isNoTouch = false
    /// Whether messages wait in the outbox.
    ///
    /// Released by whoever leaves one; acquired by the event loop, which looks before it carries out requests.
    let hasMessages = Atomic<Bool>(false)
    /// Messages from other threads, encoded, until the event loop takes them.
    private let outbox = Locked<[UInt8]>([])

    /// Creates a client in its initial state.
    init(identifier: UInt64, worker: Worker, remoteAddress: String, localAddress: String, now: Int64) {
        self.identifier = identifier
        self.worker = worker
        status = ClientStatus(remoteAddress: remoteAddress, localAddress: localAddress, createdAt: now)
    }

    /// The selected database.
    var database: Int {
        get { status.database.current }
        set { status.database.set(newValue) }
    }

    /// The protocol's version: 2 or 3.
    var version: Int {
        get { status.version.current }
        set {
            status.version.set(newValue)
            updateSubscribedGate()
        }
    }

    /// How many channels and patterns the client is subscribed to.
    var subscriptionCount: Int { channels.count + patterns.count }

    /// Sets the gate for what was subscribed to and the protocol's version.
    func updateSubscribedGate() {
        status.channels.set(channels.count)
        status.patterns.set(patterns.count)
        if subscriptionCount > 0 && status.version.current < 3 {
            gate.insert(.subscribed)
        } else {
            gate.remove(.subscribed)
        }
        status.set(.subscriber, subscriptionCount > 0)
    }

    /// Sends an encoded message that no request asked for.
    ///
    /// From any thread.
    ///
    /// **Concurrency:** messages of one sender keep their order. They reach the client between replies, never inside one.
    func deliver(_ message: UnsafeRawBufferPointer) {
        if leave(message) { wake() }
    }

    /// Leaves a message without telling the event loop, which finds it before it carries out the client's next request.
    ///
    /// - Returns: Whether the event loop has to be told, by ``wake()``.
    func leave(_ message: UnsafeRawBufferPointer) -> Bool {
        outbox.withLock { outbox in
            defer {
                outbox.append(contentsOf: message)
                hasMessages.store(true, ordering: .releasing)
            }
            return outbox.isEmpty
        }
    }

    /// Lets the event loop send what was left for the client.
    func wake() {
        worker.eventLoop.execute { self.flushOutbox() }
    }

    /// Takes the waiting messages; only on the event loop.
    func takeOutbox() -> [UInt8] {
        outbox.withLock { outbox in
            defer {
                outbox = []
                hasMessages.store(false, ordering: .relaxed)  // relaxed: under the lock of those who set it
            }
            return outbox
        }
    }
}

/// Texts a client calls itself by.
struct ClientLabels {
    /// What `CLIENT SETNAME` said.
    var name: [UInt8] = []
    /// What `CLIENT SETINFO LIB-NAME` said.
    var libraryName: [UInt8] = []
    /// What `CLIENT SETINFO LIB-VER` said.
    var libraryVersion: [UInt8] = []
}
