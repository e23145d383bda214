import Logging
import Strata
import StrataRESP
import StrataRedis
import StrataTiering

/// What a sidecar keeps of the servers behind it: fields of hashes, and replies to reads of one key.
///
/// Everything kept belongs to a key and goes when a change of the key is reported (`CLIENT TRACKING`, broadcasting mode), when this process
/// passes on a command that names it, or at its deadline. Fields are kept under `f` and their name; replies under `r`, the protocol's version
/// and the request.
///
/// **Concurrency:** from any thread.
final class NearCache: Sendable {
    /// The tier it all lies in.
    let tier: LocalTier
    let statistics = SidecarStatistics()
    private let store: RedisStore
    private let clock: TieringClock
    private let logger: Logger
    private let maximumLifetime: Duration
    private let missingLifetime: Duration

    /// Keys and values that are longer aren't kept.
    static let maximumKeyLength = 512
    static let maximumValueLength = 1 << 20

    /// An empty cache for the servers that a store talks to.
    init(_ store: RedisStore, _ configuration: ServerConfiguration, clock: TieringClock, logger: Logger) {
        var tiers = TieredHash.Configuration()
        if configuration.maximumMemory > 0 { tiers.local.maximumBytes = configuration.maximumMemory }
        if let policy = configuration.evictionPolicy { tiers.local.evictionPolicy = policy }
        tier = LocalTier(tiers, clock: clock, epochs: ShardEpochs())
        maximumLifetime = tiers.local.maximumLifetime
        missingLifetime = tiers.local.missingLifetime
        self.store = store
        self.clock = clock
        self.logger = logger
    }

    // MARK: Changes

    /// Takes in what the servers report.
    func receive(_ event: InvalidationEvent) {
        let now = clock.now()
        switch event {
        case .connected(let shard, let epoch):
            tier.epochs.update(shard) { $0.connect(remoteEpoch: epoch, now: now) }
            statistics.add(.streamsConnected)
            logger.info("changes are reported", metadata: ["shard": "\(shard.index)"])
        case .keys(_, let keys):
            statistics.add(.invalidations, keys.count)
            for key in keys { tier.drop(key) }
        case .leases: break
        case .everything(let shard):
            statistics.add(.invalidations)
            tier.epochs.update(shard) { $0.invalidateEverything(now: now) }
        case .canary(let shard, let lag):
            tier.epochs.update(shard) { $0.receiveCanary(lag: lag, now: now) }
            statistics.setLag(lag)
        case .disconnected(let shard, let reason):
            tier.epochs.update(shard) { $0.disconnect(now: now) }
            statistics.add(.streamsLost)
            logger.warning(
                "changes aren't reported; what is kept is served only while the server can't be reached",
                metadata: ["shard": "\(shard.index)", "reason": "\(reason)"])
        }
    }

    /// Forgets a key that somebody is about to change, or has changed.
    func forget(_ key: UnsafeRawBufferPointer) {
        if key.count <= Self.maximumKeyLength { tier.drop([UInt8](key)) }
    }

    /// Forgets all keys.
    func forgetEverything() {
        let now = clock.now()
        for (shard, _) in tier.epochs.all { tier.epochs.update(shard) { $0.invalidateEverything(now: now) } }
    }

    // MARK: Filling

    /// How things stand before a read is sent; `nil` if its answer isn't to be kept.
    func origin(of key: [UInt8]) -> LocalTier.Origin? {
        guard key.count <= Self.maximumKeyLength else { return nil }
        let origin = tier.origin(of: key, on: store.shard(of: key))
        return tier.epochs.isValid(origin.word) ? origin : nil
    }

    /// Whether the servers let fields end before their key does.
    var asksForFieldDeadlines: Bool { store.capabilities.fieldDeadlines }

    /// Keeps a reply as it is, if there is a time to live: what `PTTL` said, in milliseconds.
    func keep(reply: [UInt8], _ name: [UInt8], of key: [UInt8], _ origin: LocalTier.Origin, timeToLive: Int64?) {
        guard reply.count <= Self.maximumValueLength, let deadline = deadline(timeToLive) else { return }
        tier.publish([LocalFill(name: name, content: .value(reply), deadline: deadline)], key, origin)
    }

    /// Keeps fields: names, and values where there are any.
    ///
    /// `lifetimes` is what is left of each field's own time in milliseconds, where it has one; empty if none has. `areAll` says that
    /// these are all fields of the hash.
    func keep(
        fields: [(name: [UInt8], value: [UInt8]?)], of key: [UInt8], _ origin: LocalTier.Origin, timeToLive: Int64?,
        lifetimes: [Int64] = [], areAll: Bool = false
    ) {
        guard let deadline = deadline(timeToLive) else { return }
        let absence = min(deadline, clock.now().advanced(by: missingLifetime))
        var fills: [LocalFill] = []
        for (index, field) in fields.enumerated() where (field.value?.count ?? 0) <= Self.maximumValueLength {
            var end = field.value == nil ? absence : deadline
            if index < lifetimes.count, lifetimes[index] >= 0 {
                end = min(end, clock.now().advanced(by: .milliseconds(lifetimes[index])))
            }
            fills.append(
                LocalFill(
                    name: Self.fieldName(field.name), content: field.value.map { .value($0) } ?? .missing, deadline: end
                ))
        }
        guard !areAll || fills.count == fields.count else { return }
        tier.publish(fills, key, origin, completeUntil: areAll ? deadline : nil)
    }

    /// When something ends whose key has so much time left; `nil` if it isn't worth keeping.
    private func deadline(_ timeToLive: Int64?) -> Instant? {
        guard let timeToLive else { return nil }
        let now = clock.now()
        switch timeToLive {
        case -1: return now.advanced(by: maximumLifetime)
        case ..<0: return now.advanced(by: missingLifetime)
        default: return now.advanced(by: min(maximumLifetime, .milliseconds(timeToLive)))
        }
    }

    // MARK: Names

    static func fieldName(_ field: some Collection<UInt8>) -> [UInt8] { [UInt8(ascii: "f")] + field }

    /// The name that the reply to a request is kept under: the request without its key, the command in capitals.
    static func replyName(_ arguments: RESPArguments, version: Int, into name: inout [UInt8]) {
        name.removeAll(keepingCapacity: true)
        name.append(UInt8(ascii: "r"))
        name.append(UInt8(truncatingIfNeeded: version))
        for byte in arguments[0] {
            name.append(byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") ? byte & 0xdf : byte)
        }
        for index in 2..<max(arguments.count, 2) {
            let argument = arguments[index]
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: argument.count)) { name.append(contentsOf: $0) }
            name.append(contentsOf: argument)
        }
    }

    /// The name that the reply to `GET` is kept under.
    static func getName(version: Int) -> [UInt8] {
        [UInt8(ascii: "r"), UInt8(truncatingIfNeeded: version)] + Array("GET".utf8)
    }
}
