public import Logging
public import NIOCore
public import NIOPosix
import StrataRESP
public import StrataTiering
import Synchronization

/// Hashes in a Redis or Valkey server or cluster, as the second tier.
///
/// - A read is one `MULTI … EXEC` (or, for a whole hash with deadlines of fields, one script): one round trip, one moment. While changes of
///   the key are reported, the commands go without `MULTI`: what comes between them is reported.
/// - A write is one script, with the end of the lease in the same step.
/// - Where the server can't expire fields (Redis before 7.4, Valkey before 9), a field's deadline travels inside its value, made and
///   judged by the server's clock. Such a field ends for every reader at its time; its bytes go when it is written, or with its key.
/// - Leases are keys `strata:lease:{…}key` with a time to live, in the slot of their key; canaries `strata:canary:{…}process`.
/// - Scripts must be allowed (`+@scripting` in an ACL).
///
/// Deadlines of fields are only understood by this store and others of its kind: a value with one inside begins with the bytes
/// `F5 53 54`. Values that begin so by themselves are escaped.
///
/// **Concurrency:** everything here may be called from any task.
public final class RedisStore: RemoteStore {
    /// The client underneath, for everything else one may want to say to the servers.
    public let client: RedisClient
    let clock: TieringClock
    /// Names this store among all others in the world.
    let identity: String
    private let counter = Atomic<UInt64>(0)
    let epochs = Atomic<UInt64>(0)
    /// What is being observed.
    let streams = LiveStreams()

    /// A store over a client of its own.
    ///
    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: Where to and how.
    ///   - clock: What deadlines are given by.
    ///   - eventLoopGroup: What connections run on.
    ///   - logger: Is told about connections at debug level.
    /// - Throws: ``RemoteStoreError/Code/invalidRequest`` if a TLS file can't be used.
    public convenience init(
        _ configuration: RedisConfiguration, clock: TieringClock = .system,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger = Logger(label: "strata.redis") { _ in SwiftLogNoOpLogHandler() }
    ) throws(RemoteStoreError) {
        let client: RedisClient
        do throws(RedisError) {
            client = try RedisClient(configuration, eventLoopGroup: eventLoopGroup, logger: logger)
        } catch {
            throw RemoteStoreError(error)
        }
        self.init(client, clock: clock)
    }

    /// A store over a client that others use as well.
    ///
    /// Whoever made it shuts it down.
    public init(_ client: RedisClient, clock: TieringClock = .system) {
        self.client = client
        self.clock = clock
        var generator = SystemRandomNumberGenerator()
        identity = String(generator.next(), radix: 36) + String(generator.next(), radix: 36)
    }

    /// What the servers can do, by what they have said so far.
    public var capabilities: RemoteCapabilities {
        let isKnown = client.servers.isKnown
        return RemoteCapabilities(fieldDeadlines: client.servers.haveFieldDeadlines, tracking: isKnown, leases: isKnown)
    }

    /// The shards there are now.
    public var shards: [ShardID] {
        guard let cluster = client.cluster else { return [.single] }
        return cluster.topology?.shards.map(\.id) ?? [.single]
    }

    /// The shard that a key lives on now, by the latest layout; ``ShardID/single`` before the first.
    ///
    /// - Complexity: O(length of the key), without a lock.
    public func shard(of key: [UInt8]) -> ShardID {
        guard let cluster = client.cluster, let index = cluster.owners[HashSlot(of: key).number] else { return .single }
        return ShardID(index)
    }

    /// Makes a first connection, so that ``capabilities`` and ``shards`` are known.
    ///
    /// - Throws: ``RemoteStoreError``.
    public func connect(deadline: Instant) async throws(RemoteStoreError) {
        _ = try await commands([["PING"].bytes], effect: .readOnly, key: nil, deadline: deadline)
    }

    /// Ends the connections, after their outstanding answers have come.
    ///
    /// - Parameter grace: How long to wait for answers.
    public func shutdown(grace: Duration = .seconds(5)) async { await client.shutdown(grace: grace) }

    /// A text that no store gives out twice.
    func makeToken() -> [UInt8] {
        Array("\(identity).\(counter.wrappingAdd(1, ordering: .relaxed).newValue)".utf8)
    }
}

extension [String] {
    /// Each as bytes.
    var bytes: [[UInt8]] { map { text in [UInt8](text.utf8) } }
}
