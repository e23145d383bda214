import NIOCore
import StrataTiering

/// The streams of invalidations of all shards, which follow the layout of the cluster.
///
/// Used by one task.
struct ShardWatch {
    private let context: ShardStream.Context
    private let group: any EventLoopGroup
    private let makeToken: @Sendable () -> [UInt8]
    private var streams: [ShardID: (stream: ShardStream, canarySlot: Int?)] = [:]
    private var topology: ClusterTopology?

    init(_ context: ShardStream.Context, group: any EventLoopGroup, makeToken: @escaping @Sendable () -> [UInt8]) {
        self.context = context
        self.group = group
        self.makeToken = makeToken
    }

    /// Watches one server.
    mutating func watch(_ endpoint: RedisEndpoint) { start(.single, endpoint, canarySlot: 0) }

    /// Watches the primaries of a layout: ends the streams of those that have left or were replaced, begins those of the new.
    ///
    /// A shard that slots have left reports all its keys as changed: from here on theirs are reported by another.
    mutating func follow(_ next: ClusterTopology) async {
        for id in shardsThatLostSlots(to: next) { streams[id]?.stream.report(.everything(id)) }
        let wanted = Dictionary(uniqueKeysWithValues: next.shards.map { ($0.id, $0) })
        for (id, entry) in streams {
            let shard = wanted[id]
            if let shard, shard.primary == entry.stream.endpoint {
                if let slot = entry.canarySlot, next.shard(ofSlot: slot)?.id == id { continue }
                let slot = shard.slots.first?.lowerBound
                guard slot != entry.canarySlot else { continue }
                entry.stream.moveCanary(to: slot)
                streams[id] = (entry.stream, slot)
                continue
            }
            streams[id] = nil
            await entry.stream.stop(shard == nil ? "the shard left the cluster" : "the shard has another primary")
        }
        for shard in next.shards where streams[shard.id] == nil {
            start(shard.id, shard.primary, canarySlot: shard.slots.first?.lowerBound)
        }
        topology = next
    }

    private func shardsThatLostSlots(to next: ClusterTopology) -> Set<ShardID> {
        guard let topology else { return [] }
        var losers: Set<ShardID> = []
        for slot in 0..<HashSlot.count {
            guard let old = topology.shard(ofSlot: slot)?.id, let new = next.shard(ofSlot: slot)?.id, old != new else {
                continue
            }
            losers.insert(old)
        }
        return losers
    }

    private mutating func start(_ shard: ShardID, _ endpoint: RedisEndpoint, canarySlot: Int?) {
        let stream = ShardStream(
            shard, at: endpoint, canarySlot: canarySlot, token: makeToken(), on: group.next(), context: context)
        streams[shard] = (stream, canarySlot)
        stream.start()
    }

    /// Ends all streams.
    func stop() async {
        await withTaskGroup { group in
            for (stream, _) in streams.values { group.addTask { await stream.stop("observing has ended") } }
        }
    }
}
